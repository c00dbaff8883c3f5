package org.undchain.core.ledger;

import java.util.ArrayList;
import java.util.List;
import org.undchain.core.message.GenesisValidator;
import org.undchain.core.message.ValidatorLeaf;
import org.undchain.core.value.NodeId;

/** The validators the chain knows; until VALIDATOR_JOIN exists they are those of the genesis. */
public final class ActiveValidators {
  private ActiveValidators() {}

  /** Active ones, ascending by id. */
  public static List<NodeId> of(State state, Chain chain) {
    List<NodeId> active = new ArrayList<>();
    for (GenesisValidator validator : chain.genesis().getValidatorsList()) {
      NodeId id = NodeId.of(validator.getId());
      if (state.validator(id).filter(ValidatorLeaf::getActive).isPresent()) {
        active.add(id);
      }
    }
    return active;
  }

  /** All, ascending by id. */
  public static List<NodeId> all(Chain chain) {
    List<NodeId> ids = new ArrayList<>();
    for (GenesisValidator validator : chain.genesis().getValidatorsList()) {
      ids.add(NodeId.of(validator.getId()));
    }
    return ids;
  }
}
