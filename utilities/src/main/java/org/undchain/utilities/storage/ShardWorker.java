package org.undchain.utilities.storage;

import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.undchain.core.value.Hash;

/**
 * Makes one shard of the segments that pass by and sends it to one partner, on a thread of its own.
 *
 * <p>A partner that fails before the first byte is replaced by a spare at once; one that fails
 * later leaves the shard to another pass over the source.
 */
final class ShardWorker implements Runnable {
  /** Segments that may wait for a partner: what bounds the memory of an upload. */
  private static final int WAITING_MAX = 3;

  private final ObjectLayout layout;
  private final ErasureCode code;
  private final Queue<ShardDoor> spares;
  private final SkippedPartners skipped;
  private final BlockingQueue<Segment> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final AtomicReference<ShardDoor> door;
  private volatile boolean isLost;
  private volatile @Nullable Hash root;

  ShardWorker(
      ShardDoor door,
      ObjectLayout layout,
      ErasureCode code,
      Queue<ShardDoor> spares,
      SkippedPartners skipped) {
    this.door = new AtomicReference<>(door);
    this.layout = layout;
    this.code = code;
    this.spares = spares;
    this.skipped = skipped;
  }

  ShardDoor door() {
    return door.get();
  }

  boolean isLost() {
    return isLost;
  }

  /** The root once the partner has the whole shard on disk. */
  Optional<Hash> root() {
    return Optional.ofNullable(root);
  }

  /** Hands a segment over; false if the partner took none for the whole limit. */
  boolean offer(Segment segment, Duration limit) throws InterruptedException {
    return isLost || waiting.offer(segment, limit.toMillis(), TimeUnit.MILLISECONDS) || isLost;
  }

  /** Gives the partner up. */
  void lose(StorageReason reason, String detail) {
    if (!isLost) {
      skipped.add(new Skipped(door().partner(), reason, detail));
      isLost = true;
    }
    waiting.clear();
  }

  @Override
  public void run() {
    try (ShardSink sink = open()) {
      int index = door().shard();
      ShardHasher hasher = new ShardHasher();
      for (int i = 0; i < layout.segments(); i++) {
        Segment segment = waiting.take();
        byte[] piece = code.piece(index, segment.sealed(), segment.pieceBytes());
        hasher.add(piece);
        sink.write(piece);
      }
      sink.finish(hasher.root());
      root = hasher.root();
    } catch (StorageException failure) {
      lose(failure.reason(), String.valueOf(failure.getMessage()));
    } catch (InterruptedException given) {
      isLost = true; // Not the partner's fault: the pass has ended.
    }
  }

  private ShardSink open() throws StorageException, InterruptedException {
    while (true) {
      try {
        return door().open(layout.shardBytes());
      } catch (StorageException failure) {
        ShardDoor spare = spares.poll();
        if (spare == null) {
          throw failure;
        }
        skipped.add(
            new Skipped(door().partner(), failure.reason(), String.valueOf(failure.getMessage())));
        door.set(spare);
      }
    }
  }
}
