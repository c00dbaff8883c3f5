package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.validators;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.codec.Canonical;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Vote;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Delay;
import org.undchain.sim.Observer;
import org.undchain.sim.Scenario;
import org.undchain.sim.checker.DurabilityChecker;

/**
 * A vote between the moment it is made and the moment it has left: the validator dies at each
 * place, or its disk takes too long. That nobody signs two things is judged all the while.
 */
class VoteOnDiskTest {
  private static final long HEIGHT = 5;

  private final Scenario story =
      Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).begin();
  private final NodeId victim = story.validator(1);
  private final List<Envelope> said = new ArrayList<>();

  @BeforeEach
  void listen() {
    story
        .simulation()
        .observe(
            new Observer() {
              @Override
              public void onSaid(NodeId from, Envelope message) {
                if (from.equals(victim)
                    && message.getKind() == EnvelopeKind.ENVELOPE_KIND_VOTE_VALUE) {
                  said.add(message);
                }
              }
            });
    story.simulation().observe(new DurabilityChecker((node, key) -> node.equals(victim)));
    story.until(3, 1_000);
  }

  private void slowDisk(long millis) {
    story.simulation().diskDelay(victim, new Delay(millis * 1_000, 0, 0));
  }

  private List<Envelope> saidAt(long height) {
    return said.stream().filter(vote -> of(vote).getHeight() == height).distinct().toList();
  }

  private static Vote of(Envelope envelope) {
    return Canonical.decode(Vote.parser(), Bytes.of(envelope.getBody())).orElseThrow();
  }

  private List<Envelope> written(long height) {
    return story.simulation().disk(victim).records().stream()
        .filter(LogRecord::hasVote)
        .map(record -> record.getVote().getVote())
        .filter(vote -> of(vote).getHeight() == height)
        .toList();
  }

  private void untilWritten(long height) {
    story
        .simulation()
        .runUntilOrFail(
            () -> !written(height).isEmpty(),
            story.simulation().now().plusMillis(20_000),
            "a vote in the log");
  }

  private void votesAgain() {
    slowDisk(2);
    story.simulation().start(victim);
    long height = story.chronicle().height();
    story.simulation().crash(story.validator(3)); // now the victim's vote is needed
    story.until(20, 0);
    assertThat(story.chronicle().height()).isGreaterThan(height + 5);
  }

  @Test
  @Tag("case-31")
  @Tag("R4.40")
  void aVoteThatNeverBecameDurableNeverLeftAndIsMadeAfresh() {
    slowDisk(500);
    untilWritten(HEIGHT);
    story.simulation().losePower(victim);
    assertThat(saidAt(HEIGHT)).isEmpty();
    assertThat(written(HEIGHT)).isEmpty();
    votesAgain();
  }

  @Test
  @Tag("case-32")
  @Tag("R4.40")
  void aVoteThatBecameDurableAndWasNotSentIsSentByteForByte() {
    story.simulation().crash(story.validator(3)); // so that the height waits for the victim
    story
        .simulation()
        .observe(
            new Observer() {
              @Override
              public void onDurable(NodeId node, LogRecord record) {
                if (node.equals(victim)
                    && record.hasVote()
                    && of(record.getVote().getVote()).getHeight() == HEIGHT) {
                  story.simulation().doom(victim); // before anything leaves that waits for it
                }
              }
            });
    untilDead();
    List<Envelope> kept = written(HEIGHT);
    assertThat(kept).hasSize(1);
    assertThat(saidAt(HEIGHT)).isEmpty();

    story.simulation().start(victim);
    story
        .simulation()
        .runUntilOrFail(
            () -> !saidAt(HEIGHT).isEmpty(),
            story.simulation().now().plusMillis(5_000),
            "the vote of before");
    assertThat(saidAt(HEIGHT)).containsExactlyElementsOf(kept);
  }

  private void untilDead() {
    story
        .simulation()
        .runUntilOrFail(
            () -> !story.simulation().isRunning(victim),
            story.simulation().now().plusMillis(20_000),
            "the victim's death");
  }

  @Test
  @Tag("case-33")
  @Tag("R4.40")
  void whoDiesRightBehindAVoteThatLeftMakesNoOther() {
    boolean[] isKilled = {false};
    story
        .simulation()
        .observe(
            new Observer() {
              @Override
              public void onSaid(NodeId from, Envelope message) {
                if (from.equals(victim)
                    && message.getKind() == EnvelopeKind.ENVELOPE_KIND_VOTE_VALUE
                    && of(message).getHeight() == HEIGHT
                    && !isKilled[0]) {
                  isKilled[0] = true;
                  story
                      .simulation()
                      .at(story.simulation().now(), () -> story.simulation().losePower(victim));
                }
              }
            });
    untilDead();
    assertThat(saidAt(HEIGHT)).hasSize(1);
    votesAgain();
    assertThat(saidAt(HEIGHT).stream().filter(vote -> isSamePlace(vote, said.getFirst())))
        .hasSizeLessThanOrEqualTo(1);
  }

  private static boolean isSamePlace(Envelope one, Envelope other) {
    Vote a = of(one);
    Vote b = of(other);
    return a.getHeight() == b.getHeight()
        && a.getRound() == b.getRound()
        && a.getType() == b.getType();
  }

  /**
   * The disk needs two slots for a vote: it is durable when its height is decided long ago. It
   * leaves as it is and counts for nothing else; the others wait for nobody.
   */
  @Test
  @Tag("case-34")
  @Tag("I20")
  void aVoteThatBecomesDurableTooLateLeavesAsItIsAndCountsForNoOtherHeight() {
    long[] late = {0};
    story
        .simulation()
        .observe(
            new Observer() {
              @Override
              public void onSaid(NodeId from, Envelope message) {
                if (from.equals(victim)
                    && message.getKind() == EnvelopeKind.ENVELOPE_KIND_VOTE_VALUE
                    && of(message).getHeight() <= story.chronicle().height()) {
                  late[0]++;
                }
              }
            });
    slowDisk(4_500);
    Envelope entry = story.transfer("ann", "bob", 7, 1);
    story.submit("ann", entry, story.validators());
    story.until(15, 0);
    assertThat(late[0]).as("votes that left behind the decision").isGreaterThan(3);
    assertThat(story.chronicle().height()).isGreaterThan(13);
    slowDisk(2);
    story.until(25, 0);
    assertThat(story.chronicle().height(victim)).isGreaterThan(22);
    assertThat(story.balance("bob")).isEqualTo(1_000_007);
  }

  /** With its slow disk a validator is part of the quorum: blocks wait for its sync. */
  @Test
  @Tag("case-34")
  void aQuorumThatNeedsASlowDiskWaitsForIt() {
    story.simulation().crash(story.validator(3));
    slowDisk(700);
    long before = story.chronicle().height();
    story.until(20, 0);
    assertThat(story.chronicle().height()).isGreaterThan(before + 4);
  }
}
