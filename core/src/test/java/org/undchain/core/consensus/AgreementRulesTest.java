package org.undchain.core.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.core.consensus.Bench.precommit;
import static org.undchain.core.consensus.Bench.prevote;
import static org.undchain.core.consensus.Bench.value;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.ReconData;
import org.undchain.core.message.ReconFetch;
import org.undchain.core.message.ReconInsist;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Hash;

/** The rules R4.20 to R4.28, one by one, on one validator of four (f = 1, q = 3). */
class AgreementRulesTest {
  private static final Hash NIL = Ballot.NIL;
  private static final Candidate A = ToyFiles.file("a");
  private static final Candidate B = ToyFiles.file("a", "b");
  private static final Candidate OTHER = ToyFiles.file("x");

  private final Committee four = new Committee(4);

  private Bench bench(String... names) {
    return new Bench(four, 0, new ToyFiles().with(names));
  }

  @Test
  @Tag("R4.21")
  void roundZeroPrevotesTheOwnFileWithoutAskingAnybody() {
    Bench bench = bench("a").started();
    assertThat(bench.votes()).containsExactly(prevote(0, value(A), -1));
  }

  @Test
  @Tag("R4.21")
  void whoWantsASkipPrevotesNilInRoundZero() {
    Bench bench = bench();
    bench.files.wantsSkip = true;
    assertThat(bench.started().votes()).containsExactly(prevote(0, NIL, -1));
  }

  @Test
  @Tag("R4.40")
  void aVoteIsWrittenDownBeforeItLeaves() {
    Bench bench = bench("a").started();
    bench.prevotes(0, value(A), 1, 2);
    List<Effect> effects = bench.look();
    int persisted = 0;
    int sent = 0;
    for (Effect effect : effects) {
      if (effect instanceof Effect.Persist(LogRecord record) && record.hasVote()) {
        persisted++;
      } else if (effect instanceof Effect.Broadcast broadcast
          && broadcast.message().getType() == WireMessage.VOTE_FIELD_NUMBER) {
        sent++;
        assertThat(sent).isLessThanOrEqualTo(persisted);
      }
    }
    assertThat(sent).isEqualTo(2);
  }

  @Test
  @Tag("R4.24")
  @Tag("R4.26")
  void threeEqualFilesAreDecidedByPrevotesAndPrecommits() {
    Bench bench = bench("a").started();
    bench.prevotes(0, value(A), 1, 2);
    assertThat(bench.votes()).contains(precommit(0, value(A)));
    bench.precommits(0, value(A), 1, 2);
    Decision decision = bench.agreement.decision().orElseThrow();
    assertThat(decision.candidate()).isEqualTo(A);
    assertThat(
            Certificates.isCommit(
                Committee.CHAIN, ToyKeys.CHECK, four.set, decision.qc(), value(A)))
        .isTrue();
  }

  @Test
  @Tag("R4.20")
  void votesThatCameBeforeTheFreezeCount() {
    Bench bench = bench("a");
    bench.prevotes(0, value(A), 1, 2, 3);
    assertThat(bench.votes()).isEmpty();
    assertThat(bench.started().votes())
        .containsExactly(prevote(0, value(A), -1), precommit(0, value(A)));
  }

  @Test
  @Tag("R4.20")
  void whoStartsWhenOthersAreInRoundTwoGivesNoPrevoteOfRoundZero() {
    Bench bench = bench("a");
    bench.prevotes(2, NIL, 1, 2);
    assertThat(bench.agreement.isLeftBehind()).isTrue();
    bench.started();
    assertThat(bench.agreement.round()).isEqualTo(2);
    assertThat(bench.votes()).isEmpty();
  }

  @Test
  @Tag("R4.24")
  void mixedPrevotesPrecommitNilAfterTheTimerOnly() {
    Bench bench = bench("a").started();
    bench.prevotes(0, value(B), 1);
    bench.prevotes(0, NIL, 2);
    assertThat(bench.votes()).containsExactly(prevote(0, value(A), -1));
    bench.fire(Alarms.PREVOTE);
    assertThat(bench.votes()).containsExactly(precommit(0, NIL));
  }

