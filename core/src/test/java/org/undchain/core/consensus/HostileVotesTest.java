package org.undchain.core.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.core.consensus.Bench.prevote;
import static org.undchain.core.consensus.Bench.value;

import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Cert;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Header;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Proposal;
import org.undchain.core.message.ReconData;
import org.undchain.core.message.ReconFetch;
import org.undchain.core.message.ReconInsist;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** What liars send: each gets a verdict, moves nothing, and takes bounded memory. */
class HostileVotesTest {
  private static final Hash NIL = Ballot.NIL;
  private static final Candidate A = ToyFiles.file("a");
  private static final Candidate B = ToyFiles.file("a", "b");
  private final Committee four = new Committee(4);
  private final int proposer = four.proposer(1);
  private final int me = (proposer + 1) % 4;
  private final int other = (proposer + 2) % 4;

  private Bench bench() {
    Bench bench = new Bench(four, me, new ToyFiles().with("a")).started();
    bench.look();
    return bench;
  }

  private Bench benchInRoundOne() {
    Bench bench = bench();
    bench.precommits(0, NIL, proposer, other, (proposer + 3) % 4);
    bench.look();
    return bench;
  }

  private static Vote.Builder good() {
    return Vote.newBuilder()
        .setHeight(Committee.HEIGHT)
        .setSlot(ToyFiles.SLOT)
        .setRound(1)
        .setType(VoteType.VOTE_TYPE_PREVOTE)
        .setValue(value(A).toByteString());
  }

  @Test
  @Tag("R4.24a")
  void votesThatNoHonestValidatorSendsAreRejected() {
    Map<String, Vote.Builder> wrong = new LinkedHashMap<>();
    wrong.put("no type", good().clearType());
    wrong.put("unknown type", good().setTypeValue(9));
    wrong.put("round of 2^31", good().setRound(Integer.MIN_VALUE));
    wrong.put("value of 31 bytes", good().setValue(ByteString.copyFrom(new byte[31])));
    wrong.put("nil spelled as zeros", good().setValue(Hash.ZERO.toByteString()));
    wrong.put("a POL of the same round", good().setPolRoundPlusOne(2));
    wrong.put("a POL in round 0", good().setRound(0).setPolRoundPlusOne(1));
    wrong.put("a POL round of 2^31", good().setPolRoundPlusOne(Integer.MIN_VALUE));
    wrong.put("nil with a POL", good().clearValue().setPolRoundPlusOne(1));
    wrong.put(
        "a precommit with a POL",
        good().setType(VoteType.VOTE_TYPE_PRECOMMIT).setPolRoundPlusOne(1));
    wrong.forEach((why, vote) -> {
      Bench bench = bench();
      assertThat(bench.vote(four.vote(other, vote.build())))
          .as(why)
          .isInstanceOf(Verdict.Reject.class);
      assertThat(bench.look()).as(why).isEmpty();
    });
  }

  @Test
  @Tag("R4.20")
  void votesOfOtherHeightsSlotsEpochsAndPeriodsAreLeftAside() {
    Map<String, Vote.Builder> elsewhere = new LinkedHashMap<>();
    elsewhere.put("other height", good().setHeight(Committee.HEIGHT + 1));
    elsewhere.put("other slot", good().setSlot(ToyFiles.SLOT + 1));
    elsewhere.put("other epoch", good().setEpoch(1));
    elsewhere.forEach((why, vote) ->
        assertThat(bench().vote(four.vote(other, vote.build())))
            .as(why)
            .isInstanceOf(Verdict.Ignore.class));
    Opened otherPeriod =
        seal(Committee.key(other), EnvelopeKind.ENVELOPE_KIND_VOTE, Committee.PERIOD + 1);
    assertThat(bench().vote(otherPeriod)).isInstanceOf(Verdict.Ignore.class);
  }

  @Test
  @Tag("R0.1")
  void onlyTheConsensusKeysOfTheSetVote() {
    NodeId identity = ToyKeys.id(other);
    NodeId stranger = ToyKeys.id(99);
    for (NodeId key : List.of(identity, stranger)) {
      Opened vote = seal(key, EnvelopeKind.ENVELOPE_KIND_VOTE, Committee.PERIOD);
      assertThat(bench().vote(vote)).isInstanceOf(Verdict.Reject.class);
    }
  }

  private static Opened seal(NodeId key, EnvelopeKind kind, long period) {
    return Committee.open(
        Envelopes.seal(
            Committee.CHAIN,
            ToyKeys.signer(key),
            kind,
            WireMessage.VOTE_FIELD_NUMBER,
            period,
            good().build()));
  }

  @Test
  @Tag("R4.27")
  void oneLiarFarAheadNeitherMovesARoundNorFillsMemory() {
    Bench bench = bench();
    for (int round = 1; round < 5000; round++) {
      bench.prevotes(round, NIL, other);
      bench.precommits(round, value(A), other);
    }
    bench.prevotes(Integer.MAX_VALUE, NIL, other);
    assertThat(bench.agreement.round()).isZero();
    assertThat(bench.vote(four.prevote(other, 4000, value(A)))).isInstanceOf(Verdict.Ignore.class);
    assertThat(bench.agreement.breaches()).as("kept rounds only").isEmpty();
  }

