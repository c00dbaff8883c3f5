package org.undchain.core.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.core.consensus.Bench.precommit;
import static org.undchain.core.consensus.Bench.prevote;
import static org.undchain.core.consensus.Bench.value;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.ReconInsist;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;

/** What cannot come is not waited for (decision 0026), on one validator of four (f = 1, q = 3). */
class WaitsTest {
  private static final Hash NIL = Ballot.NIL;
  private static final Candidate A = ToyFiles.file("a");
  private static final Candidate B = ToyFiles.file("a", "b");
  private static final Candidate C = ToyFiles.file("a", "c");

  private final Committee four = new Committee(4);
  private final Timeouts timeouts = Timeouts.of(Committee.rules(4), four.terms(0).kind());

  private Bench bench(int member) {
    return new Bench(four, member, new ToyFiles().with("a"));
  }

  @Test
  @Tag("R4.24")
  void threePrevotesThatAFourthMayStillMakeAPolOfAreWaitedFor() {
    Bench bench = bench(0).started();
    bench.prevotes(0, value(A), 1);
    bench.prevotes(0, value(B), 2);
    assertThat(waits(bench, Alarms.PREVOTE)).containsExactly(timeouts.prevote(0));
  }

  @Test
  @Tag("R4.24")
  void fourPrevotesWithoutAPolWaitForAStageOnly() {
    Bench bench = bench(0).started();
    bench.prevotes(0, value(A), 1);
    bench.prevotes(0, value(B), 2, 3);
    assertThat(waits(bench, Alarms.PREVOTE)).containsExactly(timeouts.prevote(0), timeouts.stage());
    assertThat(timeouts.stage()).isLessThan(timeouts.prevote(0));
    bench.fire(Alarms.PREVOTE);
    assertThat(bench.votes()).contains(precommit(0, NIL));
  }

  /**
   * A traitor told this one B and another one A: the POL it thereby made elsewhere still counts.
   */
  @Test
  @Tag("R4.24")
  void aPolThatATraitorMadeElsewhereIsPrecommittedInThatStage() {
    Bench bench = bench(0).started();
    bench.prevotes(0, value(A), 1);
    bench.prevotes(0, value(B), 2, 3);
    bench.cert(four.pol(0, value(A), 0, 1, 3));
    assertThat(bench.votes()).contains(precommit(0, value(A)));
  }

  @Test
  @Tag("R4.24")
  void theVoteOfOneThatIsGoneIsNotWaitedFor() {
    Bench bench = bench(0).started();
    bench.prevotes(0, value(A), 1);
    bench.prevotes(0, value(B), 2);
    bench.look();
    bench.loses(3);
    assertThat(waits(bench, Alarms.PREVOTE)).containsExactly(timeouts.stage());
  }

  @Test
  @Tag("R4.24")
  void noTimerRunsBeforeAQuorumVotedHoweverManyAreGone() {
    Bench bench = bench(0).started();
    bench.prevotes(0, value(B), 1);
    bench.loses(2);
    bench.loses(3);
    assertThat(waits(bench, Alarms.PREVOTE)).isEmpty();
  }

  @Test
  @Tag("R4.27")
  void precommitsThatDecideNothingEndTheRoundAtOnce() {
    Bench bench = bench(0).started();
    bench.prevotes(0, value(A), 1, 2);
    bench.precommits(0, value(A), 1);
    bench.precommits(0, NIL, 2);
    assertThat(bench.agreement.round()).isZero(); // the fourth may decide
    bench.precommits(0, NIL, 3);
    assertThat(bench.agreement.round()).isOne();
  }

  @Test
  @Tag("R4.27")
  void fewerThanAQuorumNeverEndARoundHoweverManyAreGone() {
    Bench bench = bench(0).started();
    bench.prevotes(0, value(A), 1, 2);
    bench.precommits(0, NIL, 1);
    bench.loses(2);
    bench.loses(3);
    assertThat(bench.agreement.round()).isZero();
  }

  @Test
  @Tag("R4.27")
  void aDecisionIsTakenInARoundThatWasLeft() {
    Bench bench = bench(0).started();
    bench.prevotes(0, value(A), 1, 2);
    bench.precommits(0, NIL, 1, 2, 3);
    assertThat(bench.agreement.round()).isOne();
    bench.cert(four.qc(0, value(A), 0, 1, 3));
    assertThat(bench.agreement.decision()).isPresent();
  }

  @Test
  @Tag("R4.22")
  void theProposerWaitsForTheInsistsOfThoseWhoAreHere() {
    Bench bench = inRoundOne(four.proposer(1));
    insist(bench, 1);
    assertThat(proposals(bench)).isZero();
    insist(bench, 2);
    assertThat(proposals(bench)).isZero();
    bench.loses(3);
    assertThat(proposals(bench)).isOne();
  }

  @Test
  @Tag("R4.22")
  void theProposerNeedsAQuorumOfInsistsHoweverManyAreGone() {
    Bench bench = inRoundOne(four.proposer(1));
    insist(bench, 1);
    bench.loses(2);
    bench.loses(3);
    assertThat(proposals(bench)).isZero();
    bench.fire(Alarms.RECOVER);
    assertThat(proposals(bench)).isOne();
  }

  @Test
  @Tag("R4.23")
  void theProposalOfOneThatIsGoneIsWaitedForAStageOnly() {
    int me = four.proposer(2);
    Bench bench = inRoundOne(me);
    bench.look();
    bench.loses(four.proposer(1));
    assertThat(waits(bench, Alarms.PROPOSE)).containsExactly(timeouts.stage());
    bench.fire(Alarms.PROPOSE);
    assertThat(bench.votes()).containsExactly(prevote(1, NIL, -1));
  }

  /** A validator that two nil precommits and its own bring into round 1. */
  private Bench inRoundOne(int member) {
    Bench bench = bench(member).started();
    for (int other = 0; other < 4; other++) {
      if (other != member) {
        bench.prevotes(0, NIL, other);
        bench.precommits(0, NIL, other);
      }
    }
    assertThat(bench.agreement.round()).isOne();
    bench.look();
    return bench;
  }

  private static void insist(Bench bench, int from) {
    ReconInsist insist = ReconInsist.newBuilder().setHeight(Committee.HEIGHT).setRound(1).build();
    bench.agreement.onInsist(bench.now, ToyKeys.id(from), insist, bench.out());
  }

  private static long proposals(Bench bench) {
    return Bench.bodies(bench.envelopes()).stream().filter(body -> body.hasProposal()).count();
  }

  /** How long the timers of this purpose run that were set since the last look. */
  private static List<Long> waits(Bench bench, String purpose) {
    List<Long> waits = new ArrayList<>();
    for (Effect effect : bench.look()) {
      if (effect instanceof Effect.SetTimer(TimerId id, BlockTime at)
          && id.purpose().equals(purpose)) {
        waits.add(at.minus(bench.now));
      }
    }
    return waits;
  }
}
