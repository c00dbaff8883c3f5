package org.undchain.utilities.storage;

import org.undchain.core.value.Bytes;

/** Asking one partner for the sealed manifest, which is a shard of one piece. */
final class ManifestFetch implements Race.Runner<Bytes> {
  private final ObjectId id;
  private final ShardSource source;
  private final SkippedPartners skipped;

  ManifestFetch(ObjectId id, ShardSource source, SkippedPartners skipped) {
    this.id = id;
    this.source = source;
    this.skipped = skipped;
  }

  @Override
  public Bytes run() throws StorageException, InterruptedException {
    ProvenPiece piece = source.read(id.manifestRoot(), 0);
    if (!piece.proves(id.manifestRoot(), piece.bytes().length, 0)) {
      throw new StorageException(StorageReason.LYING, "the manifest is not the one kept");
    }
    return Bytes.wrap(piece.bytes());
  }

  /** That a partner has never had the manifest is no fault of its. */
  @Override
  public void failed(StorageReason reason, String detail) {
    if (reason != StorageReason.NOT_FOUND) {
      skipped.add(new Skipped(source.partner(), reason, detail));
    }
  }
}
