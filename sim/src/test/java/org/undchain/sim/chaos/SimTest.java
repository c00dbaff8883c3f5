package org.undchain.sim.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.sim.Signatures;
import org.undchain.sim.TimeRules;

/** A few seeds of the fault simulator; {@code ./undchain sim} plays more. */
class SimTest {
  private static final Swarm.Limits SHORT =
      limits(4, 5, Optional.of(40_000L), Optional.of(30), Set.of());
  private static final Swarm.Limits NINE_UNDER_LOAD =
      limits(9, 9, Optional.of(150_000L), Optional.of(1200), Set.of());

  @Test
  @Tag("slow")
  void someSeedsPassAndUseFaultsOfManyKinds() {
    Set<FaultKind> used = EnumSet.noneOf(FaultKind.class);
    for (long seed = 1; seed <= 5; seed++) {
      Outcome outcome = play(plan(seed));
      assertThat(outcome.finding()).as("seed %d", seed).isEmpty();
      assertThat(outcome.blocks()).as("seed %d", seed).isPositive();
      used.addAll(outcome.used());
    }
    assertThat(used).hasSizeGreaterThan(10);
  }

  @Test
  @Tag("slow")
  void oneSeedIsOneRun() {
    assertThat(play(plan(3)).traceHash())
        .isEqualTo(play(plan(3)).traceHash())
        .isNotEqualTo(play(plan(4)).traceHash());
  }

  @Test
  void aFaultTakenAwayLeavesTheOthersAsTheyWere() {
    FaultPlan plan = plan(3);
    assertThat(plan.faults()).hasSizeGreaterThan(2);
    FaultPlan fewer = plan.keeping(fault -> fault.number() != 1);
    assertThat(fewer.faults()).hasSize(plan.faults().size() - 1);
    assertThat(plan.faults()).containsAll(fewer.faults());
  }

  @Test
  @Tag("case-46")
  @Tag("R4.23")
  void locksHoldInTheScheduleThatForksWithoutThem() {
    Swarm.Limits limits =
        limits(4, 4, Optional.of(40_000L), Optional.of(60), Set.of(FaultKind.LOCK_SPLIT));
    Outcome outcome = play(plan(1, limits));
    assertThat(outcome.finding()).isEmpty();
    assertThat(outcome.marks()).contains(Mark.ROUND_1, Mark.DECIDED_LATER);
  }

  @Test
  @Tag("R4.41")
  void aVoteThatItsSignerForgotComesBackToIt() {
    Swarm.Limits limits =
        limits(
            4,
            4,
            Optional.of(60_000L),
            Optional.of(60),
            Set.of(FaultKind.LOCK_SPLIT, FaultKind.VOTE_FORGOTTEN));
    Set<Mark> marks = EnumSet.noneOf(Mark.class);
    for (long seed = 1; seed <= 6; seed++) {
      Outcome outcome = play(plan(seed, limits));
      assertThat(outcome.finding()).as("seed %d", seed).isEmpty();
      marks.addAll(outcome.marks());
    }
    assertThat(marks).contains(Mark.STRANGE_OWN_VOTE);
  }

  /** Seed 20261128723: it did so before it had used it, and lost an entry that all had stamped. */
  @Test
  @Tag("slow")
  @Tag("R4.14")
  void aClientThatUsesItsFirstNonceAgainBreaksNoPromise() {
    Swarm.Limits any = limits(4, 10, Optional.empty(), Optional.empty(), Set.of());
    FaultPlan plan = plan(20261128723L, any);
    assertThat(plan.faults()).anyMatch(fault -> fault.kind() == FaultKind.NONCE_AGAIN);
    assertThat(play(plan).finding()).isEmpty();
  }

  /** Seed 20261130419: the EVIDENCE of a breach that others had proven came as DATA only. */
  @Test
  @Tag("slow")
  void evidenceThatCameAsAnAnswerBreaksNoPromise() {
    assertThat(play(plan(20261130419L, NINE_UNDER_LOAD)).finding()).isEmpty();
  }

  /**
   * Seed 20261201030, L4: the network stood still until the next period, so a COMPLETE was refused
   * as of the wrong one, and both sides gave a seat up whose receipt both had signed.
   */
  @Test
  @Tag("slow")
  void aReceiptOfAPeriodThatEndedInTroubleIsPaidInTheNext() {
    assertThat(play(plan(20261201030L, NINE_UNDER_LOAD)).finding()).isEmpty();
  }

  /** Any known validators; no kinds for all of them. */
  private static Swarm.Limits limits(
      int least,
      int most,
      Optional<Long> chaosMillis,
      Optional<Integer> entriesPerMinute,
      Set<FaultKind> kinds) {
    return new Swarm.Limits(
        least,
        most,
        Optional.empty(),
        chaosMillis,
        entriesPerMinute,
        new TreeSet<>(kinds),
        TimeRules.NONE,
        false);
  }

  private static FaultPlan plan(long seed) {
    return plan(seed, SHORT);
  }

  private static FaultPlan plan(long seed, Swarm.Limits limits) {
    return FaultPlan.draw(seed, Swarm.draw(seed, limits));
  }

  private static Outcome play(FaultPlan plan) {
    return Run.play(plan, Signatures.fake(), Optional.empty(), Optional.empty());
  }
}
