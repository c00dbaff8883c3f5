package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.partner;
import static org.undchain.sim.Cast.validators;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.ledger.Execution;
import org.undchain.core.ledger.State;
import org.undchain.core.ledger.Table;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.Entry;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EvidenceLeaf;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.ValidatorLeaf;
import org.undchain.core.message.Vote;
import org.undchain.core.message.WireMessage;
import org.undchain.core.payout.CommittedBlock;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Chance;
import org.undchain.sim.Scenario;
import org.undchain.sim.Seeds;
import org.undchain.sim.Traitor;

/** Validators that lie are found out by those who listen, and pay for it on chain (section 4.7). */
@Tag("slow")
class EvidenceTest {
  private static final long BOND = 1_000_000_000L;
  private static final int LIAR = 2;
  private static final long HEIGHT = 6;

  @Test
  @Tag("case-30")
  @Tag("E1")
  void aValidatorThatVotesTwiceInOneRoundLosesHalfItsBond() {
    Scenario story = play(Lies.twoPrevotes(HEIGHT));
    story.until(12, 0);
    convictedOnce(story, 1);
    lostHalfItsBond(story);
  }

  @Test
  @Tag("case-30")
  @Tag("E2")
  void aProposerThatProposesTwiceInOneRoundLosesItsBondByHalves() {
    Scenario story = play(Lies.twoProposals());
    story.until(3, 0);
    story.simulation().crash(story.validator(0)); // now round 0 fails for the liar's vote
    story.until(40, 0);
    assertThat(convictions(story))
        .anyMatch(leaf -> leaf.getCode() == 2)
        .allMatch(leaf -> leaf.getCode() <= 2, "E2, and E1 for the spoilt votes of round 0");
    long bond = BOND;
    for (EvidenceLeaf each : convictions(story)) {
      bond -= bond / 2;
    }
    assertThat(account(story).getBond()).isEqualTo(bond);
  }

  @Test
  @Tag("case-29")
  @Tag("E3")
  @Tag("R4.31")
  void aValidatorThatForksItsLaneLosesHalfItsBond() {
    Scenario story = play(Lies.twoLanes(5));
    story.until(12, 0);
    convictedOnce(story, 3);
    lostHalfItsBond(story);
  }

  @Test
  @Tag("E4")
  void aValidatorThatVotesForAFileWithoutWhatItStampedIsConvicted() {
    AtomicReference<Hash> promised = new AtomicReference<>(Hash.ZERO);
    Scenario story = play(Lies.omission(HEIGHT, promised::get));
    story.until(5, 300);
    Envelope entry = story.transfer("ann", "bob", 7, 1);
    promised.set(story.idOf(entry));
    story.submit("ann", entry, story.validators());
    story.until(12, 0);

    assertThat(story.chronicle().slotOf(promised.get())).contains(5L);
    convictedOnce(story, 4);
    assertThat(validator(story).getEvidenceCount()).isEqualTo(1);
    assertThat(validator(story).getJailed()).isFalse();
    assertThat(account(story).getBond()).isEqualTo(BOND);
  }

  @Test
  @Tag("E4")
  @Tag("R4.18")
  void aValidatorThatVotesToSkipASlotItStampedIsConvicted() {
    Scenario story = play(Lies.skip(HEIGHT));
    story.until(12, 0);
    convictedOnce(story, 4);
  }

  @Test
  @Tag("E4")
  void theThirdBrokenPromiseInAPeriodMeansJail() {
    List<Traitor.Lie> lies = List.of(Lies.skip(6), Lies.skip(8), Lies.skip(10));
    Scenario story = play(one(lies));
    story.until(9, 1_900);
    assertThat(validator(story).getJailed()).isFalse();
    story.until(16, 0);
    assertThat(convictions(story)).hasSize(3);
    assertThat(validator(story).getJailed()).isTrue();
    assertThat(validator(story).getJailedUntilPeriod()).isEqualTo(6);
    assertThat(account(story).getBond()).isEqualTo(BOND);
  }

