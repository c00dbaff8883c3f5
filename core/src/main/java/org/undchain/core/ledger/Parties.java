package org.undchain.core.ledger;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.undchain.core.codec.Canonical;
import org.undchain.core.message.Contract;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Whom the result of an entry concerns (R6.3): its signer and everybody it names. */
public final class Parties {
  private Parties() {}

  /** Ascending, without repetition. */
  public static List<NodeId> of(State before, OpenedEntry entry) {
    Set<NodeId> parties = new TreeSet<>();
    parties.add(entry.signer());
    switch (entry.body().getEntryCase()) {
      case TRANSFER -> parties.add(NodeId.of(entry.body().getTransfer().getTo()));
      case START ->
          Canonical.decode(
                  Contract.parser(),
                  Bytes.of(entry.body().getStart().getClientContract().getBody()))
              .ifPresent(contract -> {
                parties.add(NodeId.of(contract.getClient()));
                parties.add(NodeId.of(contract.getPartner()));
              });
      case COMPLETE ->
          before
              .seatOfContract(Hash.of(entry.body().getComplete().getContractId()))
              .ifPresent(seat -> {
                parties.add(NodeId.of(seat.getClient()));
                parties.add(NodeId.of(seat.getPartner()));
              });
      case REQUEST, CANCEL, ALIAS, BEAT, EVIDENCE, ENTRY_NOT_SET -> {}
    }
    return List.copyOf(parties);
  }
}