  @Test
  @Tag("R4.24a")
  void theBookForgetsOldRoundsAndKeepsOneBallotPerPlace() {
    VoteBook book = new VoteBook(four.set);
    for (int round = 0; round < 200; round++) {
      book.forgetBefore(round - VoteBook.PAST_ROUNDS);
      for (Hash value : List.of(value(A), value(B), NIL)) {
        book.add(Committee.ballot(other, four.prevote(other, round, value)));
      }
    }
    assertThat(book.allPrevotes()).hasSize(VoteBook.PAST_ROUNDS + 1);
    assertThat(book.allPrevotes().values()).allMatch(votes -> votes.size() == 1);
    assertThat(book.drainBreaches()).as("one conviction per code").hasSize(1);
  }

  @Test
  @Tag("R4.22")
  void proposalsThatNoHonestProposerSendsAreRejectedAndGetNoVote() {
    Proposal whole = four.proposal(1, B).body().getProposal();
    Map<String, Proposal.Builder> wrong = new LinkedHashMap<>();
    wrong.put("no header", whole.toBuilder().clearHeader());
    wrong.put("an id missing", whole.toBuilder().clearIds().addIds(whole.getIds(0)));
    wrong.put("an id twice", whole.toBuilder().setIds(1, whole.getIds(0)));
    wrong.put(
        "ids not ascending",
        whole.toBuilder().setIds(0, whole.getIds(1)).setIds(1, whole.getIds(0)));
    wrong.put("a short id", whole.toBuilder().setIds(0, ByteString.copyFromUtf8("?")));
    wrong.put("other ids", whole.toBuilder().setIds(1, ByteString.copyFrom(filled((byte) -1))));
    wrong.put("POL round without POL", whole.toBuilder().setPolRoundPlusOne(1));
    wrong.put("POL without its round", whole.toBuilder().setPol(four.pol(0, value(B), 0, 1, 2)));
    wrong.put("POL round of the same round", whole.toBuilder().setPolRoundPlusOne(2));
    wrong.put(
        "a count that is no count",
        whole.toBuilder().setHeader(whole.getHeader().toBuilder().setEntryCount(-1)));
    wrong.forEach((why, proposal) -> {
      Bench bench = benchInRoundOne();
      assertThat(bench.proposal(sealed(proposer, proposal.build())))
          .as(why)
          .isInstanceOf(Verdict.Reject.class);
      assertThat(bench.votes()).as(why).isEmpty();
      bench.proposal(four.proposal(1, B));
      assertThat(bench.votes()).as(why).containsExactly(prevote(1, value(B), -1));
    });
  }

  @Test
  @Tag("R4.22")
  void onlyTheProposerOfTheRoundProposes() {
    Bench bench = benchInRoundOne();
    assertThat(bench.proposal(four.proposal(other, 1, B, Optional.empty())))
        .isInstanceOf(Verdict.Reject.class);
    Proposal zero = four.proposal(1, B).body().getProposal().toBuilder().setRound(0).build();
    assertThat(bench.proposal(sealed(four.proposer(0), zero))).isInstanceOf(Verdict.Reject.class);
    assertThat(bench.votes()).isEmpty();
  }

  @Test
  @Tag("R4.23")
  void aProposalWithAForgedPolIsJudgedWithoutIt() {
    Bench bench = benchInRoundOne();
    bench.files.with("z");
    Cert real = four.pol(0, value(B), 0, 1, 2);
    Cert forged = real.toBuilder().setSigs(0, real.getSigs(1)).build();
    bench.proposal(four.proposal(proposer, 1, B, Optional.of(forged)));
    assertThat(bench.votes()).containsExactly(prevote(1, value(B), -1));
    assertThat(bench.agreement.pols()).isEmpty();
  }

  @Test
  @Tag("R4.23")
  void aPolForAnotherValueProvesNothingForTheProposedOne() {
    Bench bench = benchInRoundOne();
    Cert pol = four.pol(0, value(A), 0, 1, 2);
    bench.proposal(four.proposal(proposer, 1, B, Optional.of(pol)));
    assertThat(bench.votes()).containsExactly(prevote(1, value(B), -1));
  }

  @Test
  @Tag("R4.26")
  void forgedAndForeignCertificatesAreRefused() {
    Bench bench = bench();
    Cert qc = four.qc(0, value(A), 0, 1, 2);
    assertThat(bench.cert(qc.toBuilder().setSigs(0, qc.getSigs(1)).build()))
        .isInstanceOf(Verdict.Reject.class);
    assertThat(bench.cert(qc.toBuilder().setBitmap(1).build())).isInstanceOf(Verdict.Reject.class);
    assertThat(bench.cert(qc.toBuilder().setHeight(1).build())).isInstanceOf(Verdict.Ignore.class);
    assertThat(bench.agreement.decision()).isEmpty();
    assertThat(bench.look()).isEmpty();
  }

