package org.undchain.core.validator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.undchain.core.consensus.Agreement;
import org.undchain.core.consensus.Agreement.Statement;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.evidence.BrokenPromise;
import org.undchain.core.evidence.InvalidVote;
import org.undchain.core.evidence.LeafProof;
import org.undchain.core.job.LaneHeaders.OpenedStamp;
import org.undchain.core.job.Promises;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.Eligibility;
import org.undchain.core.ledger.PastState;
import org.undchain.core.ledger.State;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Evidence;
import org.undchain.core.message.Header;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * What the votes of one decided height prove by what they are for: a file that lacks what its voter
 * stamped, a skip of a slot it stamped (E4), a header or an entry that no honest validator votes
 * for (E5). Votes of the height go on coming for a while after it is decided, so each is judged
 * when its header is known.
 */
final class HeightEvidence {
  private final Chain chain;
  private final NodeId self;
  private final Agreement agreement;
  private final State before;
  private final Promises promises;
  private final Function<Hash, Optional<OpenedEntry>> contents;
  private final Header decided;
  private final List<Envelope> precommits;
  private final TreeSet<Bytes> judged = new TreeSet<>();
  private final TreeMap<Bytes, List<OpenedStamp>> lacking = new TreeMap<>();

  /**
   * What a height leaves behind.
   *
   * @param before the state that its entries were eligible in
   * @param promises the stamps of its slot and later ones
   */
  record Remains(Agreement agreement, State before, Promises promises, Header decided, Cert qc) {}

  HeightEvidence(
      Chain chain, NodeId self, Remains remains, Function<Hash, Optional<OpenedEntry>> contents) {
    this.chain = chain;
    this.self = self;
    this.agreement = remains.agreement();
    this.before = remains.before();
    this.promises = remains.promises();
    this.contents = contents;
    this.decided = remains.decided();
    this.precommits = agreement.precommits(remains.qc());
  }

  /** The agreement, if it came to its own decision: only then it votes no more. */
  Optional<Agreement> agreement() {
    return agreement.decision().map(decision -> agreement);
  }

  /** What the votes that were not judged yet prove. */
  List<Evidence> judge() {
    List<Evidence> found = new ArrayList<>();
    for (Statement statement : agreement.statements()) {
      NodeId voter = agreement.set().member(statement.member()).id();
      if (!voter.equals(self)) {
        skipped(voter, statement).ifPresent(found::add);
        if (judged.add(Bytes.of(statement.vote().getSig()))) {
          judge(voter, statement, found);
        }
      }
    }
    return found;
  }

  private void judge(NodeId voter, Statement statement, List<Evidence> found) {
    Header header = statement.candidate().header();
    if (!InvalidVote.isSameBase(header, decided)) {
      found.add(InvalidVote.wrongHeader(statement.vote(), header, decided, precommits));
      return;
    }
    if (isPromising(statement)) {
      omitted(voter, statement).ifPresent(found::add);
    }
    if (!header.equals(decided)) {
      ineligible(statement).ifPresent(found::add);
    }
  }

  private static boolean isPromising(Statement statement) {
    return statement.isFirst()
        && statement.candidate().header().getKind() == BlockKind.BLOCK_KIND_NORMAL;
  }

  /** Asked again each time: the stamp may come after the vote. */
  private Optional<Evidence> skipped(NodeId voter, Statement statement) {
    Header header = statement.candidate().header();
    if (!isPromising(statement)) {
      return Optional.empty();
    }
    return promises
        .between(header.getSlot(), header.getNextSlot(), voter)
        .map(stamp ->
            BrokenPromise.skipped(stamp.stamp(), stamp.entryId(), statement.vote(), header));
  }

  private Optional<Evidence> omitted(NodeId voter, Statement statement) {
    Header header = statement.candidate().header();
    List<OpenedStamp> outside =
        lacking.computeIfAbsent(
            Bytes.of(header.getEntriesRoot()),
            root -> promises.outside(header.getSlot(), statement.candidate().ids()));
    return outside.stream()
        .filter(stamp -> stamp.lane().equals(voter))
        .flatMap(stamp -> omitted(stamp, statement).stream())
        .findFirst();
  }

  private Optional<Evidence> omitted(OpenedStamp stamp, Statement statement) {
    Header header = statement.candidate().header();
    return contents
        .apply(stamp.entryId())
        .filter(entry -> isEligible(entry, header.getSlot()))
        .flatMap(entry ->
            PastState.leavesFor(before, entry)
                .map(leaves ->
                    BrokenPromise.omitted(
                        stamp.stamp(),
                        entry.envelope(),
                        statement.vote(),
                        header,
                        file(statement).prove(entry.id()),
                        leaves)));
  }

  private Optional<Evidence> ineligible(Statement statement) {
    Header header = statement.candidate().header();
    for (Hash id : statement.candidate().ids()) {
      Optional<OpenedEntry> entry =
          contents.apply(id).filter(found -> !isEligible(found, header.getSlot()));
      Optional<List<LeafProof>> leaves = entry.flatMap(found -> PastState.leavesFor(before, found));
      if (leaves.isPresent()) {
        return Optional.of(
            InvalidVote.ineligible(
                statement.vote(),
                header,
                entry.orElseThrow().envelope(),
                file(statement).prove(id),
                leaves.get()));
      }
    }
    return Optional.empty();
  }

  private boolean isEligible(OpenedEntry entry, long slot) {
    return Eligibility.check(chain, before, entry, slot).isAccept();
  }

  private static RadixTree<Boolean> file(Statement statement) {
    RadixTree<Boolean> tree = RadixTree.empty();
    for (Hash id : statement.candidate().ids()) {
      tree = tree.withMember(id, true);
    }
    return tree;
  }
}