  @Test
  @Tag("R4.24")
  void threeNilPrevotesPrecommitNilAtOnce() {
    Bench bench = bench("a").started();
    bench.prevotes(0, NIL, 1, 2, 3);
    assertThat(bench.votes()).contains(precommit(0, NIL));
  }

  @Test
  @Tag("R4.24")
  void aFileUnlikeTheOwnIsPrecommittedOnceItsContentIsFetched() {
    Bench bench = bench("a").started();
    bench.prevotes(0, value(OTHER), 1, 2, 3);
    List<WireMessage> asked = Bench.bodies(bench.envelopes());
    assertThat(asked)
        .anyMatch(
            body -> body.getRecon().getFetch().getHeaderHash().equals(value(OTHER).toByteString()));
    bench.agreement.onData(bench.now, ToyKeys.id(1), data(OTHER), bench.out());
    assertThat(bench.votes()).containsExactly(precommit(0, value(OTHER)));
  }

  @Test
  @Tag("R4.24")
  void contentsThatAreMissingAreAskedForAndThenJudgedAgain() {
    Bench bench = bench("a");
    bench.files.hidden.add(ToyFiles.entry("x"));
    bench.started();
    bench.prevotes(0, value(OTHER), 1, 2, 3);
    bench.agreement.onData(bench.now, ToyKeys.id(1), data(OTHER), bench.out());
    assertThat(Bench.bodies(bench.envelopes()))
        .anyMatch(body ->
            body.getRecon().getFetch().getIdsList().contains(ToyFiles.entry("x").toByteString()))
        .noneMatch(body -> body.getVote().getValue().equals(value(OTHER).toByteString()));
    bench.files.hidden.clear();
    bench.content();
    assertThat(bench.votes()).containsExactly(precommit(0, value(OTHER)));
  }

  @Test
  @Tag("R4.24")
  void aPolForAnInvalidValueIsNotPrecommitted() {
    Bench bench = bench("a");
    bench.files.banned.add(ToyFiles.entry("x"));
    bench.started();
    bench.prevotes(0, value(OTHER), 1, 2, 3);
    bench.agreement.onData(bench.now, ToyKeys.id(1), data(OTHER), bench.out());
    bench.look();
    bench.fire(Alarms.PREVOTE);
    assertThat(bench.votes()).containsExactly(precommit(0, NIL));
  }

  @Test
  @Tag("case-85")
  @Tag("R4.26")
  void aDecisionForAnInvalidValueStopsTheNodeInsteadOfMovingIt() {
    Bench bench = bench("a");
    bench.files.banned.add(ToyFiles.entry("x"));
    bench.started();
    bench.cert(four.qc(0, value(OTHER), 1, 2, 3));
    bench.agreement.onData(bench.now, ToyKeys.id(1), data(OTHER), bench.out());
    assertThat(bench.agreement.decision()).isEmpty();
    assertThat(bench.look())
        .contains(
            new Effect.Deliver(
                new AgreementNotice.Contradiction(
                    Committee.HEIGHT, value(OTHER), "entry not eligible")));
  }

  @Test
  @Tag("R4.27")
  void threeNilPrecommitsEnterTheNextRoundAtOnce() {
    Bench bench = bench("a").started();
    bench.precommits(0, NIL, 1, 2, 3);
    assertThat(bench.agreement.round()).isEqualTo(1);
  }

  @Test
  @Tag("R4.27")
  void mixedPrecommitsEnterTheNextRoundAfterTheTimer() {
    Bench bench = bench("a").started();
    bench.precommits(0, NIL, 1);
    bench.precommits(0, value(A), 2, 3);
    assertThat(bench.agreement.round()).isZero(); // its own may still decide
    bench.fire(Alarms.PRECOMMIT);
    assertThat(bench.agreement.round()).isEqualTo(1);
  }

