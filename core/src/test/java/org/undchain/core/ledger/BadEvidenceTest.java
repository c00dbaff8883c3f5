package org.undchain.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.core.ledger.LedgerFixture.signer;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.crypto.Signer;
import org.undchain.core.evidence.BrokenPromise;
import org.undchain.core.evidence.Evidences;
import org.undchain.core.evidence.InvalidVote;
import org.undchain.core.job.LaneHeaders;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Evidence;
import org.undchain.core.message.Header;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.LanePhase;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Proposal;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Stamp;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Hash;

/**
 * Directed vectors for each code of section 4.7: the whole proof convicts, and with any part of it
 * forged, taken away or from somebody else it is refused with BAD_EVIDENCE.
 */
class BadEvidenceTest {
  private static final VoteType PREVOTE = VoteType.VOTE_TYPE_PREVOTE;
  private static final VoteType PRECOMMIT = VoteType.VOTE_TYPE_PRECOMMIT;

  private final Signer ann = signer("ann");
  private final Signer bob = signer("bob");
  private final Signer liar = signer("consensus0");
  private final LedgerFixture ledger = new LedgerFixture(ann);
  private final OpenedEntry good = ledger.transfer(ann, bob.id(), 7);
  private final OpenedEntry worthless = ledger.transfer(bob, ann.id(), 7); // bob has no account

  @Test
  @Tag("E1")
  @Tag("slow")
  void everyByteOfADoubleVoteMatters() {
    refusesEveryForgery(
        Evidences.ofPair(
            Evidences.DOUBLE_VOTE, vote(liar, PREVOTE, 0, 1), vote(liar, PREVOTE, 0, 2)));
  }

  @Test
  @Tag("E1")
  void votesOfTwoRoundsTypesOrSignersAreNoDoubleVote() {
    Envelope one = vote(liar, PREVOTE, 0, 1);
    refused(Evidences.ofPair(1, one, vote(liar, PREVOTE, 1, 2)));
    refused(Evidences.ofPair(1, one, vote(liar, PRECOMMIT, 0, 2)));
    refused(Evidences.ofPair(1, one, vote(signer("consensus1"), PREVOTE, 0, 2)));
    refused(Evidences.ofPair(1, one, one));
    refused(Evidences.ofPair(1, vote(bob, PREVOTE, 0, 1), vote(bob, PREVOTE, 0, 2)));
  }

  @Test
  @Tag("E1")
  void anEnvelopeOfAKindThatNobodyKnowsProvesNothing() {
    Envelope one = vote(liar, PREVOTE, 0, 1);
    for (int code = Evidences.DOUBLE_VOTE; code <= Evidences.IGNORED_LOCK; code++) {
      for (int kind : new int[] {-1, 0, 99, Integer.MAX_VALUE}) {
        refused(
            Evidences.ofPair(
                code, one, vote(liar, PREVOTE, 0, 2).toBuilder().setKind(kind).build()));
      }
    }
  }

  @Test
  @Tag("E2")
  @Tag("slow")
  void everyByteOfADoubleProposalMatters() {
    refusesEveryForgery(Evidences.ofPair(2, proposal(1, 1), proposal(1, 2)));
    refused(Evidences.ofPair(2, proposal(1, 1), proposal(2, 2)));
    refused(Evidences.ofPair(1, proposal(1, 1), proposal(1, 2)));
  }

  @Test
  @Tag("E3")
  @Tag("slow")
  void everyByteOfALaneForkMatters() {
    refusesEveryForgery(Evidences.ofPair(3, lane(0, 0, good.id()), lane(0, 0, worthless.id())));
    refused(Evidences.ofPair(3, lane(0, 0, good.id()), lane(1, 0, good.id())));
    refused(Evidences.ofPair(3, lane(0, 0, good.id()), lane(0, 1, good.id())));
  }

  @Test
  @Tag("E4")
  @Tag("slow")
  void everyByteOfABrokenPromiseMatters() {
    Header header = header(List.of(worthless.id()));
    refusesEveryForgery(omission(good, header, first(header)));
  }

  @Test
  @Tag("E4")
  void aPromiseIsNotBrokenByAVoteOnAPolNorByAFileThatHoldsItNorForWhatWasNotEligible() {
    Header header = header(List.of(worthless.id()));
    refused(omission(good, header, vote(liar, voteFor(header).setPolRoundPlusOne(1).setRound(1))));
    refused(omission(good, header, vote(liar, voteFor(header).setType(PRECOMMIT))));
    refused(omission(good, header, vote(signer("consensus1"), voteFor(header))));
    Header holding = header(List.of(good.id()));
    refused(omission(good, holding, first(holding)));
    Header without = header(List.of(good.id()));
    refused(omission(worthless, without, first(without)));
    Header later = header.toBuilder().setSlot(1).build();
    refused(omission(good, later, first(later)));
  }

