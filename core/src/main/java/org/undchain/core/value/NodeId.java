package org.undchain.core.value;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An identity: the 32-byte Ed25519 public key of an account, partner, validator or owner (section
 * 1).
 */
public final class NodeId implements Comparable<NodeId> {
  public static final int SIZE = 32;

  /** Never changed; kept bare, since most of what a validator keeps is these. */
  private final byte[] data;

  /** The first eight bytes: nearly every comparison ends here, without a look at the others. */
  private final long head;

  public NodeId(Bytes bytes) {
    if (bytes.size() != SIZE) {
      throw new IllegalArgumentException("an identity has 32 bytes, not " + bytes.size());
    }
    this.data = bytes.unsafeArray();
    this.head = bytes.longAt(0);
  }

  public Bytes bytes() {
    return Bytes.wrap(data);
  }

  public static NodeId of(ByteString bytes) {
    return new NodeId(Bytes.of(bytes));
  }

  public static NodeId ofHex(String hex) {
    return new NodeId(Bytes.ofHex(hex));
  }

  public ByteString toByteString() {
    return bytes().toByteString();
  }

  public String hex() {
    return bytes().hex();
  }

  @Override
  public int compareTo(NodeId other) {
    int order = Long.compareUnsigned(head, other.head);
    return order != 0 ? order : Arrays.compareUnsigned(data, other.data);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NodeId id && head == id.head && Arrays.equals(data, id.data);
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
