package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.validators;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.sim.Cast;
import org.undchain.sim.Chance;
import org.undchain.sim.Scenario;
import org.undchain.sim.checker.LoadChecker;
import org.undchain.sim.checker.RecedingChecker;

/** Far more requests than fit: refused with a time to come back, and nobody else notices. */
class OverloadTest {
  private static final int PENDING = 16;

  private static Scenario crowd(int flooders) {
    List<Cast> cast = new ArrayList<>(List.of(validators(4), client("bob"), client("cid")));
    for (int i = 0; i < flooders; i++) {
      cast.add(client("flood " + i));
    }
    Scenario story = Scenario.with(cast.toArray(Cast[]::new)).period(480).begin();
    story.simulation().observe(new LoadChecker(story.simulation()::loads));
    return story;
  }

  /** Ten times what an account may have on its way, from each account in every slot. */
  private static void flood(Scenario story, int flooders, Chance chance) {
    for (int i = 0; i < flooders; i++) {
      String name = "flood " + i;
      long floor =
          story
              .chronicle()
              .state()
              .account(story.id(name))
              .map(AccountLeaf::getNonceFloor)
              .orElse(0L);
      for (int k = 1; k <= 10 * PENDING; k++) {
        Envelope entry = story.transfer(name, "cid", k, floor + 1 + k % 48);
        story.submit(name, entry, List.of(chance.pick(story.validators())));
      }
    }
  }

  @Test
  @Tag("case-56")
  @Tag("slow")
  void tenMinutesOfTenTimesTheRateCostNoVoteAndNoHonestEntry() {
    int flooders = 1;
    Scenario story = crowd(flooders);
    Chance chance = Chance.of(1, "flood");
    List<Envelope> honest = new ArrayList<>();
    int last = 302;
    for (int slot = 2; slot < last; slot++) {
      story.until(slot, 200);
      flood(story, flooders, chance);
      if (slot % 5 == 0) {
        story.until(slot, 900);
        Envelope entry = story.transfer("bob", "cid", 1, honest.size() + 1);
        honest.add(entry);
        story.submit("bob", entry, List.of(chance.pick(story.validators())));
      }
    }
    story.until(last + 3, 0);
    for (Envelope entry : honest) {
      long promised = story.acks("bob", story.idOf(entry)).getFirst().getSlot();
      assertThat(story.chronicle().slotOf(story.idOf(entry))).contains(promised);
    }
    assertThat(story.rejects("bob")).isEmpty();
    assertThat(refusals(story, flooders).size()).isGreaterThan(20_000);
    assertThat(story.rounds().values()).allMatch(round -> round == 0);
    assertThat(story.chronicle().height()).isGreaterThan(300);

    story.until(last + 15, 0); // 30 s
    new RecedingChecker(story.simulation()::loads).judge(story.validators());
  }

  @Test
  @Tag("case-56")
  @Tag("R4.2")
  @Tag("R4.3")
  void whoIsRefusedBecauseAllIsFullIsToldWhenToComeBack() {
    int flooders = 36;
    Scenario story = crowd(flooders);
    story.until(2, 100);
    for (int i = 0; i < flooders; i++) {
      String name = "flood " + i;
      for (int nonce = 1; nonce <= PENDING + 1; nonce++) {
        story.submit(name, story.transfer(name, "cid", 1, nonce), List.of(story.validator(1)));
      }
    }
    story.until(3, 900);
    List<Reject> refusals = refusals(story, flooders);
    assertThat(refusals)
        .extracting(Reject::getCode)
        .contains(RejectCode.REJECT_CODE_QUOTA, RejectCode.REJECT_CODE_TOO_MANY_PENDING);
    assertThat(refusals)
        .allMatch(it -> it.getRetryAfterMillis() > 0 && it.getRetryAfterMillis() <= 2_000);

    Envelope again = story.transfer("flood 35", "cid", 1, PENDING + 1);
    story.submit("flood 35", again, List.of(story.validator(1)));
    story.until(6, 0);
    assertThat(story.chronicle().slotOf(story.idOf(again))).contains(3L);
    assertThat(story.rounds().values()).allMatch(round -> round == 0);
  }

  private static List<Reject> refusals(Scenario story, int flooders) {
    List<Reject> all = new ArrayList<>();
    for (int i = 0; i < flooders; i++) {
      all.addAll(story.rejects("flood " + i));
    }
    return all;
  }
}
