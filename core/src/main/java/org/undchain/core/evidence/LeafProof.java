package org.undchain.core.evidence;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.message.Evidence;
import org.undchain.core.message.RadixPaths;
import org.undchain.core.message.RadixProof;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * What a state tree held under one key, or that it held nothing, with the path that shows it
 * (R0.7). Travels as two blobs: the canonical leaf, empty if there was none, and the path.
 */
public record LeafProof(Bytes leaf, RadixTree.Proof path) {

  /** Whether the tree of this root holds exactly this under {@code key}. */
  public boolean isShown(Hash root, Hash key) {
    return leaf.isEmpty()
        ? path.showsAbsent(root, key)
        : path.showsMember(root, key, Hashes.sha256(leaf));
  }

  List<ByteString> blobs() {
    return List.of(leaf.toByteString(), Canonical.encode(RadixPaths.encode(path)).toByteString());
  }

  /** The proofs in the blobs from {@code from} to the last; empty if these are none. */
  static Optional<List<LeafProof>> read(Evidence evidence, int from) {
    List<LeafProof> proofs = new ArrayList<>();
    for (int at = from; at + 1 < evidence.getBlobsCount(); at += 2) {
      Bytes leaf = Bytes.of(evidence.getBlobs(at));
      path(evidence, at + 1).ifPresent(path -> proofs.add(new LeafProof(leaf, path)));
    }
    return 2 * proofs.size() == evidence.getBlobsCount() - from
        ? Optional.of(proofs)
        : Optional.empty();
  }

  static Optional<RadixTree.Proof> path(Evidence evidence, int index) {
    return Evidences.read(RadixProof.parser(), evidence, index).flatMap(RadixPaths::decode);
  }
}
