package org.undchain.core.ledger;

import java.util.Optional;
import org.undchain.core.evidence.Evidences;
import org.undchain.core.message.Evidence;
import org.undchain.core.message.ValidatorLeaf;
import org.undchain.core.value.NodeId;

/** Finds the validator behind a breach by the consensus keys that the state remembers. */
final class Offenders {
  private Offenders() {}

  static Optional<NodeId> of(Chain chain, State state, Evidence evidence) {
    return Evidences.offenderKey(evidence).flatMap(key -> ofKey(chain, state, key));
  }

  static Optional<NodeId> ofKey(Chain chain, State state, NodeId key) {
    for (NodeId id : ActiveValidators.all(chain)) {
      if (state.validator(id).filter(leaf -> isKeyOf(leaf, key)).isPresent()) {
        return Optional.of(id);
      }
    }
    return Optional.empty();
  }

  private static boolean isKeyOf(ValidatorLeaf leaf, NodeId key) {
    return leaf.getConsensusKey().equals(key.toByteString())
        || leaf.getOldConsensusKeysList().contains(key.toByteString());
  }
}