  @Test
  @Tag("R4.27")
  void twoMembersInLaterRoundsPullToTheLargestRoundBothReached() {
    Bench bench = bench("a").started();
    bench.prevotes(9, NIL, 1);
    assertThat(bench.agreement.round()).isZero();
    bench.prevotes(5, NIL, 2);
    assertThat(bench.agreement.round()).isEqualTo(5);
  }

  @Test
  @Tag("R4.22")
  void theProposerOffersTheUnionOfWhatAllInsistOn() {
    int proposer = four.proposer(1);
    Bench bench = new Bench(four, proposer, new ToyFiles().with("a"));
    bench.started();
    bench.precommits(0, NIL, others(proposer));
    bench.look();
    String name = "b";
    for (int from : others(proposer)) {
      bench.agreement.onInsist(bench.now, ToyKeys.id(from), insist(1, name), bench.out());
      name = "c";
    }
    Candidate union = ToyFiles.file("a", "b", "c");
    List<WireMessage> sent = Bench.bodies(bench.envelopes());
    assertThat(sent)
        .anyMatch(
            body -> body.hasProposal() && body.getProposal().getHeader().equals(union.header()))
        .anyMatch(body -> body.getVote().equals(prevote(1, value(union), -1)));
  }

  @Test
  @Tag("R4.22")
  void theProposerOffersWhatItHasWhenTheWaitForInsistsIsOver() {
    int proposer = four.proposer(1);
    Bench bench = new Bench(four, proposer, new ToyFiles().with("a"));
    bench.started();
    bench.precommits(0, NIL, others(proposer));
    bench.look();
    bench.fire(Alarms.RECOVER);
    assertThat(bench.votes()).containsExactly(prevote(1, value(A), -1));
  }

  @Test
  @Tag("R4.22")
  void theProposerOffersTheValueOfTheNewestPolWithThePol() {
    int proposer = four.proposer(1);
    Bench bench = new Bench(four, proposer, new ToyFiles().with("a", "b"));
    bench.started();
    bench.cert(four.pol(0, value(A), others(proposer)));
    bench.agreement.onData(bench.now, ToyKeys.id(1), data(A), bench.out());
    bench.precommits(0, NIL, others(proposer));
    bench.look();
    bench.fire(Alarms.RECOVER);
    List<WireMessage> sent = Bench.bodies(bench.envelopes());
    assertThat(sent)
        .anyMatch(body ->
            body.hasProposal()
                && body.getProposal().getHeader().equals(A.header())
                && body.getProposal().getPolRoundPlusOne() == 1
                && body.getProposal().hasPol());
    assertThat(sent).anyMatch(body -> body.getVote().equals(prevote(1, value(A), 0)));
  }

  @Test
  @Tag("R4.23")
  void aUnionWithAllInsistedIdsIsPrevoted() {
    Bench bench = inRoundOne("a");
    bench.proposal(four.proposal(1, B));
    assertThat(bench.votes()).containsExactly(prevote(1, value(B), -1));
  }

  @Test
  @Tag("R4.23")
  void aProposalThatLacksAnInsistedIdGetsNil() {
    Bench bench = inRoundOne("a", "z");
    bench.proposal(four.proposal(1, B));
    assertThat(bench.votes()).containsExactly(prevote(1, NIL, -1));
  }

  @Test
  @Tag("R4.23")
  void anInvalidProposalGetsNil() {
    Bench bench = inRoundOne("a");
    bench.files.banned.add(ToyFiles.entry("b"));
    bench.proposal(four.proposal(1, B));
    assertThat(bench.votes()).containsExactly(prevote(1, NIL, -1));
  }

  @Test
  @Tag("R4.23")
  void noProposalGetsNilAfterItsTimer() {
    Bench bench = inRoundOne("a");
    bench.fire(Alarms.PROPOSE);
    assertThat(bench.votes()).containsExactly(prevote(1, NIL, -1));
  }

