package org.undchain.utilities.storage;

/**
 * How an object of {@code size} bytes is cut: into segments, each sealed on its own and spread as
 * one piece over every shard, any {@code needed} of which restore it.
 *
 * <p>An object of zero bytes is one segment that holds nothing but its seal, so that every size
 * goes the same way.
 */
public record ObjectLayout(long size, int needed) {
  /** Larger objects are refused. */
  public static final long OBJECT_MAX = 10L << 30;

  /** No shard is larger: one that holds a whole object by itself. */
  public static final long SHARD_MAX = OBJECT_MAX + (OBJECT_MAX / 8192);

  public ObjectLayout {
    if (size < 0 || size > OBJECT_MAX) {
      throw new IllegalArgumentException(
          "an object has 0 to " + OBJECT_MAX + " bytes, not " + size);
    }
    if (needed < 1 || needed > ErasureCode.SHARDS_MAX) {
      throw new IllegalArgumentException("no object needs " + needed + " shards");
    }
  }

  /** Plaintext of every segment but the last: with its seal it fills whole pieces. */
  public int segmentBytes() {
    return needed * ShardTree.PIECE_BYTES - SegmentCipher.SEAL_BYTES;
  }

  public int segments() {
    return Math.max(1, Math.toIntExact(Math.ceilDiv(size, (long) segmentBytes())));
  }

  /** Where segment {@code index} begins in the object. */
  public long segmentStart(int index) {
    return (long) index * segmentBytes();
  }

  public int plainBytes(int index) {
    return (int) Math.min(segmentBytes(), size - segmentStart(index));
  }

  public int sealedBytes(int index) {
    return plainBytes(index) + SegmentCipher.SEAL_BYTES;
  }

  /** Bytes of each shard's piece of segment {@code index}; data is filled up with zeros. */
  public int pieceBytes(int index) {
    return Math.ceilDiv(sealedBytes(index), needed);
  }

  /** Bytes of each shard. */
  public long shardBytes() {
    int last = segments() - 1;
    return (long) last * ShardTree.PIECE_BYTES + pieceBytes(last);
  }
}