  @Test
  @Tag("E5")
  void aValidatorThatVotesForAWrongStateGoesToJail() {
    Scenario story = play(Lies.wrongState(HEIGHT));
    story.until(12, 0);
    convictedOnce(story, 5);
    wentToJailForSixPeriods(story);
  }

  @Test
  @Tag("E5")
  void aValidatorThatVotesForAnIneligibleEntryGoesToJail() {
    AtomicReference<Envelope> worthless = new AtomicReference<>(Envelope.getDefaultInstance());
    Scenario story = play(Lies.ineligible(HEIGHT, worthless::get));
    story.until(5, 300);
    worthless.set(story.transfer("pat", "ann", 7, 1)); // pat has no account
    story.until(12, 0);
    convictedOnce(story, 5);
    wentToJailForSixPeriods(story);
    assertThat(story.chronicle().slotOf(story.idOf(worthless.get()))).isEmpty();
  }

  @Test
  @Tag("E6")
  void aValidatorThatForgetsItsLockLosesHalfItsBond() {
    Scenario story = play(Lies.ignoredLock(HEIGHT));
    story.until(12, 0);
    convictedOnce(story, 6);
    lostHalfItsBond(story);
  }

  @Test
  @Tag("slow")
  @Tag("I2")
  void noHonestValidatorIsEverConvictedHoweverTheyCrashAndSplitAndHoweverOneLies() {
    Seeds.forEachSeed(
        12,
        seed -> {
          Chance chance = Chance.of(seed, "evidence");
          AtomicReference<Hash> promised = new AtomicReference<>(Hash.ZERO);
          List<Traitor.Lie> lies = new ArrayList<>();
          for (long height = 4; height < 30; height += 2) {
            lies.add(
                chance.pick(
                    List.of(
                        Lies.skip(height),
                        Lies.omission(height, promised::get),
                        Lies.twoPrevotes(height),
                        Lies.twoLanes(height),
                        Lies.wrongState(height),
                        Lies.ignoredLock(height))));
          }
          Scenario story =
              Scenario.with(validators(7, 2), client("ann"), client("bob", 1_000_000))
                  .seed(seed)
                  .traitor(LIAR, one(lies))
                  .begin();
          disturb(story, chance, promised);
          for (EvidenceLeaf leaf : leaves(story.chronicle().state())) {
            assertThat(NodeId.of(leaf.getOffender())).isEqualTo(story.validator(LIAR));
          }
          onceEach(story);
          assertThat(story.chronicle().height()).isGreaterThan(25);
        });
  }

  @Test
  @Tag("R4.41")
  void nobodyIsConvictedForLosingItsDisk() {
    Seeds.forEachSeed(
        4,
        seed -> {
          Scenario story =
              Scenario.with(validators(4), client("ann"), client("bob", 1_000_000))
                  .seed(seed)
                  .begin();
          NodeId poor = story.validator((int) (seed % 4));
          story.until(5, 1_700 + 90 * seed);
          story.submit("ann", story.transfer("ann", "bob", 1, 1), List.of(poor));
          story.until(6, 40 * seed);
          story.simulation().crash(poor);
          story.simulation().eraseDisk(poor);
          story.simulation().start(poor);
          story.until(16, 0);
          assertThat(leaves(story.chronicle().state())).isEmpty();
          assertThat(story.chronicle().height(poor)).isGreaterThan(13);
        });
  }

