package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.validators;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.NodeId;
import org.undchain.sim.LinkProfile;
import org.undchain.sim.Observer;
import org.undchain.sim.Scenario;

/** Votes that come when their height is decided: of every height f of them, from everybody. */
class LateVotesTest {
  private static final int SLOTS = 12;

  @Test
  @Tag("R4.28")
  void theAnswerIsTheCertificateThatWasToldAndNotTheFile() {
    Scenario story =
        Scenario.with(validators(7), client("ann"), client("bob", 1_000_000))
            .network(LinkProfile.WORLD)
            .stage(300)
            .begin();
    TreeMap<Integer, Integer> said = new TreeMap<>();
    story
        .simulation()
        .observe(
            new Observer() {
              @Override
              public void onSaid(NodeId from, Envelope message) {
                said.merge(message.getType(), 1, Integer::sum);
              }
            });
    for (int slot = 1; slot < SLOTS; slot++) {
      story.until(slot, 300);
      List<NodeId> two = story.validators().subList(0, 2);
      story.submit("ann", story.transfer("ann", "bob", 1, slot), two);
    }
    story.until(SLOTS + 1, 0);

    int blocks = story.chronicle().blocks().size();
    assertThat(blocks).isGreaterThan(SLOTS - 3);
    int polAndCertificateOfEach = 2 * 7 * blocks;
    assertThat(said.get(WireMessage.CERT_FIELD_NUMBER)).isBetween(7, polAndCertificateOfEach);
    assertThat(said).doesNotContainKey(WireMessage.GET_REPLY_FIELD_NUMBER);
  }
}
