package org.undchain.node.partner;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.fuzz.Door;
import org.undchain.node.storage.StorageStatus;

/**
 * The other end of a call at the shard door, with the manners of gRPC: it hears what is sent and
 * fails on what gRPC would not send on.
 */
final class HeardCall<T> extends ServerCallStreamObserver<T> {
  private final List<T> heard = new ArrayList<>();
  private int requested;
  private boolean isOver;
  private boolean isCancelled;
  private Optional<Runnable> onReady = Optional.empty();
  private Optional<Runnable> onCancel = Optional.empty();

  /** All messages, in order. */
  List<T> heard() {
    return heard;
  }

  /** Whether the call has ended, whoever ended it. */
  boolean isOver() {
    return isOver || isCancelled;
  }

  /** Takes one of the messages that were asked for; false if none is. */
  boolean takeRequest() {
    if (isOver() || requested == 0) {
      return false;
    }
    requested--;
    return true;
  }

  /** The client is gone. */
  void cancel() {
    isCancelled = true;
    onCancel.ifPresent(Runnable::run);
  }

  @Override
  public void onNext(T message) {
    Door.require(!isOver, "something is said behind the end of a call");
    heard.add(message);
  }

  @Override
  public void onError(Throwable refusal) {
    end();
    Door.require(
        refusal instanceof StatusRuntimeException told
            && Optional.ofNullable(told.getTrailers())
                .filter(trailers -> trailers.containsKey(StorageStatus.REASON))
                .isPresent(),
        "a refusal without a reason: " + refusal);
  }

  @Override
  public void onCompleted() {
    end();
  }

  private void end() {
    Door.require(!isOver, "a call ends twice");
    isOver = true;
  }

  @Override
  public boolean isCancelled() {
    return isCancelled;
  }

  @Override
  public boolean isReady() {
    return !isCancelled;
  }

  @Override
  public void request(int count) {
    requested += count;
  }

  @Override
  public void setOnReadyHandler(Runnable handler) {
    onReady = Optional.of(handler);
  }

  @Override
  public void setOnCancelHandler(Runnable handler) {
    onCancel = Optional.of(handler);
  }

  /** What gRPC does once the service has taken the call. */
  void ready() {
    onReady.ifPresent(Runnable::run);
  }

  @Override
  public void disableAutoRequest() {}

  @Override
  public void disableAutoInboundFlowControl() {}

  @Override
  public void setCompression(String compression) {}

  @Override
  public void setMessageCompression(boolean isOn) {}
}
