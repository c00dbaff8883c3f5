package org.undchain.node.transport.grpc;

import io.grpc.Context;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Ends a stream that sends more bytes than the Hellos need before they are over, while the bytes
 * arrive: gRPC itself would gather a whole message of the largest size first.
 */
final class HelloBudget extends ServerStreamTracer {
  /** Two Hellos and what stands around them. */
  static final long BYTES_MAX = 2L * Connection.HELLO_FRAME_MAX;

  static final Context.Key<HelloBudget> KEY = Context.key("undchain-hello-budget");

  private final AtomicLong left = new AtomicLong(BYTES_MAX);
  private volatile Context.@Nullable CancellableContext stream;

  @Override
  public Context filterContext(Context context) {
    Context.CancellableContext made = context.withValue(KEY, this).withCancellation();
    stream = made;
    return made;
  }

  @Override
  public void inboundWireSize(long bytes) {
    if (left.addAndGet(-bytes) < 0) {
      cancel("too many bytes before the Hello is over");
    }
  }

  /** The Hello is over: from now on the size of a message and the flow control bound the peer. */
  void lift() {
    left.set(Long.MAX_VALUE / 2);
  }

  /** gRPC resets a stream whose context ends by its deadline, and by nothing else. */
  void cancel(String why) {
    Context.CancellableContext cancelled = stream;
    if (cancelled != null) {
      cancelled.cancel(Status.DEADLINE_EXCEEDED.withDescription(why).asRuntimeException());
    }
  }

  @Override
  public void streamClosed(Status status) {
    cancel("the stream is over");
  }
}