  @Test
  @Tag("R4.26")
  void headersNobodyAskedForAndWrongIdsBesideARightHeaderAreRefused() {
    Bench bench = bench();
    Candidate x = ToyFiles.file("x");
    ReconData data =
        ReconData.newBuilder()
            .setHeader(x.header())
            .addIds(x.ids().getFirst().toByteString())
            .build();
    assertThat(data(bench, data)).isInstanceOf(Verdict.Ignore.class);
    bench.cert(four.qc(0, value(x), 0, 1, 2));
    ReconData wrongIds = data.toBuilder().setIds(0, ToyFiles.entry("y").toByteString()).build();
    assertThat(data(bench, wrongIds)).isInstanceOf(Verdict.Reject.class);
    assertThat(bench.agreement.decision()).isEmpty();
    assertThat(data(bench, data)).isEqualTo(Verdict.ACCEPT);
    assertThat(bench.agreement.decision().map(Decision::candidate)).contains(x);
  }

  @Test
  @Tag("R4.22")
  void insistsOfStrangersOtherHeightsAndFarRoundsCountForNothing() {
    Bench bench = new Bench(four, proposer, new ToyFiles().with("a")).started();
    bench.look();
    ReconInsist insist =
        ReconInsist.newBuilder()
            .setHeight(Committee.HEIGHT)
            .setRound(1)
            .addIds(ToyFiles.entry("x").toByteString())
            .build();
    assertThat(insist(bench, ToyKeys.id(77), insist)).isInstanceOf(Verdict.Reject.class);
    ReconInsist elsewhere = insist.toBuilder().setHeight(1).build();
    assertThat(insist(bench, ToyKeys.id(other), elsewhere)).isInstanceOf(Verdict.Ignore.class);
    ReconInsist roundZero = insist.toBuilder().setRound(0).build();
    assertThat(insist(bench, ToyKeys.id(other), roundZero)).isInstanceOf(Verdict.Ignore.class);
    insist(bench, ToyKeys.id(other), insist.toBuilder().setRound(Integer.MAX_VALUE).build());
    assertThat(bench.agreement.round()).isZero();
  }

  @Test
  @Tag("R4.26")
  void questionsOfStrangersAndForUnknownValuesGetNoAnswer() {
    Bench bench = bench();
    ReconFetch own = ReconFetch.newBuilder().setHeaderHash(value(A).toByteString()).build();
    bench.agreement.onFetch(bench.now, ToyKeys.id(77), own, bench.out());
    ReconFetch unknown = ReconFetch.newBuilder().setHeaderHash(value(B).toByteString()).build();
    bench.agreement.onFetch(bench.now, ToyKeys.id(other), unknown, bench.out());
    bench.agreement.onFetch(
        bench.now, ToyKeys.id(other), ReconFetch.getDefaultInstance(), bench.out());
    assertThat(bench.look()).isEmpty();
  }

  @Test
  void timersOfOtherRoundsAndHeightsDoNothing() {
    Bench bench = bench();
    for (TimerId id :
        List.of(
            new TimerId(Alarms.PREVOTE, Committee.HEIGHT, 0),
            new TimerId(Alarms.PRECOMMIT, Committee.HEIGHT, 5),
            new TimerId(Alarms.PROPOSE, Committee.HEIGHT + 1, 1),
            new TimerId(Alarms.REPEAT, Committee.HEIGHT + 1, 0))) {
      bench.agreement.onTimer(bench.now, id, bench.out());
    }
    assertThat(bench.look()).isEmpty();
  }

  @Test
  void headersOfAnyShapeAreJudgedAndNeverThrow() {
    Bench bench = benchInRoundOne();
    Header odd =
        A.header().toBuilder().setSlot(-1).setHeight(-1).setParentHash(ByteString.EMPTY).build();
    Candidate candidate = new Candidate(odd, A.ids());
    assertThat(bench.proposal(four.proposal(1, candidate))).isEqualTo(Verdict.ACCEPT);
    List<Effect> effects = bench.look();
    assertThat(effects).anyMatch(Effect.Persist.class::isInstance);
    assertThat(bench.agreement.decision()).isEmpty();
  }

  private static Verdict data(Bench bench, ReconData data) {
    return bench.agreement.onData(bench.now, ToyKeys.id(0), data, bench.out());
  }

  private static Verdict insist(Bench bench, NodeId from, ReconInsist insist) {
    return bench.agreement.onInsist(bench.now, from, insist, bench.out());
  }

  private static Opened sealed(int member, Proposal proposal) {
    return Committee.open(
        Envelopes.sealMessage(
            Committee.CHAIN, ToyKeys.signer(Committee.key(member)), Committee.PERIOD, proposal));
  }

  private static byte[] filled(byte with) {
    byte[] raw = new byte[Hash.SIZE];
    java.util.Arrays.fill(raw, with);
    return raw;
  }
}