  /** Crashes, cuts and a load of transfers for 40 slots, then 8 quiet ones. */
  private static void disturb(Scenario story, Chance chance, AtomicReference<Hash> promised) {
    List<NodeId> honest = new ArrayList<>(story.validators());
    honest.remove(LIAR);
    for (int slot = 2; slot < 42; slot++) {
      story.until(slot, chance.between(0, 1_900));
      Envelope entry = story.transfer("ann", "bob", 1, slot - 1);
      promised.set(story.idOf(entry));
      story.submit("ann", entry, chance.sample(story.validators(), 3));
      NodeId victim = chance.pick(honest);
      switch ((int) chance.below(6)) {
        case 0 -> {
          if (story.simulation().isRunning(victim)) {
            story.simulation().crash(victim);
          }
        }
        case 1 -> story.simulation().network().cutOneWay(victim, chance.pick(honest));
        case 2 -> story.simulation().pause(victim, chance.between(100, 3_000));
        case 3 -> story.simulation().network().heal();
        default ->
            honest.stream()
                .filter(id -> !story.simulation().isRunning(id))
                .forEach(story.simulation()::start);
      }
    }
    story.simulation().network().heal();
    honest.stream()
        .filter(id -> !story.simulation().isRunning(id))
        .forEach(story.simulation()::start);
    story.until(60, 0);
  }

  private static Scenario play(Traitor.Lie lie) {
    return Scenario.with(validators(4), client("ann"), client("bob", 1_000_000), partner("pat"))
        .traitor(LIAR, lie)
        .begin();
  }

  /** Several lies of one liar, each at its own height. */
  private static Traitor.Lie one(List<Traitor.Lie> lies) {
    return new Traitor.Lie() {
      @Override
      public List<Vote> instead(Traitor liar, BlockTime now, Vote vote) {
        return lies.stream()
            .map(lie -> lie.instead(liar, now, vote))
            .filter(votes -> !votes.equals(List.of(vote)))
            .findFirst()
            .orElse(List.of(vote));
      }

      @Override
      public List<Envelope> beside(Traitor liar, WireMessage message, Envelope envelope) {
        return lies.stream().flatMap(lie -> lie.beside(liar, message, envelope).stream()).toList();
      }
    };
  }

  private static void convictedOnce(Scenario story, int code) {
    assertThat(convictions(story)).hasSize(1);
    assertThat(convictions(story).getFirst().getCode()).isEqualTo(code);
    onceEach(story);
  }

  /** Every breach was executed once, whoever handed it in. */
  private static void onceEach(Scenario story) {
    long executed = 0;
    for (CommittedBlock block : story.chronicle().blocks()) {
      List<Hash> evidence =
          block.entries().stream()
              .filter(entry -> entry.body().getEntryCase() == Entry.EntryCase.EVIDENCE)
              .map(OpenedEntry::id)
              .toList();
      executed +=
          block.results().stream()
              .filter(result -> evidence.contains(result.id()))
              .map(Execution.Result::result)
              .filter(EntryResult.ENTRY_RESULT_OK::equals)
              .count();
    }
    assertThat(executed).isEqualTo(leaves(story.chronicle().state()).size());
  }

  private static void lostHalfItsBond(Scenario story) {
    assertThat(account(story).getBond()).isEqualTo(BOND / 2);
    assertThat(story.chronicle().state().params().getBurnt()).isEqualTo(BOND / 2);
    assertThat(account(story).getSevereFaults()).isEqualTo(1);
    assertThat(validator(story).getJailedUntilPeriod()).isEqualTo(84);
  }

  private static void wentToJailForSixPeriods(Scenario story) {
    assertThat(validator(story).getJailed()).isTrue();
    assertThat(validator(story).getJailedUntilPeriod()).isEqualTo(6);
    assertThat(account(story).getSevereFaults()).isEqualTo(1);
    assertThat(account(story).getBond()).isEqualTo(BOND);
  }

  private static List<EvidenceLeaf> convictions(Scenario story) {
    List<EvidenceLeaf> leaves = leaves(story.chronicle().state());
    assertThat(leaves)
        .allMatch(leaf -> NodeId.of(leaf.getOffender()).equals(story.validator(LIAR)));
    return leaves;
  }

  private static List<EvidenceLeaf> leaves(State state) {
    return state.all(Table.EVIDENCE, EvidenceLeaf.class);
  }

  private static ValidatorLeaf validator(Scenario story) {
    return story.chronicle().state().validator(story.validator(LIAR)).orElseThrow();
  }

  private static AccountLeaf account(Scenario story) {
    return story.chronicle().state().account(story.validator(LIAR)).orElseThrow();
  }
}