  @Test
  @Tag("R4.18")
  void aSkipIsClosedDurablyBeforeItsVoteLeaves() {
    Bench bench = inRoundOne();
    Candidate skip = ToyFiles.file(ToyFiles.SLOT + 30, List.of());
    bench.proposal(four.proposal(1, skip));
    List<Effect> effects = bench.look();
    List<LogRecord> records =
        effects.stream()
            .filter(Effect.Persist.class::isInstance)
            .map(effect -> ((Effect.Persist) effect).what())
            .toList();
    assertThat(records.getFirst().getClosed().getNextSlot()).isEqualTo(ToyFiles.SLOT + 30);
    assertThat(records.get(1).hasVote()).isTrue();
    assertThat(bench.files.closed).containsExactly(ToyFiles.SLOT + 30);
  }

  @Test
  @Tag("R4.18")
  void aSkipThatIsNotOkGetsNilAndClosesNothing() {
    Bench bench = inRoundOne();
    bench.files.isSkipAllowed = false;
    bench.proposal(four.proposal(1, ToyFiles.file(ToyFiles.SLOT + 30, List.of())));
    assertThat(bench.votes()).containsExactly(prevote(1, NIL, -1));
    assertThat(bench.files.closed).isEmpty();
  }

  @Test
  @Tag("R4.25")
  void aPolSeenLaterIsPassedOnOnce() {
    Bench bench = bench("a").started();
    bench.look();
    bench.cert(four.pol(0, value(OTHER), 1, 2, 3));
    bench.cert(four.pol(0, value(OTHER), 1, 2, 3));
    assertThat(Bench.bodies(bench.envelopes()).stream().filter(WireMessage::hasCert)).hasSize(1);
  }

  @Test
  @Tag("R4.28")
  void ownVotesProposalAndPolAreRepeatedUntilTheHeightIsDecided() {
    Bench bench = bench("a").started();
    bench.prevotes(0, value(A), 1, 2);
    bench.look();
    bench.fire(Alarms.REPEAT);
    List<Effect> effects = bench.look();
    assertThat(effects)
        .contains(
            new Effect.SetTimer(
                new TimerId(Alarms.REPEAT, Committee.HEIGHT, 0), bench.now.plusMillis(500)));
    List<WireMessage> said =
        Bench.bodies(
            effects.stream()
                .filter(Effect.Broadcast.class::isInstance)
                .map(effect -> ((Effect.Broadcast) effect).message())
                .toList());
    assertThat(said).anyMatch(WireMessage::hasCert);
    assertThat(said.stream().filter(WireMessage::hasVote).map(WireMessage::getVote))
        .containsExactly(prevote(0, value(A), -1), precommit(0, value(A)));
    bench.precommits(0, value(A), 1, 2);
    bench.look();
    bench.fire(Alarms.REPEAT);
    assertThat(bench.look()).isEmpty();
  }

  @Test
  @Tag("R4.22")
  void timersGrowWithTheRoundAndStandStillAfterTwenty() {
    Timeouts timeouts = Timeouts.of(Committee.rules(4), BlockKind.BLOCK_KIND_NORMAL);
    assertThat(timeouts.recover(1)).isEqualTo(500);
    assertThat(timeouts.propose(2)).isEqualTo(1800);
    assertThat(timeouts.prevote(0)).isEqualTo(400);
    assertThat(timeouts.precommit(20)).isEqualTo(timeouts.precommit(3000)).isEqualTo(4400);
    Timeouts payout = Timeouts.of(Committee.rules(4), BlockKind.BLOCK_KIND_PAYOUT);
    assertThat(payout.prevote(0)).isEqualTo(2400);
    assertThat(payout.precommit(0)).isEqualTo(400);
  }