  @Test
  @Tag("E4")
  @Tag("slow")
  void everyByteOfASkippedPromiseMatters() {
    Header skip = header(List.of()).toBuilder().setNextSlot(5).build();
    refusesEveryForgery(BrokenPromise.skipped(stamp(3, good.id()), good.id(), first(skip), skip));
    refused(BrokenPromise.skipped(stamp(5, good.id()), good.id(), first(skip), skip));
    refused(BrokenPromise.skipped(stamp(0, good.id()), good.id(), first(skip), skip));
    refused(BrokenPromise.skipped(stamp(3, good.id()), worthless.id(), first(skip), skip));
  }

  @Test
  @Tag("E5")
  @Tag("slow")
  void everyByteOfAVoteForAnIneligibleEntryMatters() {
    Header header = header(List.of(good.id(), worthless.id()));
    refusesEveryForgery(ineligible(worthless, header, List.of(good.id(), worthless.id())));
    refused(ineligible(good, header, List.of(good.id(), worthless.id())));
    refused(ineligible(worthless, header, List.of(good.id())));
  }

  @Test
  @Tag("E5")
  @Tag("slow")
  void aWrongHeaderNeedsTheQuorumOfTheRightOne() {
    Header decided = header(List.of(good.id()));
    Header wrong = decided.toBuilder().setPrevStateRoot(Hash.ZERO.toByteString()).build();
    refusesEveryForgery(InvalidVote.wrongHeader(first(wrong), wrong, decided, commit(decided, 3)));
    refused(InvalidVote.wrongHeader(first(wrong), wrong, decided, commit(decided, 2)));
    List<Envelope> thrice = List.of(commit(decided, 1).getFirst(), commit(decided, 1).getFirst());
    refused(InvalidVote.wrongHeader(first(wrong), wrong, decided, thrice));
    Header otherFile = header(List.of());
    refused(InvalidVote.wrongHeader(first(otherFile), otherFile, decided, commit(decided, 4)));
    Header lower = wrong.toBuilder().setHeight(1).build();
    refused(
        InvalidVote.wrongHeader(
            vote(liar, voteFor(lower).setHeight(1)), lower, decided, commit(decided, 4)));
  }

  @Test
  @Tag("E6")
  @Tag("slow")
  void everyByteOfAnIgnoredLockMatters() {
    refusesEveryForgery(
        Evidences.ofPair(6, vote(liar, PRECOMMIT, 0, 1), vote(liar, PREVOTE, 1, 2)));
  }

  @Test
  @Tag("E6")
  @Tag("T13")
  void aLockThatANewerPolOpenedOrANilVoteIsNoBreach() {
    Envelope lock = vote(liar, PRECOMMIT, 0, 1);
    Vote.Builder onPol = ballot(PREVOTE, 2, 2).setPolRoundPlusOne(2);
    refused(Evidences.ofPair(6, lock, vote(liar, onPol)));
    refused(Evidences.ofPair(6, lock, vote(liar, ballot(PREVOTE, 1, 2).clearValue())));
    refused(Evidences.ofPair(6, lock, vote(liar, PREVOTE, 1, 1)));
    refused(Evidences.ofPair(6, lock, vote(liar, PREVOTE, 0, 2)));
  }

  @Test
  void onlyValidatorsHandInEvidence() {
    Evidence proven = Evidences.ofPair(1, vote(liar, PREVOTE, 0, 1), vote(liar, PREVOTE, 0, 2));
    assertThat(codeOf(ann, proven)).isEqualTo(RejectCode.REJECT_CODE_NOT_AUTHORISED);
  }

  // ------------------------------------------------------------------- asserting

  private void refusesEveryForgery(Evidence evidence) {
    assertThat(codeOf(signer("validator1"), evidence))
        .as("the whole proof")
        .isEqualTo(RejectCode.REJECT_CODE_UNSPECIFIED);
    for (int blob = 0; blob < evidence.getBlobsCount(); blob++) {
      byte[] bytes = evidence.getBlobs(blob).toByteArray();
      for (int at = 0; at < bytes.length; at += Math.max(1, bytes.length / 40)) {
        bytes[at] ^= 1;
        refused(evidence.toBuilder().setBlobs(blob, ByteString.copyFrom(bytes)).build());
        bytes[at] ^= 1;
      }
      List<ByteString> fewer = new ArrayList<>(evidence.getBlobsList());
      fewer.remove(blob);
      refused(evidence.toBuilder().clearBlobs().addAllBlobs(fewer).build());
    }
    for (int code = 0; code < 9; code++) {
      if (code != evidence.getCode()) {
        refused(evidence.toBuilder().setCode(code).build());
      }
    }
  }

  private void refused(Evidence evidence) {
    assertThat(codeOf(signer("validator1"), evidence))
        .isEqualTo(RejectCode.REJECT_CODE_BAD_EVIDENCE);
  }

