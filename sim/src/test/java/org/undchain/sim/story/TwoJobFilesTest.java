package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.validators;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.message.Ack;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Submit;
import org.undchain.core.message.Transfer;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Cast;
import org.undchain.sim.LinkProfile;
import org.undchain.sim.Scenario;

/** User stories on the two job files that are open at once, each named after its sentence. */
class TwoJobFilesTest {

  @Test
  @Tag("case-4")
  @Tag("R4.1")
  void ifYourRequestComesInTooLateItJumpsToTheNextBlock() {
    Scenario story = Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).begin();
    story.until(3, 1_990);
    Envelope early = submit(story, "ann", "bob", 5, 1);
    story.until(4, 1);
    Envelope late = submit(story, "ann", "bob", 7, 2);
    story.until(6, 500);

    assertThat(story.chronicle().slotOf(story.idOf(early))).contains(3L);
    assertThat(story.chronicle().slotOf(story.idOf(late))).contains(4L);
    assertThat(story.acks("ann", story.idOf(late))).allMatch(ack -> ack.getSlot() == 4);
    assertThat(story.balance("bob") - 1_000_000).isEqualTo(12);
  }

  /** Its last batches would reach the others so late that their files differ at the vote. */
  @Test
  @Tag("R4.1")
  void ofACrowdWhatComesShortlyBeforeTheCutOffJumpsToTheNextBlock() {
    List<String> crowd = IntStream.range(0, 17).mapToObj(i -> "client-" + i).toList();
    List<Cast> cast = new ArrayList<>(List.of(validators(4), client("ann")));
    crowd.forEach(name -> cast.add(client(name, 1_000_000)));
    Scenario story = Scenario.with(cast.toArray(Cast[]::new)).begin();
    story.until(3, 300);
    for (String name : crowd) {
      for (int i = 1; i <= 16; i++) {
        submit(story, name, "ann", 1, i);
      }
    }
    story.until(3, 1_850);
    Envelope before = submit(story, "ann", "client-0", 5, 1);
    story.until(3, 1_920);
    Envelope late = submit(story, "ann", "client-0", 7, 2);
    Envelope nowOrNever =
        story.seal(
            "ann",
            Transfer.newBuilder()
                .setNonce(3)
                .setValidFrom(3)
                .setValidTo(3)
                .setTo(story.id("client-0").toByteString())
                .setAmount(9)
                .build());
    story.submit("ann", nowOrNever, story.validators());
    story.until(6, 500);

    assertThat(story.chronicle().blocks().get(3).entries()).hasSizeGreaterThan(17 * 16);
    assertThat(story.chronicle().slotOf(story.idOf(before))).contains(3L);
    assertThat(story.chronicle().slotOf(story.idOf(late))).contains(4L);
    assertThat(story.acks("ann", story.idOf(late)))
        .isNotEmpty()
        .allMatch(ack -> ack.getSlot() == 4 && ack.getHeight() == 5);
    assertThat(story.chronicle().slotOf(story.idOf(nowOrNever)))
        .as("what is good in this slot only stays in it")
        .contains(3L);
  }

  @Test
  @Tag("R4.1")
  void noRequestFallsBetweenTwoBlocksWheneverItComes() {
    Scenario story =
        Scenario.with(validators(4), client("ann"), client("bob", 1_000_000))
            .network(LinkProfile.CONTINENT)
            .begin();
    List<Envelope> entries =
        IntStream.range(0, 24)
            .mapToObj(i -> {
              story.until(2 + i / 8, 1_000 + 125L * (i % 8));
              Envelope entry = story.transfer("ann", "bob", 1 + i, 1 + i);
              story.submit("ann", entry, story.validators().subList(i % 2, 3));
              return entry;
            })
            .toList();
    story.until(8, 0);

    for (Envelope entry : entries) {
      Hash id = story.idOf(entry);
      assertThat(story.acks("ann", id)).as("a stamp for %s", id).isNotEmpty();
      long promised = story.acks("ann", id).getFirst().getSlot();
      assertThat(story.chronicle().slotOf(id)).contains(promised);
      assertThat(story.chronicle().resultOf(id)).contains(EntryResult.ENTRY_RESULT_OK);
    }
    assertThat(story.balance("bob") - 1_000_000).isEqualTo(24 * 25 / 2);
  }

  @Test
  @Tag("case-2")
  @Tag("R4.6")
  void aRequestSentToOneValidatorOnlyIsInTheBlockItWasPromised() {
    Scenario story =
        Scenario.with(validators(9, 3), client("ann"), client("bob", 1_000_000)).begin();
    story.until(2, 300);
    Envelope entry = story.transfer("ann", "bob", 42, 1);
    story.submit("ann", entry, List.of(story.validator(5)));
    story.until(5, 0);

    List<Ack> acks = story.acks("ann", story.idOf(entry));
    assertThat(acks).isNotEmpty();
    assertThat(story.chronicle().slotOf(story.idOf(entry))).contains(acks.getFirst().getSlot());
    long height = acks.getFirst().getHeight();
    assertThat(story.chronicle().blocks().get((int) height - 1).entries())
        .anyMatch(committed -> committed.id().equals(story.idOf(entry)));
    assertThat(acks.getLast().getStampsCount()).as("echo stamps reach the client").isGreaterThan(2);
  }

  @Test
  @Tag("R4.3")
  void aRequestSentToThreeValidatorsIsThereOnce() {
    Scenario story =
        Scenario.with(validators(9, 3), client("ann"), client("bob", 1_000_000)).begin();
    story.until(2, 300);
    Envelope entry = story.transfer("ann", "bob", 42, 1);
    story.submit("ann", entry, story.validators().subList(2, 5));
    story.until(6, 0);

    long times =
        story.chronicle().blocks().stream()
            .flatMap(block -> block.entries().stream())
            .filter(committed -> committed.id().equals(story.idOf(entry)))
            .count();
    assertThat(times).isEqualTo(1);
    assertThat(story.balance("bob") - 1_000_000).isEqualTo(42);
  }

  @Test
  @Tag("R4.6")
  void theClientLearnsTheBlockTheStampsAndTheValidatorsOfThisPayoutCycle() {
    Scenario story = Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).begin();
    story.until(1, 100);
    Envelope entry = story.transfer("ann", "bob", 1, 1);
    story.submit("ann", entry, story.validators());
    story.until(3, 0);

    List<Ack> acks = story.acks("ann", story.idOf(entry));
    assertThat(acks).anyMatch(ack -> ack.getPeriodValidators().getMembersCount() == 4);
    assertThat(acks).allMatch(ack -> ack.getSlot() == 1 && ack.getHeight() == 2);
    assertThat(story.statuses("ann", story.idOf(entry)))
        .hasSize(4)
        .allMatch(status -> status.getResult() == EntryResult.ENTRY_RESULT_OK);
  }

  @Test
  @Tag("R4.6")
  void whoAsksEnoughValidatorsItselfGetsOneStampOfEach() {
    Scenario story =
        Scenario.with(validators(9, 3), client("ann"), client("bob", 1_000_000)).begin();
    story.until(2, 300);
    Envelope entry = story.transfer("ann", "bob", 42, 1);
    Submit submit = Submit.newBuilder().setEntry(entry).setOwnStampOnly(true).build();
    List<NodeId> three = story.validators().subList(2, 5);
    three.forEach(validator -> story.tell("ann", validator, submit));
    story.until(5, 0);

    List<Ack> acks = story.acks("ann", story.idOf(entry));
    assertThat(acks).hasSize(3).allMatch(ack -> ack.getStampsCount() == 1);
    assertThat(acks.stream().map(ack -> ack.getStamps(0).getHeader().getSigner()).distinct())
        .hasSize(3);
    assertThat(story.chronicle().slotOf(story.idOf(entry))).contains(2L);
  }

  /** Each entry would once put the batch off by 50 ms more, until the cut-off. */
  @Test
  @Tag("R4.6")
  void aStreamOfRequestsPutsNoPromiseOff() {
    Scenario story = Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).begin();
    story.until(2, 200);
    Envelope first = story.transfer("ann", "bob", 1, 1);
    story.submit("ann", first, story.validators());
    for (int i = 1; i < 15; i++) {
      story.until(2, 200 + 20L * i);
      story.submit("ann", story.transfer("ann", "bob", 1, 1 + i), story.validators());
    }

    assertThat(story.acks("ann", story.idOf(first))).isNotEmpty();
  }

  @Test
  @Tag("R4.1")
  @Tag("R4.18")
  void whoIsHaltedPromisesNothingBeyondTheTwoOpenFilesWhateverLanesOthersBegin() {
    Scenario story =
        Scenario.with(validators(4), client("ann"), client("bob", 1_000_000))
            .traitor(2, Lies.earlyLanes())
            .begin();
    story.until(5, 500);
    story.simulation().crash(story.validator(0));
    story.simulation().crash(story.validator(1));
    story.until(7, 300);
    Envelope entry = story.transfer("ann", "bob", 1, 1);
    story.submit("ann", entry, List.of(story.validator(3)));
    story.until(8, 0);

    assertThat(story.acks("ann", story.idOf(entry))).isEmpty();
    assertThat(story.rejects("ann"))
        .extracting(Reject::getCode)
        .containsExactly(RejectCode.REJECT_CODE_HALTED);
  }

  /** A transfer that is handed to all validators now. */
  private static Envelope submit(Scenario story, String from, String to, long grains, long nonce) {
    Envelope entry = story.transfer(from, to, grains, nonce);
    story.submit(from, entry, story.validators());
    return entry;
  }
}
