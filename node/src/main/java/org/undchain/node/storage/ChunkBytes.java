package org.undchain.node.storage;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * The bytes of a chunk that was parsed, without another copy: the parser has put them into an array
 * of their own already, which nobody else has.
 */
public final class ChunkBytes {
  private ChunkBytes() {}

  /** For reading only. */
  public static byte[] of(ByteString data) {
    Whole whole = new Whole(data.size());
    try {
      UnsafeByteOperations.unsafeWriteTo(data, whole);
    } catch (IOException impossible) {
      throw new UncheckedIOException("an array takes all bytes", impossible);
    }
    return whole.bytes;
  }

  /** Keeps the array if it comes as one, and else copies its parts together. */
  private static final class Whole extends ByteOutput {
    private final int size;
    private byte[] bytes = new byte[0];
    private int filled;

    private Whole(int size) {
      this.size = size;
    }

    @Override
    public void write(byte value) {
      room()[filled++] = value;
    }

    @Override
    public void write(byte[] value, int offset, int length) {
      System.arraycopy(value, offset, room(), filled, length);
      filled += length;
    }

    @Override
    public void writeLazy(byte[] value, int offset, int length) {
      if (length == size && length == value.length) {
        bytes = value;
      } else {
        write(value, offset, length);
      }
    }

    @Override
    public void write(ByteBuffer value) {
      int length = value.remaining();
      value.get(room(), filled, length);
      filled += length;
    }

    @Override
    public void writeLazy(ByteBuffer value) {
      write(value);
    }

    private byte[] room() {
      if (bytes.length < size) {
        bytes = new byte[size];
      }
      return bytes;
    }
  }
}
