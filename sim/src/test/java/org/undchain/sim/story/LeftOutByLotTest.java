package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.validators;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Cast;
import org.undchain.sim.Scenario;

/** When not all fit, validators that hear of requests in different orders leave out the same. */
class LeftOutByLotTest {
  private static final List<String> CLIENTS =
      IntStream.range(0, 25).mapToObj(number -> "client" + number).toList();
  private static final int EACH = 16;

  @Test
  @Tag("R4.3")
  @Tag("case-56")
  void whomOneValidatorLeavesOutAllLeaveOut() {
    Scenario story =
        Scenario.with(
                Stream.of(
                        Stream.of(validators(4), client("bob", 1_000_000)),
                        CLIENTS.stream().map(name -> client(name)))
                    .flatMap(each -> each)
                    .toArray(Cast[]::new))
            .begin();
    story.until(3, 500);
    submit(story, 1);
    story.until(3, 1_990);
    story.simulation().network().partition(story.validators().subList(0, 2));
    story.until(4, 900);
    story.simulation().network().heal();
    story.until(4, 1_600);
    assertThat(refusals(story)).as("none was refused").isEmpty();

    submit(story, 1 + EACH);
    story.until(8, 0);
    List<Reject> refused = refusals(story);
    assertThat(refused).allMatch(reject -> reject.getCode() == RejectCode.REJECT_CODE_BUSY);
    Collection<Long> validators =
        refused.stream()
            .collect(Collectors.groupingBy(Reject::getRef, Collectors.counting()))
            .values();
    assertThat(validators).hasSizeGreaterThan(40);
    assertThat(validators)
        .as("refused by all four, but for those who came while the file had few")
        .filteredOn(count -> count == 4)
        .hasSizeGreaterThan(validators.size() * 2 / 3);
  }

  private static List<Reject> refusals(Scenario story) {
    return CLIENTS.stream().flatMap(name -> story.rejects(name).stream()).toList();
  }

  /** The same entries to all validators, to each in an order of its own. */
  private static void submit(Scenario story, int firstNonce) {
    List<Runnable> requests = new ArrayList<>();
    for (String name : CLIENTS) {
      for (int i = 0; i < EACH; i++) {
        Envelope entry = story.transfer(name, "bob", 1, firstNonce + i);
        for (NodeId validator : story.validators()) {
          requests.add(() -> story.submit(name, entry, List.of(validator)));
        }
      }
    }
    Collections.shuffle(requests, new Random(1));
    requests.forEach(Runnable::run);
  }
}
