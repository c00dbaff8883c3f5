package org.undchain.utilities.storage;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Stores an object: seals it, spreads it over partners, replaces those that fail, and leaves the
 * manifest with every one of them.
 *
 * <p>Memory depends on the number of partners and not on the object.
 */
public final class ObjectWriter {
  private final int needed;
  private final Patience patience;
  private final SecureRandom random;
  private final StorageProgress progress;

  /** A writer of objects that any {@code needed} partners restore. */
  public ObjectWriter(
      int needed, Patience patience, SecureRandom random, StorageProgress progress) {
    this.needed = needed;
    this.patience = patience;
    this.random = random;
    this.progress = progress;
  }

  /**
   * An object that is stored.
   *
   * @param holders partners that acknowledged shard and manifest: any {@code needed} of these
   *     restore the object
   * @param skipped partners that did not do their part
   */
  public record Stored(
      ObjectId id, Manifest manifest, List<NodeId> holders, List<Skipped> skipped) {
    public Stored {
      holders = List.copyOf(holders);
      skipped = List.copyOf(skipped);
    }
  }

  /** Bytes that a partner has to take for one object spread over {@code doors} partners. */
  public static long bytesPerPartner(long size, int needed, int doors) {
    return new ObjectLayout(size, needed).shardBytes() + Manifest.sealedBytes(doors);
  }

  /**
   * Puts its shard behind each door; the spares stand in for partners that fail. Succeeds if more
   * than {@code needed} partners hold all that is theirs.
   */
  public Stored store(ObjectSource source, List<ShardDoor> doors, List<ShardDoor> spares)
      throws StorageException, InterruptedException {
    return store(source, freshKey(random), doors, spares);
  }

  /**
   * As above with a key of the caller's, who stores again what was cut off: the same source gives
   * the same shards, and what partners have of them already is not sent again.
   */
  public Stored store(ObjectSource source, Bytes key, List<ShardDoor> doors, List<ShardDoor> spares)
      throws StorageException, InterruptedException {
    SkippedPartners skipped = new SkippedPartners(progress);
    if (doors.size() <= needed) {
      throw tooFew(doors.size(), skipped);
    }
    ObjectLayout layout = new ObjectLayout(source.size(), needed);
    Spread spread = new Spread(layout, spares, skipped);
    SegmentReader segments = new SegmentReader(source, layout, new SegmentCipher(key));
    ShardPass pass = new ShardPass(segments, layout, patience, progress);
    for (List<ShardWorker> workers = spread.first(doors);
        !workers.isEmpty();
        workers = spread.replacements(doors.size())) {
      pass.run(workers, Math.max(1, needed + 1 - spread.kept() - spread.spares()));
      source.checkUnchanged();
      spread.keep(workers);
    }
    if (spread.kept() <= needed) {
      throw tooFew(spread.kept(), skipped);
    }
    return leaveManifest(new Manifest(layout, key, spread.shards()), spread.doors(), skipped);
  }

  private Stored leaveManifest(
      Manifest manifest, Collection<ShardDoor> doors, SkippedPartners skipped)
      throws StorageException, InterruptedException {
    Bytes manifestKey = freshKey(random);
    Bytes sealed = manifest.sealed(manifestKey);
    Hash root = ShardTree.rootOf(sealed);
    List<NodeId> holders = new ManifestRound(patience, skipped).put(sealed, root, doors);
    if (holders.size() <= needed) {
      throw tooFew(holders.size(), skipped);
    }
    return new Stored(new ObjectId(root, manifestKey), manifest, holders, skipped.list());
  }

  /** A key for {@link #store(ObjectSource, Bytes, List, List)}. */
  public static Bytes freshKey(SecureRandom random) {
    byte[] key = new byte[SegmentCipher.KEY_BYTES];
    random.nextBytes(key);
    return Bytes.wrap(key);
  }

  private StorageException tooFew(int partners, SkippedPartners skipped) {
    return new StorageException(
        StorageReason.TOO_FEW_PARTNERS,
        partners + " partners took a shard, at least " + (needed + 1) + " are asked for",
        skipped.list());
  }

  /** Who makes a shard, and which shards are kept. */
  private static final class Spread {
    private final ObjectLayout layout;
    private final ErasureCode code;
    private final Queue<ShardDoor> spares;
    private final SkippedPartners skipped;
    private final TreeMap<Integer, Manifest.Shard> shards = new TreeMap<>();
    private final TreeMap<Integer, ShardDoor> doors = new TreeMap<>();

    private Spread(ObjectLayout layout, List<ShardDoor> spares, SkippedPartners skipped) {
      this.layout = layout;
      this.code = new ErasureCode(layout.needed(), ErasureCode.SHARDS_MAX);
      this.spares = new ConcurrentLinkedQueue<>(spares);
      this.skipped = skipped;
    }

    private List<ShardWorker> first(List<ShardDoor> chosen) {
      return chosen.stream().map(this::worker).toList();
    }

    /** Workers in place of those that were lost, as far as there are spares. */
    private List<ShardWorker> replacements(int total) {
      List<ShardWorker> workers = new ArrayList<>();
      if (kept() + spares() <= layout.needed()) {
        return workers;
      }
      while (kept() + workers.size() < total && !spares.isEmpty()) {
        workers.add(worker(spares.remove()));
      }
      return workers;
    }

    private void keep(List<ShardWorker> workers) {
      for (ShardWorker worker : workers) {
        ShardDoor door = worker.door();
        worker
            .root()
            .ifPresent(root -> {
              int index = door.shard();
              shards.put(index, new Manifest.Shard(index, door.partner(), root));
              doors.put(index, door);
            });
      }
    }

    private int kept() {
      return shards.size();
    }

    private int spares() {
      return spares.size();
    }

    private List<Manifest.Shard> shards() {
      return List.copyOf(shards.values());
    }

    private Collection<ShardDoor> doors() {
      return doors.values();
    }

    private ShardWorker worker(ShardDoor door) {
      return new ShardWorker(door, layout, code, spares, skipped);
    }
  }
}
