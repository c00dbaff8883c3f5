package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.validators;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.job.Shedding;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Scenario;

/** What a full block that came late costs the next file (R4.3, section 11). */
class LateBlockTest {
  private static final List<String> CLIENTS = List.of("ann", "cleo", "dora", "eve");
  private static final int EACH = 12;

  @Test
  @Tag("R4.3")
  @Tag("case-56")
  void aFullBlockThatCameLateMakesTheNextFileSmallerAndTheRestHearsWhenToComeBack() {
    Scenario story =
        Scenario.with(
                validators(4),
                client("ann"),
                client("cleo"),
                client("dora"),
                client("eve"),
                client("bob", 1_000_000))
            .begin();
    story.until(3, 500);
    List<Envelope> first = submit(story, 1);
    story.until(3, 1_990);
    story.simulation().network().partition(story.validators().subList(0, 2));
    story.until(4, 1_400);
    story.simulation().network().heal();
    story.until(5, 500);
    assertThat(first).allMatch(entry -> story.chronicle().slotOf(story.idOf(entry)).isPresent());
    assertThat(CLIENTS).as("none was refused").allMatch(name -> story.rejects(name).isEmpty());

    List<Envelope> second = submit(story, 1 + EACH);
    story.until(8, 0);
    List<Reject> refused = CLIENTS.stream().flatMap(name -> story.rejects(name).stream()).toList();
    assertThat(refused)
        .isNotEmpty()
        .allMatch(reject -> reject.getCode() == RejectCode.REJECT_CODE_BUSY)
        .allMatch(reject -> reject.getRetryAfterMillis() > 0)
        .allMatch(reject -> reject.getRetryAfterMillis() <= 2_000);
    for (NodeId validator : story.validators()) {
      assertThat(story.simulation().notices(validator))
          .as("the door of %s is told", validator)
          .anyMatch(Shedding.class::isInstance);
    }
    assertThat(refused).as("a fifth of 52 by each validator").hasSizeBetween(4 * 7, 4 * 12);
    assertThat(second)
        .as("one validator's no is not everybody's")
        .filteredOn(entry -> story.chronicle().slotOf(story.idOf(entry)).isPresent())
        .hasSizeGreaterThan(30);
    for (String name : CLIENTS) {
      for (Envelope entry : second) {
        if (!story.acks(name, story.idOf(entry)).isEmpty()) {
          assertThat(story.chronicle().slotOf(story.idOf(entry))).as("promised").contains(5L);
        }
      }
    }
  }

  private static List<Envelope> submit(Scenario story, int firstNonce) {
    List<Envelope> entries = new ArrayList<>();
    for (int i = 0; i < EACH; i++) {
      for (String name : CLIENTS) {
        Envelope entry = story.transfer(name, "bob", 1, firstNonce + i);
        story.submit(name, entry, story.validators());
        entries.add(entry);
      }
    }
    return entries;
  }
}
