package org.undchain.core.message;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.value.Hash;

/** Paths in a radix tree (R0.7) as they travel and as they are checked. */
public final class RadixPaths {
  private static final int BITS_MAX = 8 * Hash.SIZE;

  private RadixPaths() {}

  public static RadixProof encode(RadixTree.Proof path) {
    RadixProof.Builder out = RadixProof.newBuilder().addAllBits(path.bits()).setCount(path.count());
    path.siblings().forEach(hash -> out.addSiblings(hash.toByteString()));
    path.otherKey().ifPresent(key -> out.setOtherKey(key.toByteString()));
    path.otherValue().ifPresent(value -> out.setOtherValue(value.toByteString()));
    return out.build();
  }

  /** The path in a message from outside; empty if no tree has such a one. */
  public static Optional<RadixTree.Proof> decode(RadixProof proof) {
    boolean hasOther = !proof.getOtherKey().isEmpty() || !proof.getOtherValue().isEmpty();
    boolean isSized =
        proof.getBitsCount() <= BITS_MAX
            && proof.getSiblingsList().stream().allMatch(RadixPaths::isHash)
            && (!hasOther || (isHash(proof.getOtherKey()) && isHash(proof.getOtherValue())));
    if (!isSized) {
      return Optional.empty();
    }
    List<Hash> siblings = new ArrayList<>(proof.getSiblingsCount());
    proof.getSiblingsList().forEach(hash -> siblings.add(Hash.of(hash)));
    return Optional.of(
        new RadixTree.Proof(
            proof.getBitsList(),
            siblings,
            proof.getCount(),
            hasOther ? Optional.of(Hash.of(proof.getOtherKey())) : Optional.empty(),
            hasOther ? Optional.of(Hash.of(proof.getOtherValue())) : Optional.empty()));
  }

  private static boolean isHash(ByteString bytes) {
    return bytes.size() == Hash.SIZE;
  }
}