  private RejectCode codeOf(Signer reporter, Evidence evidence) {
    OpenedEntry entry = ledger.seal(reporter, evidence.toBuilder().setValidTo(16).build());
    return Eligibility.check(ledger.chain, ledger.state, entry, 0)
            instanceof Verdict.Reject(RejectCode why, String detail)
        ? why
        : RejectCode.REJECT_CODE_UNSPECIFIED;
  }

  // --------------------------------------------------------------------- making

  private Evidence omission(OpenedEntry entry, Header header, Envelope vote) {
    return BrokenPromise.omitted(
        stamp(0, entry.id()),
        entry.envelope(),
        vote,
        header,
        file(header).prove(entry.id()),
        PastState.leavesFor(ledger.state, entry).orElseThrow());
  }

  private Evidence ineligible(OpenedEntry entry, Header header, List<Hash> ids) {
    return InvalidVote.ineligible(
        first(header),
        header,
        entry.envelope(),
        tree(ids).prove(entry.id()),
        PastState.leavesFor(ledger.state, entry).orElseThrow());
  }

  /** The files of these tests have one of two entries, or both. */
  private RadixTree<Boolean> file(Header header) {
    for (List<Hash> ids : List.of(List.of(good.id()), List.of(worthless.id()))) {
      if (tree(ids).root().toByteString().equals(header.getEntriesRoot())) {
        return tree(ids);
      }
    }
    throw new IllegalArgumentException("no such file");
  }

  private Header header(List<Hash> ids) {
    return Header.newBuilder()
        .setVersion(1)
        .setKind(BlockKind.BLOCK_KIND_NORMAL)
        .setHeight(9)
        .setSlot(0)
        .setNextSlot(1)
        .setPrevStateRoot(ledger.state.root().toByteString())
        .setEntriesRoot(tree(ids).root().toByteString())
        .setEntryCount(ids.size())
        .build();
  }

  private static RadixTree<Boolean> tree(List<Hash> ids) {
    RadixTree<Boolean> tree = RadixTree.empty();
    for (Hash id : ids) {
      tree = tree.withMember(id, true);
    }
    return tree;
  }

  private List<Envelope> commit(Header header, int voters) {
    List<Envelope> votes = new ArrayList<>();
    for (int i = 0; i < voters; i++) {
      votes.add(vote(signer("consensus" + i), voteFor(header).setType(PRECOMMIT)));
    }
    return votes;
  }

  private Envelope first(Header header) {
    return vote(liar, voteFor(header));
  }

  private static Vote.Builder voteFor(Header header) {
    return Vote.newBuilder()
        .setHeight(9)
        .setType(PREVOTE)
        .setValue(Hashes.sha256(Canonical.encode(header)).toByteString());
  }

  private static Vote.Builder ballot(VoteType type, int round, int value) {
    return Vote.newBuilder()
        .setHeight(9)
        .setRound(round)
        .setType(type)
        .setValue(Hashes.tagged("value" + value).toByteString());
  }

  private Envelope vote(Signer by, VoteType type, int round, int value) {
    return vote(by, ballot(type, round, value));
  }

  private Envelope vote(Signer by, Vote.Builder vote) {
    return seal(by, EnvelopeKind.ENVELOPE_KIND_VOTE, WireMessage.VOTE_FIELD_NUMBER, vote.build());
  }

  private Envelope proposal(int round, int version) {
    Proposal proposal =
        Proposal.newBuilder()
            .setHeight(9)
            .setRound(round)
            .setHeader(Header.newBuilder().setVersion(version))
            .build();
    return seal(
        liar, EnvelopeKind.ENVELOPE_KIND_MESSAGE, WireMessage.PROPOSAL_FIELD_NUMBER, proposal);
  }

  private Stamp stamp(long slot, Hash id) {
    return Stamp.newBuilder().setHeader(lane(slot, 0, id)).setFirstHand(true).build();
  }

  private Envelope lane(long slot, long seq, Hash id) {
    LaneHeader header =
        LaneHeader.newBuilder()
            .setSlot(slot)
            .setLane(signer("validator0").id().toByteString())
            .setSeq(seq)
            .setPhase(LanePhase.LANE_PHASE_ADMIT)
            .setIdsRoot(MerkleList.root(List.of(LaneHeaders.leaf(id, true))).toByteString())
            .setIdCount(1)
            .setTotalCount(1)
            .build();
    return seal(
        liar, EnvelopeKind.ENVELOPE_KIND_LANE_HEADER, WireMessage.LANE_BATCH_FIELD_NUMBER, header);
  }

  private Envelope seal(Signer by, EnvelopeKind kind, int type, Message body) {
    return Envelopes.seal(ledger.chain.context(), by, kind, type, 0, body);
  }
}
