package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.validators;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.codec.Canonical;
import org.undchain.core.message.Ack;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.Recon;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Chance;
import org.undchain.sim.Delay;
import org.undchain.sim.LinkProfile;
import org.undchain.sim.Scenario;

/** Entries around the cut-off: promised for one slot or the next, and never the end of round 0. */
@Tag("slow")
class LateEntriesTest {

  @Test
  @Tag("case-5")
  @Tag("R4.6")
  void aRequestThatTwoValidatorsStampForDifferentSlotsIsInOneBlock() {
    Scenario story = Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).begin();
    story.until(3, 1_990);
    Envelope entry = story.transfer("ann", "bob", 7, 1);
    Hash id = story.idOf(entry);
    // the second validator hears of it first-hand, and only in the next slot
    story.simulation().network().cutOneWay(story.validator(0), story.validator(1));
    story.submit("ann", entry, List.of(story.validator(0)));
    story.until(4, 3);
    story.submit("ann", entry, List.of(story.validator(1)));
    story.until(4, 60);
    story.simulation().network().heal();
    story.until(8, 0);

    assertThat(story.acks("ann", id)).extracting(Ack::getSlot).contains(3L);
    assertThat(story.chronicle().slotOf(id)).contains(3L);
    assertThat(timesInBlocks(story, id)).isEqualTo(1);
    assertThat(story.balance("bob")).isEqualTo(1_000_007);
  }

  private static long timesInBlocks(Scenario story, Hash id) {
    return story.chronicle().blocks().stream()
        .flatMap(block -> block.entries().stream())
        .filter(entry -> entry.id().equals(id))
        .count();
  }

  /**
   * f validators release what they stamped so late that it comes to the others at the very end of a
   * stage, to some before and to some after it; and their friends hand entries in at the last
   * millisecond, each to one validator. The stage rule makes the files equal all the same.
   */
  @Test
  @Tag("case-48")
  @Tag("R4.12")
  void entriesReleasedAtTheLastMillisecondDoNotCostRoundZero() {
    Scenario story =
        Scenario.with(validators(7, 2), client("ann"), client("bob", 1_000_000), client("cid"))
            .network(LinkProfile.WORLD)
            .stage(300)
            .begin();
    Set<NodeId> late = new TreeSet<>(story.validators().subList(3, 5));
    Chance chance = Chance.of(1, "late entries");
    long[] nonce = {0};
    int slots = 55;
    for (int slot = 2; slot < slots; slot++) {
      story.until(slot, 1_900);
      long release = chance.between(0, 900);
      story
          .simulation()
          .network()
          .shape(
              (a, b, usual) -> late.contains(a) || late.contains(b) ? held(usual, release) : usual);
      nonce[0]++;
      for (String name : List.of("ann", "cid")) {
        Envelope entry = story.transfer(name, "bob", 1, nonce[0]);
        NodeId one =
            chance.coin() ? chance.pick(List.copyOf(late)) : chance.pick(story.validators());
        story
            .simulation()
            .at(
                story.at(slot, 1_999 - chance.below(160)),
                () -> story.submit(name, entry, List.of(one)));
      }
      story.until(slot + 1, 1_300);
      story.simulation().network().shape((a, b, usual) -> usual);
    }
    story.until(slots + 4, 0);

    List<Integer> rounds = new ArrayList<>(story.rounds().values());
    long later = rounds.stream().filter(round -> round > 0).count();
    assertThat(rounds).hasSizeGreaterThan(50);
    assertThat(later).as("slots decided after round 0 of %d", rounds.size()).isLessThanOrEqualTo(1);
  }

  /** What the link of a late sender adds: at most three stages, as its friends want it. */
  private static LinkProfile held(LinkProfile usual, long millis) {
    Delay delay = usual.delay();
    return new LinkProfile(
        new Delay(
            delay.minMicros() + millis * 1_000, delay.spreadMicros(), delay.meanExtraMicros()),
        0,
        0,
        0,
        0);
  }

  /** What a liar shows to one validator only is relayed by that one before it costs round 0. */
  @Test
  @Tag("case-48")
  @Tag("R4.12a")
  void anEntryShownToOneValidatorAtTheLastMomentIsRelayedUnasked() {
    Scenario story =
        Scenario.with(validators(7, 2), client("ann"), client("bob", 1_000_000)).stage(100).begin();
    NodeId liar = story.validator(3);
    NodeId only = story.validator(0);
    story.until(3, 1_500);
    story
        .simulation()
        .network()
        .censor((from, to, message) ->
            isAsking(message)
                || (from.equals(liar)
                    && !to.equals(only)
                    && (message.getType() == WireMessage.LANE_BATCH_FIELD_NUMBER
                        || message.getType() == WireMessage.RECON_FIELD_NUMBER)));
    story.until(3, 1_930);
    Envelope entry = story.transfer("ann", "bob", 7, 1);
    story.submit("ann", entry, List.of(liar));
    story.until(6, 0);

    assertThat(story.chronicle().slotOf(story.idOf(entry))).contains(3L);
    assertThat(story.rounds().values()).containsOnly(0);
  }

  private static boolean isAsking(Envelope message) {
    Recon.PartCase part = partOf(message);
    return part == Recon.PartCase.FETCH || part == Recon.PartCase.CURSORS;
  }

  private static Recon.PartCase partOf(Envelope message) {
    return message.getType() == WireMessage.RECON_FIELD_NUMBER
        ? Canonical.decode(Recon.parser(), message.getBody()).orElseThrow().getPartCase()
        : Recon.PartCase.PART_NOT_SET;
  }

  /** Each of seven would else send each entry to each other, with the stamp it has of a third. */
  @Test
  @Tag("R4.12a")
  void whereAllLanesShowALateEntryNobodyRelaysIt() {
    Scenario story =
        Scenario.with(validators(7, 2), client("ann"), client("bob", 1_000_000)).stage(100).begin();
    List<Envelope> relayed = new ArrayList<>();
    story.until(3, 1_500);
    story
        .simulation()
        .network()
        .censor((from, to, message) -> {
          boolean isWitnessed =
              message.getType() == WireMessage.LANE_BATCH_FIELD_NUMBER
                  && Canonical.decode(LaneBatch.parser(), message.getBody())
                          .orElseThrow()
                          .getWitnessCount()
                      > 0;
          if (isWitnessed || partOf(message) == Recon.PartCase.DATA) {
            relayed.add(message);
          }
          return false;
        });
    List<Hash> ids = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      story.until(3, 1_810 + 30L * i);
      Envelope entry = story.transfer("ann", "bob", 7, 1 + i);
      story.submit("ann", entry, story.validators().subList(i, i + 1));
      ids.add(story.idOf(entry));
    }
    story.until(6, 0);

    assertThat(ids).allSatisfy(id -> assertThat(story.chronicle().slotOf(id)).contains(3L));
    assertThat(relayed).isEmpty();
  }

  /** Whoever stamps and tells no other validator keeps its promise later, alone. */
  @Test
  @Tag("case-7")
  @Tag("R4.34")
  void anEntryThatItsOnlyStamperKeepsToItselfRollsOverUntilItIsHeardOf() {
    Scenario story = Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).begin();
    NodeId selfish = story.validator(2);
    story.until(3, 300);
    story
        .simulation()
        .network()
        .censor((from, to, message) ->
            from.equals(selfish)
                && story.validators().contains(to)
                && (message.getType() == WireMessage.LANE_BATCH_FIELD_NUMBER
                    || message.getType() == WireMessage.RECON_FIELD_NUMBER));
    Envelope entry = story.transfer("ann", "bob", 7, 1);
    Hash id = story.idOf(entry);
    story.submit("ann", entry, List.of(selfish));
    story.until(7, 0);
    assertThat(story.acks("ann", id)).isNotEmpty();
    assertThat(story.chronicle().slotOf(id)).isEmpty();
    assertThat(story.chronicle().height()).isGreaterThan(5);

    story.simulation().network().censor((from, to, message) -> false);
    story.until(12, 0);
    assertThat(story.chronicle().slotOf(id)).isPresent();
    assertThat(timesInBlocks(story, id)).isEqualTo(1);
  }

  @Test
  @Tag("case-7")
  @Tag("R4.12")
  void anEntryThatOneOfItsStampersKeepsToItselfIsInTheBlockOfTheOthers() {
    Scenario story = Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).begin();
    NodeId selfish = story.validator(2);
    story.until(3, 300);
    story
        .simulation()
        .network()
        .censor((from, to, message) ->
            from.equals(selfish) && message.getType() == WireMessage.LANE_BATCH_FIELD_NUMBER);
    Envelope entry = story.transfer("ann", "bob", 7, 1);
    story.submit("ann", entry, List.of(selfish, story.validator(0)));
    story.until(7, 0);
    assertThat(story.chronicle().slotOf(story.idOf(entry))).contains(3L);
  }
}
