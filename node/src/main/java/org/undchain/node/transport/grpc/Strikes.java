package org.undchain.node.transport.grpc;

/**
 * How much garbage one connection may send: a few at once, since versions differ and bits flip, and
 * one more every while. Used by one thread.
 */
final class Strikes {
  /** Bad envelopes in a row that a connection survives. */
  static final int BURST = 8;

  private static final long FORGIVE_NANOS = 10_000_000_000L;

  private int count;
  private long since;

  Strikes(long nowNanos) {
    since = nowNanos;
  }

  /** Counts one; true if the connection must end. */
  boolean strike(long nowNanos) {
    long forgiven = (nowNanos - since) / FORGIVE_NANOS;
    since += forgiven * FORGIVE_NANOS;
    count = (int) Math.max(0, count - forgiven) + 1;
    return count > BURST;
  }
}
