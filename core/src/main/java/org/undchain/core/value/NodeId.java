package org.undchain.core.value;

import com.google.protobuf.ByteString;

/**
 * An identity: the 32-byte Ed25519 public key of an account, partner, validator or owner (section
 * 1).
 */
public record NodeId(Bytes bytes) implements Comparable<NodeId> {
  public static final int SIZE = 32;

  public NodeId {
    if (bytes.size() != SIZE) {
      throw new IllegalArgumentException("an identity has 32 bytes, not " + bytes.size());
    }
  }

  public static NodeId of(ByteString bytes) {
    return new NodeId(Bytes.of(bytes));
  }

  public static NodeId ofHex(String hex) {
    return new NodeId(Bytes.ofHex(hex));
  }

  public ByteString toByteString() {
    return bytes.toByteString();
  }

  public String hex() {
    return bytes.hex();
  }

  @Override
  public int compareTo(NodeId other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public String toString() {
    return bytes.toString();
  }
}
