package org.undchain.core.value;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/** An immutable byte string, ordered as unsigned bytes. */
public final class Bytes implements Comparable<Bytes> {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  public static final Bytes EMPTY = new Bytes(new byte[0]);
  private final byte[] data;

  private Bytes(byte[] data) {
    this.data = data;
  }

  /** A copy of {@code data}. */
  public static Bytes of(byte[] data) {
    return data.length == 0 ? EMPTY : new Bytes(data.clone());
  }

  /** Takes {@code data} as it is: the caller must not change it any more. */
  public static Bytes wrap(byte[] data) {
    return data.length == 0 ? EMPTY : new Bytes(data);
  }

  /** The bytes of {@code data}, shared where it is one array: neither side ever changes it. */
  public static Bytes of(ByteString data) {
    return data.isEmpty() ? EMPTY : new Bytes(Shared.of(data));
  }

  /** Refuses anything but an even number of hex digits with {@link IllegalArgumentException}. */
  public static Bytes ofHex(String hex) {
    return wrap(HexFormat.of().parseHex(hex));
  }

  public int size() {
    return data.length;
  }

  public boolean isEmpty() {
    return data.length == 0;
  }

  public byte at(int index) {
    return data[index];
  }

  /** Eight bytes from {@code index} on, the most significant first. */
  public long longAt(int index) {
    return (long) LONG.get(data, index);
  }

  /** Bit {@code index}; bit 0 is the most significant bit of byte 0 (R0.7). */
  public int bit(int index) {
    return (data[index >> 3] >> (7 - (index & 7))) & 1;
  }

  public byte[] toByteArray() {
    return data.clone();
  }

  /** The bytes themselves, for reading only: hot paths that hash or verify without a copy. */
  public byte[] unsafeArray() {
    return data;
  }

  public ByteString toByteString() {
    return UnsafeByteOperations.unsafeWrap(data); // neither side ever changes it
  }

  public Bytes slice(int from, int to) {
    return wrap(Arrays.copyOfRange(data, from, to));
  }

  public String hex() {
    return HexFormat.of().formatHex(data);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(data, other.data);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(data, bytes.data);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return size() <= 8 ? hex() : slice(0, 8).hex() + "…";
  }
}
