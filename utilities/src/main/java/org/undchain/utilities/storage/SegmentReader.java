package org.undchain.utilities.storage;

import java.util.Arrays;

/**
 * The sealed segments of a source, the same ones however often they are read.
 *
 * <p>If the source changed between two readings, shards of the one would not fit those of the
 * other. So the ends of what the first reading sealed are remembered, and a second one that differs
 * fails before a byte of it is sent.
 */
final class SegmentReader {
  private final ObjectSource source;
  private final ObjectLayout layout;
  private final SegmentCipher cipher;
  private final byte[] plain;
  private final byte[] seals;
  private int sealed;

  SegmentReader(ObjectSource source, ObjectLayout layout, SegmentCipher cipher) {
    this.source = source;
    this.layout = layout;
    this.cipher = cipher;
    this.plain = new byte[(int) Math.min(layout.segmentBytes(), layout.size())];
    this.seals = new byte[layout.segments() * SegmentCipher.SEAL_BYTES];
  }

  Segment read(int index) throws StorageException {
    int length = layout.plainBytes(index);
    source.read(layout.segmentStart(index), plain, length);
    int pieceBytes = layout.pieceBytes(index);
    byte[] bytes = cipher.seal(index, plain, length, layout.needed() * pieceBytes);
    int at = index * SegmentCipher.SEAL_BYTES;
    int end = length + SegmentCipher.SEAL_BYTES;
    if (index == sealed) {
      System.arraycopy(bytes, length, seals, at, SegmentCipher.SEAL_BYTES);
      sealed++;
    } else if (!Arrays.equals(bytes, length, end, seals, at, at + SegmentCipher.SEAL_BYTES)) {
      throw new StorageException(
          StorageReason.SOURCE_CHANGED, "the bytes changed while they were stored");
    }
    return new Segment(index, bytes, pieceBytes);
  }
}