  @Test
  @Tag("R4.20")
  void oneToThreeValidatorsOfABootstrapDecideWithoutFaults() {
    Committee alone = new Committee(1);
    Bench bench = new Bench(alone, 0, new ToyFiles().with("a")).started();
    assertThat(bench.agreement.decision().map(Decision::candidate)).contains(A);
    assertThat(bench.look()).noneMatch(Effect.Broadcast.class::isInstance);

    Committee three = new Committee(3);
    bench = new Bench(three, 1, new ToyFiles().with("a")).started();
    bench.prevotes(0, value(A), 0);
    bench.precommits(0, value(A), 0, 2);
    assertThat(bench.agreement.decision()).isEmpty();
    bench.prevotes(0, value(A), 2);
    assertThat(bench.agreement.decision()).isPresent();
  }

  @Test
  @Tag("R4.27")
  void aLoneValidatorWhoseFileNobodyMayDecideDoesNotSpin() {
    Bench bench = new Bench(new Committee(1), 0, new ToyFiles());
    bench.files.wantsSkip = true;
    bench.files.isSkipAllowed = false;
    bench.files.unionNextSlot = ToyFiles.SLOT + 20;
    bench.started();
    assertThat(bench.agreement.round()).isEqualTo(1);
    bench.fire(Alarms.REPEAT);
    assertThat(bench.agreement.round()).isEqualTo(2);
  }

  @Test
  @Tag("R4.41")
  void aMuteValidatorSignsNothingAndStillLearnsTheDecision() {
    Bench bench =
        new Bench(
            four, four.terms(0, BlockKind.BLOCK_KIND_NORMAL, true), 0, new ToyFiles().with("a"));
    bench.started();
    bench.prevotes(0, value(A), 1, 2, 3);
    bench.precommits(0, value(A), 1, 2, 3);
    assertThat(bench.agreement.decision()).isPresent();
    assertThat(bench.look())
        .noneMatch(Effect.Persist.class::isInstance)
        .noneMatch(effect ->
            effect instanceof Effect.Broadcast broadcast
                && broadcast.message().getType() == WireMessage.VOTE_FIELD_NUMBER);
  }

  @Test
  @Tag("R4.26")
  void aCommitCertificateDecidesEvenBeforeTheOwnStart() {
    Bench bench = bench("a");
    bench.cert(four.qc(3, value(A), 1, 2, 3));
    assertThat(bench.agreement.decision().map(Decision::candidate)).contains(A);
  }

  @Test
  @Tag("R4.26")
  void headerAndIdsOfAValueAreServedByItsHash() {
    Bench bench = bench("a").started();
    bench.look();
    ReconFetch fetch = ReconFetch.newBuilder().setHeaderHash(value(A).toByteString()).build();
    bench.agreement.onFetch(bench.now, ToyKeys.id(2), fetch, bench.out());
    bench.agreement.onFetch(bench.now, ToyKeys.id(2), fetch, bench.out());
    List<Effect> effects = bench.look();
    assertThat(effects).hasSize(1);
    Effect.Send send = (Effect.Send) effects.getFirst();
    assertThat(send.to()).isEqualTo(ToyKeys.id(2));
    assertThat(Committee.open(send.message()).body().getRecon().getData()).isEqualTo(data(A));
  }

  private Bench inRoundOne(String... names) {
    int member = four.proposer(1) == 0 ? 1 : 0;
    Bench bench = new Bench(four, member, new ToyFiles().with(names));
    bench.started();
    bench.precommits(0, NIL, others(member));
    bench.look();
    return bench;
  }

  private static int[] others(int member) {
    return java.util.stream.IntStream.range(0, 4).filter(other -> other != member).toArray();
  }

  private static ReconInsist insist(int round, String name) {
    return ReconInsist.newBuilder()
        .setHeight(Committee.HEIGHT)
        .setRound(round)
        .addIds(ToyFiles.entry(name).toByteString())
        .build();
  }

  private static ReconData data(Candidate candidate) {
    ReconData.Builder data = ReconData.newBuilder().setHeader(candidate.header());
    candidate.ids().forEach(id -> data.addIds(id.toByteString()));
    return data.build();
  }
}
