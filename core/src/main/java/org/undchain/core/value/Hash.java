package org.undchain.core.value;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A SHA-256 value, 32 bytes: entry ids, header hashes, roots. Ordered as its bytes. */
public final class Hash implements Comparable<Hash> {
  public static final int SIZE = 32;
  public static final Hash ZERO = new Hash(Bytes.wrap(new byte[SIZE]));

  /** Never changed; kept bare, since most of what a validator keeps is these. */
  private final byte[] data;

  /** The first eight bytes: nearly every comparison ends here, without a look at the others. */
  private final long head;

  public Hash(Bytes bytes) {
    if (bytes.size() != SIZE) {
      throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.size());
    }
    this.data = bytes.unsafeArray();
    this.head = bytes.longAt(0);
  }

  public Bytes bytes() {
    return Bytes.wrap(data);
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
    return bytes().toByteString();
  }

  public String hex() {
    return bytes().hex();
  }

  @Override
  public int compareTo(Hash other) {
    int order = Long.compareUnsigned(head, other.head);
    return order != 0 ? order : Arrays.compareUnsigned(data, other.data);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Hash hash && head == hash.head && Arrays.equals(data, hash.data);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(head);
  }

  @Override
  public String toString() {
    return bytes().toString();
  }
}
