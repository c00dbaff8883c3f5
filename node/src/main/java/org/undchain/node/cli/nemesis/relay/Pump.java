package org.undchain.node.cli.nemesis.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One direction of one connection: reads pieces, keeps each until it is due, and writes it. Two
 * threads, so that many pieces are on their way at a time.
 */
final class Pump {
  private static final int PIECE_BYTES = 16 << 10;

  /** Pieces on their way; whoever sends more waits, as at a full TCP window. */
  private static final int PIECES_MAX = 64;

  /** How long TCP waits before it sends a lost piece again the first time. */
  private static final long RESEND_MILLIS = 200;

  private static final int LOSSES_MAX = 5;
  private static final int PER_MILLE = 1000;

  private final Links links;
  private final Links.Link link;
  private final SocketChannel from;
  private final SocketChannel to;
  private final SplittableRandom random;
  private final Runnable onBroken;
  private final ArrayBlockingQueue<Piece> onTheWay = new ArrayBlockingQueue<>(PIECES_MAX);

  /** Bytes that may arrive from a moment on; none at the end of the stream. */
  private record Piece(byte[] bytes, long dueNanos) {}

  /**
   * @param onBroken the connection is over in both directions
   */
  Pump(
      Links links,
      Links.Link link,
      SocketChannel from,
      SocketChannel to,
      SplittableRandom random,
      Runnable onBroken) {
    this.links = links;
    this.link = link;
    this.from = from;
    this.to = to;
    this.random = random;
    this.onBroken = onBroken;
  }

  void start() {
    Thread.ofVirtual().name("relay-in").start(() -> untilBroken(this::read));
    Thread.ofVirtual().name("relay-out").start(() -> untilBroken(this::write));
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private void untilBroken(Work work) {
    try {
      work.run();
    } catch (IOException broken) {
      onBroken.run();
    } catch (InterruptedException stopping) {
      onBroken.run();
      Thread.currentThread().interrupt();
    }
  }

  private void read() throws IOException, InterruptedException {
    ByteBuffer buffer = ByteBuffer.allocate(PIECE_BYTES);
    while (from.read(buffer.clear()) >= 0) {
      byte[] bytes = Arrays.copyOf(buffer.array(), buffer.position());
      Condition now = links.of(link);
      if (isHit(now.garblePerMille())) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      }
      onTheWay.put(new Piece(bytes, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delay(now))));
    }
    onTheWay.put(new Piece(new byte[0], System.nanoTime()));
  }

  private long delay(Condition now) {
    long millis = now.delayMillis();
    if (now.jitterMillis() > 0) {
      millis += random.nextInt(now.jitterMillis());
    }
    for (int lost = 0; lost < LOSSES_MAX && isHit(now.lossPerMille()); lost++) {
      millis += RESEND_MILLIS << lost;
    }
    return millis;
  }

  private boolean isHit(int perMille) {
    return perMille > 0 && random.nextInt(PER_MILLE) < perMille;
  }

  private void write() throws IOException, InterruptedException {
    while (true) {
      Piece piece = onTheWay.take();
      sleepUntil(piece.dueNanos());
      links.awaitOpen(link);
      if (piece.bytes().length == 0) {
        to.shutdownOutput();
        return;
      }
      int rate = links.of(link).bytesPerSecond();
      if (rate > 0) {
        TimeUnit.NANOSECONDS.sleep(TimeUnit.SECONDS.toNanos(piece.bytes().length) / rate);
      }
      ByteBuffer out = ByteBuffer.wrap(piece.bytes());
      while (out.hasRemaining()) {
        to.write(out);
      }
    }
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }
}
