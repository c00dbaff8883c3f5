package org.undchain.core.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.undchain.core.codec.Canonical;
import org.undchain.core.evidence.LeafProof;
import org.undchain.core.evidence.OldLedger;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.Entry;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Header;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.ValidatorLeaf;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Judges entries by {@link Eligibility} under a state of which only the proven leaves are at hand
 * (E4, E5). That the same code judges is the point: what convicts is what an honest voter computed.
 *
 * <p>Only entries whose judgement reads one or two leaves are judged: TRANSFER, ALIAS and REQUEST.
 * Of the others a promise is not provable here.
 *
 * @param now the state in which the evidence is judged; it knows whose keys are whose
 */
public record PastState(Chain chain, State now) implements OldLedger {

  /** A leaf the judgement of an entry reads. */
  private record Place(Table table, NodeId id) {
    Hash key() {
      return table.key(id.bytes());
    }
  }

  /** The leaves that the judgement of an entry reads, proven; empty if it reads others too. */
  public static Optional<List<LeafProof>> leavesFor(State state, OpenedEntry entry) {
    List<Place> places = placesOf(entry.body(), entry.signer());
    return places.isEmpty()
        ? Optional.empty()
        : Optional.of(
            places.stream()
                .map(place ->
                    new LeafProof(
                        state.leaf(place.table().number(), place.id().bytes()).orElse(Bytes.EMPTY),
                        state.prove(place.table(), place.id().bytes())))
                .toList());
  }

  @Override
  public Optional<Boolean> wasEligible(Header header, Envelope entry, List<LeafProof> leaves) {
    return Envelopes.openEntry(chain.context(), chain.signatures(), entry)
        .good()
        .filter(opened -> header.getPrevStateRoot().size() == Hash.SIZE && header.getSlot() >= 0)
        .flatMap(opened ->
            restore(Hash.of(header.getPrevStateRoot()), opened, leaves)
                .map(
                    state -> Eligibility.check(chain, state, opened, header.getSlot()).isAccept()));
  }

  @Override
  public boolean isQuorum(List<NodeId> consensusKeys) {
    List<NodeId> active = ActiveValidators.of(now, chain);
    TreeSet<NodeId> voters = new TreeSet<>();
    for (NodeId key : consensusKeys) {
      Offenders.ofKey(chain, now, key).filter(active::contains).ifPresent(voters::add);
    }
    return voters.size() >= RunRules.quorum(active.size());
  }

  private Optional<State> restore(Hash root, OpenedEntry entry, List<LeafProof> leaves) {
    List<Place> places = placesOf(entry.body(), entry.signer());
    if (places.isEmpty() || places.size() != leaves.size()) {
      return Optional.empty();
    }
    Draft draft = new Draft(State.empty());
    for (int i = 0; i < places.size(); i++) {
      if (!leaves.get(i).isShown(root, places.get(i).key())
          || !put(draft, places.get(i).table(), leaves.get(i).leaf())) {
        return Optional.empty();
      }
    }
    return Optional.of(draft.view());
  }

  private static boolean put(Draft draft, Table table, Bytes leaf) {
    if (leaf.isEmpty()) {
      return true;
    }
    if (table == Table.VALIDATOR) {
      Optional<ValidatorLeaf> validator = Canonical.decode(ValidatorLeaf.parser(), leaf);
      validator.ifPresent(draft::put);
      return validator.isPresent();
    }
    // The root is only the offender's word: it may stand over sums that no ledger holds.
    Optional<AccountLeaf> account =
        Canonical.decode(AccountLeaf.parser(), leaf)
            .filter(found -> found.getBalance() >= 0 && found.getBond() >= 0);
    account.ifPresent(draft::put);
    return account.isPresent();
  }

  private static List<Place> placesOf(Entry body, NodeId signer) {
    List<Place> places = new ArrayList<>();
    switch (body.getEntryCase()) {
      case TRANSFER, ALIAS -> places.add(new Place(Table.ACCOUNT, signer));
      case REQUEST -> {
        places.add(new Place(Table.ACCOUNT, signer));
        places.add(new Place(Table.VALIDATOR, signer));
      }
      case CANCEL, START, COMPLETE, BEAT, EVIDENCE, ENTRY_NOT_SET -> {}
    }
    return places;
  }
}
