package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.validators;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.ledger.Table;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EvidenceLeaf;
import org.undchain.core.message.Vote;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Scenario;
import org.undchain.sim.SimulationFailure;
import org.undchain.sim.Traitor;
import org.undchain.sim.Violation;

/** Validators that work together against the others. */
class CollusionTest {

  /**
   * The owner's three of nine exist twice, one time for each half of the others. Each side has six
   * of the seven that a block needs: the chain halts, it does not fork, and goes on afterwards.
   */
  @Test
  @Tag("case-45")
  @Tag("I14")
  void allKnownValidatorsTogetherCanHaltButNotFork() {
    Collusion nine = new Collusion(9, 3);
    nine.begin();
    nine.runSlots(20);
    assertThat(nine.agreedHeight()).isZero();
    nine.end();
    nine.runSlots(40);
    assertThat(nine.agreedHeight()).isGreaterThan(3);
  }

  /** One more than the bound of R10.2: with 2q − n the same plot must fork, or it proves nothing. */
  @Test
  @Tag("case-45")
  @Tag("R10.2")
  void oneMoreThanTheBoundForks() {
    Collusion ten = new Collusion(10, 4);
    assertThatThrownBy(() -> {
          ten.begin();
          ten.runSlots(20);
        })
        .isInstanceOf(SimulationFailure.class)
        .cause()
        .isInstanceOfSatisfying(
            Violation.class, violation -> assertThat(violation.invariant()).isEqualTo("S1"));
  }

  /** f liars, one honest one cut off and one dead: less than a quorum of honest words is left. */
  @Test
  @Tag("case-44")
  void fLiarsAPartitionAndACrashForkNothing() {
    Scenario story =
        Scenario.with(validators(7, 2), client("ann"), client("bob", 1_000_000))
            .traitor(1, votesTwice())
            .traitor(4, votesTwice())
            .begin();
    story.until(4, 300);
    story.simulation().crash(story.validator(0));
    story.simulation().network().partition(List.of(story.validator(6)));
    Envelope entry = story.transfer("ann", "bob", 7, 1);
    story.submit("ann", entry, story.validators());
    story.until(14, 0);
    story.simulation().network().heal();
    story.simulation().start(story.validator(0));
    long height = story.chronicle().height();
    story.until(34, 0);

    assertThat(story.chronicle().height()).isGreaterThan(height + 10);
    assertThat(story.chronicle().slotOf(story.idOf(entry))).isPresent();
    List<NodeId> liars = List.of(story.validator(1), story.validator(4));
    assertThat(story.chronicle().state().all(Table.EVIDENCE, EvidenceLeaf.class))
        .isNotEmpty()
        .allMatch(leaf -> liars.contains(NodeId.of(leaf.getOffender())));
  }

  /** Another vote beside each first one of a round. */
  private static Traitor.Lie votesTwice() {
    return new Traitor.Lie() {
      @Override
      public List<Vote> instead(Traitor liar, BlockTime now, Vote vote) {
        return vote.getValue().isEmpty()
            ? List.of(vote)
            : List.of(vote, vote.toBuilder().clearValue().clearPolRoundPlusOne().build());
      }
    };
  }
}
