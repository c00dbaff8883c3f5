package org.undchain.core.value;

import com.google.protobuf.ByteString;

/** A SHA-256 value, 32 bytes: entry ids, header hashes, roots. */
public record Hash(Bytes bytes) implements Comparable<Hash> {
  public static final int SIZE = 32;
  public static final Hash ZERO = new Hash(Bytes.wrap(new byte[SIZE]));

  public Hash {
    if (bytes.size() != SIZE) {
      throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.size());
    }
  }

  public static Hash of(ByteString bytes) {
    return new Hash(Bytes.of(bytes));
  }

  public static Hash wrap(byte[] bytes) {
    return new Hash(Bytes.wrap(bytes));
  }

  public static Hash ofHex(String hex) {
    return new Hash(Bytes.ofHex(hex));
  }

  public ByteString toByteString() {
    return bytes.toByteString();
  }

  public String hex() {
    return bytes.hex();
  }

  @Override
  public int compareTo(Hash other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public String toString() {
    return bytes.toString();
  }
}
