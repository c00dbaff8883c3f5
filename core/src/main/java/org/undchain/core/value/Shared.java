package org.undchain.core.value;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The array of a byte string: its own where it is one whole array, else a copy. */
final class Shared extends ByteOutput {
  private byte[] data = {};
  private int filled;
  private final int size;

  private Shared(int size) {
    this.size = size;
  }

  static byte[] of(ByteString bytes) {
    Shared shared = new Shared(bytes.size());
    try {
      UnsafeByteOperations.unsafeWriteTo(bytes, shared);
    } catch (IOException never) {
      throw new IllegalStateException("no output is written to", never);
    }
    return shared.data;
  }

  @Override
  public void writeLazy(byte[] piece, int from, int length) {
    if (length == size && piece.length == size) {
      data = piece;
    } else {
      write(piece, from, length);
    }
  }

  @Override
  public void write(byte[] piece, int from, int length) {
    System.arraycopy(piece, from, room(), filled, length);
    filled += length;
  }

  @Override
  public void write(byte piece) {
    room()[filled++] = piece;
  }

  @Override
  public void write(ByteBuffer piece) {
    int length = piece.remaining();
    piece.get(room(), filled, length);
    filled += length;
  }

  @Override
  public void writeLazy(ByteBuffer piece) {
    write(piece);
  }

  private byte[] room() {
    if (data.length == 0) {
      data = new byte[size];
    }
    return data;
  }
}
