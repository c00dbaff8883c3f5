package org.undchain.utilities.storage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * What one has to know to restore an object: its size, its key, and who keeps which shard.
 *
 * <p>Encoded as version:u8 ‖ needed:u8 ‖ count:u8 ‖ size:u64 ‖ key:32 ‖ count × (index:u8 ‖
 * partner:32 ‖ root:32), indexes rising; there is one encoding of each manifest and its length
 * depends on the count alone, so that it can be paid for beforehand.
 */
public record Manifest(ObjectLayout layout, Bytes key, List<Shard> shards) {
  private static final byte VERSION = 1;
  private static final int HEAD_BYTES = 3 + 8 + SegmentCipher.KEY_BYTES;
  private static final int SHARD_BYTES = 1 + NodeId.SIZE + Hash.SIZE;

  /** A shard, the partner that keeps it, and the Merkle root that names it. */
  public record Shard(int index, NodeId partner, Hash root) {}

  public Manifest {
    shards = List.copyOf(shards);
    if (key.size() != SegmentCipher.KEY_BYTES || !isRising(shards, layout.needed())) {
      throw new IllegalArgumentException("no manifest has this key or these shards");
    }
  }

  /** Bytes of a sealed manifest that names {@code count} shards. */
  public static int sealedBytes(int count) {
    return HEAD_BYTES + count * SHARD_BYTES + SegmentCipher.SEAL_BYTES;
  }

  /** The manifest encrypted with a key that has sealed nothing else and never will. */
  public Bytes sealed(Bytes manifestKey) {
    byte[] plain = encoded();
    int room = plain.length + SegmentCipher.SEAL_BYTES;
    return Bytes.wrap(new SegmentCipher(manifestKey).seal(0, plain, plain.length, room));
  }

  /** The manifest in these bytes; empty if the key does not open them or they are malformed. */
  public static Optional<Manifest> opened(Bytes sealed, Bytes manifestKey) {
    if (sealed.size() > sealedBytes(ErasureCode.SHARDS_MAX)) {
      return Optional.empty();
    }
    return new SegmentCipher(manifestKey)
        .open(0, sealed.unsafeArray(), sealed.size())
        .flatMap(Manifest::decoded);
  }

  private byte[] encoded() {
    ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + shards.size() * SHARD_BYTES);
    out.put(VERSION).put((byte) layout.needed()).put((byte) shards.size());
    out.putLong(layout.size()).put(key.unsafeArray());
    for (Shard shard : shards) {
      out.put((byte) shard.index());
      out.put(shard.partner().bytes().unsafeArray()).put(shard.root().bytes().unsafeArray());
    }
    return out.array();
  }

  private static Optional<Manifest> decoded(byte[] plain) {
    if (plain.length < HEAD_BYTES) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(plain);
    int version = in.get();
    int needed = in.get() & 0xff;
    int count = in.get() & 0xff;
    long size = in.getLong();
    Bytes key = bytes(in, SegmentCipher.KEY_BYTES);
    if (version != VERSION
        || needed < 1
        || needed > ErasureCode.SHARDS_MAX
        || in.remaining() != count * SHARD_BYTES
        || size < 0
        || size > ObjectLayout.OBJECT_MAX) {
      return Optional.empty();
    }
    List<Shard> shards = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int index = in.get() & 0xff;
      NodeId partner = new NodeId(bytes(in, NodeId.SIZE));
      shards.add(new Shard(index, partner, new Hash(bytes(in, Hash.SIZE))));
    }
    return isRising(shards, needed)
        ? Optional.of(new Manifest(new ObjectLayout(size, needed), key, shards))
        : Optional.empty();
  }

  private static boolean isRising(List<Shard> shards, int needed) {
    int before = -1;
    for (Shard shard : shards) {
      if (shard.index() <= before || shard.index() >= ErasureCode.SHARDS_MAX) {
        return false;
      }
      before = shard.index();
    }
    return shards.size() >= needed;
  }

  private static Bytes bytes(ByteBuffer in, int length) {
    byte[] taken = new byte[length];
    in.get(taken);
    return Bytes.wrap(taken);
  }

  /** Without the key: a manifest may be printed, its secret must not. */
  @Override
  public String toString() {
    return "Manifest[" + layout + ", " + shards + "]";
  }
}
