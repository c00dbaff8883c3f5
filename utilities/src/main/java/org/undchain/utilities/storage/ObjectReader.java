package org.undchain.utilities.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/**
 * Restores an object from any K of its shards, a few segments ahead of what is written, so that
 * memory does not depend on the object.
 *
 * <p>Each piece is proved before it is used; partners that are missing, slow, lying or short of
 * bytes are left out and named.
 */
public final class ObjectReader {
  /** Segments that are fetched at the same time. */
  private static final int AHEAD = 4;

  private final Patience patience;
  private final StorageProgress progress;

  public ObjectReader(Patience patience, StorageProgress progress) {
    this.patience = patience;
    this.progress = progress;
  }

  /** An object that was restored, and the partners that did not do their part. */
  public record Restored(long size, List<Skipped> skipped) {
    public Restored {
      skipped = List.copyOf(skipped);
    }
  }

  /** The manifest that the id names, from whichever of these partners has it. */
  public Manifest manifest(ObjectId id, Collection<ShardSource> sources)
      throws StorageException, InterruptedException {
    SkippedPartners skipped = new SkippedPartners(progress);
    List<ManifestFetch> fetches =
        sources.stream().map(source -> new ManifestFetch(id, source, skipped)).toList();
    try (Threads threads = new Threads()) {
      List<Bytes> found = new Race<>(threads.executor, patience, fetches).first(1);
      if (found.isEmpty()) {
        throw new StorageException(
            StorageReason.NOT_FOUND,
            "none of " + fetches.size() + " partners has the manifest",
            skipped.list());
      }
      return Manifest.opened(found.getFirst(), id.manifestKey())
          .orElseThrow(
              () -> new StorageException(StorageReason.BAD_MANIFEST, "the key does not fit"));
    }
  }

  /**
   * Writes the object to {@code out} from the beginning of segment {@code from} on; what lies
   * before was written by an earlier call.
   */
  public Restored read(
      Manifest manifest, Collection<ShardSource> sources, int from, OutputStream out)
      throws StorageException, InterruptedException, IOException {
    SkippedPartners skipped = new SkippedPartners(progress);
    Map<NodeId, ShardSource> byPartner = new TreeMap<>();
    sources.forEach(source -> byPartner.put(source.partner(), source));
    ShardSupply supply = new ShardSupply(manifest, byPartner, skipped);
    ObjectLayout layout = manifest.layout();
    try (Threads threads = new Threads()) {
      Deque<Future<byte[]>> coming = new ArrayDeque<>();
      int next = from;
      for (int i = from; i < layout.segments(); i++) {
        for (; next < layout.segments() && next < i + AHEAD; next++) {
          coming.add(
              threads.executor.submit(
                  new SegmentFetch(next, manifest, supply, threads.executor, patience)));
        }
        out.write(taken(coming.remove(), skipped));
        progress.advanced(layout.segmentStart(i) + layout.plainBytes(i), layout.size());
      }
    }
    return new Restored(layout.size(), skipped.list());
  }

  private static byte[] taken(Future<byte[]> segment, SkippedPartners skipped)
      throws StorageException, InterruptedException {
    try {
      return segment.get();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof StorageException known) {
        throw new StorageException(
            known.reason(), String.valueOf(known.getMessage()), skipped.list());
      }
      throw new IllegalStateException("fetching a segment broke", failure.getCause());
    }
  }

  /** Threads that are told to stop when their owner has what it wants. */
  private static final class Threads implements AutoCloseable {
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    @Override
    public void close() {
      executor.shutdownNow();
      executor.close();
    }
  }
}
