package org.undchain.core.message;

import com.google.protobuf.ByteString;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.undchain.core.value.Hash;

/**
 * The chain that signatures are bound to (R0.1). Genesis and its first rules file use {@link
 * #NONE}.
 */
public final class ChainContext {
  public static final ChainContext NONE = new ChainContext(Hash.ZERO, Hash.ZERO);
  private static final int TAG_SIZE = 8;

  private final Hash networkId;
  private final Hash chainId;
  private final ByteString tag;

  public ChainContext(Hash networkId, Hash chainId) {
    this.networkId = networkId;
    this.chainId = chainId;
    this.tag = chainId.bytes().slice(0, TAG_SIZE).toByteString();
  }

  public Hash networkId() {
    return networkId;
  }

  public Hash chainId() {
    return chainId;
  }

  /** First 8 bytes of the chain id, as in every envelope. */
  public ByteString tag() {
    return tag;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ChainContext chain
        && networkId.equals(chain.networkId)
        && chainId.equals(chain.chainId);
  }

  @Override
  public int hashCode() {
    return Objects.hash(networkId, chainId);
  }

  @Override
  public String toString() {
    return "chain " + chainId;
  }
}
