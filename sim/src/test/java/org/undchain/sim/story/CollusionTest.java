package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.liveClient;
import static org.undchain.sim.Cast.livePartner;
import static org.undchain.sim.Cast.validators;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.codec.Canonical;
import org.undchain.core.consensus.AgreementNotice;
import org.undchain.core.ledger.Table;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Entry;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EvidenceLeaf;
import org.undchain.core.message.Submit;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Scenario;
import org.undchain.sim.SimulationFailure;
import org.undchain.sim.Traitor;
import org.undchain.sim.Violation;
import org.undchain.sim.checker.ConvictionChecker;

/** Validators that work together against the others. */
@Tag("slow")
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

  /**
   * One more than the bound of R10.2: with 2q − n the same plot must fork, or it proves nothing.
   */
  @Test
  @Tag("case-45")
  @Tag("R10.2")
  void oneMoreThanTheBoundForks() {
    Collusion ten = new Collusion(10, 4);
    assertThatThrownBy(
            () -> {
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

  /**
   * Who decides first is never heard of it: the precommits of its round reach nobody else, and it
   * is cut off. The others are locked on the same value and decide it in a later round.
   */
  @Test
  @Tag("case-46")
  @Tag("R4.23")
  void whatTheFirstDeciderDecidedTheOthersDecideWithoutIt() {
    Scenario story = Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).begin();
    NodeId first = story.validator(1);
    long height = 5;
    story
        .simulation()
        .network()
        .censor((from, to, message) -> isDecision(message, height) && !to.equals(first));
    story
        .simulation()
        .observe(
            new Observer() {
              @Override
              public void onNotice(NodeId node, BlockTime now, Notice notice) {
                if (notice instanceof AgreementNotice.Decided decided
                    && decided.height() == height
                    && node.equals(first)) {
                  story.simulation().network().partition(List.of(first));
                  story.simulation().network().censor((from, to, message) -> false);
                }
              }
            });
    story.until(4, 300);
    Envelope entry = story.transfer("ann", "bob", 7, 1);
    story.submit("ann", entry, story.validators());
    story.until(12, 0);
    assertThat(story.chronicle().height(first)).isEqualTo(height);
    assertThat(story.chronicle().height(story.validator(0))).isGreaterThan(height + 1);
    story.simulation().network().heal();
    story.until(20, 0);
    assertThat(story.chronicle().height(first)).isGreaterThan(16);
    assertThat(story.chronicle().slotOf(story.idOf(entry))).contains(4L);
  }

  /** A precommit of round 0, or a certificate of some. */
  private static boolean isDecision(Envelope message, long height) {
    if (message.getType() == WireMessage.VOTE_FIELD_NUMBER) {
      return Canonical.decode(Vote.parser(), Bytes.of(message.getBody()))
          .filter(vote -> vote.getHeight() == height && vote.getRound() == 0)
          .filter(vote -> vote.getType() == VoteType.VOTE_TYPE_PRECOMMIT)
          .isPresent();
    }
    return message.getType() == WireMessage.CERT_FIELD_NUMBER
        && Canonical.decode(Cert.parser(), Bytes.of(message.getBody()))
            .filter(cert -> cert.getHeight() == height)
            .filter(cert -> cert.getType() == VoteType.VOTE_TYPE_PRECOMMIT)
            .isPresent();
  }

  /**
   * The documented limit: three of four that stamp no COMPLETE keep a receipt from the chain.
   * Nobody is convicted for it, nobody honest least of all; the seat is cancelled and the escrow
   * comes back.
   */
  @Test
  @Tag("case-10")
  @Tag("R7.13")
  void moreThanTwoThirdsThatIgnoreReceiptsCostThePartnerItsPayAndNobodyElseAnything() {
    Scenario story =
        Scenario.with(validators(4), liveClient("ann"), livePartner("paul")).period(48).begin();
    NodeId faithful = story.validator(3);
    ConvictionChecker nobody = new ConvictionChecker(node -> false);
    story.simulation().observe(nobody);
    story.until(3, 300);
    Job job = Job.requested(story, 1);
    Hash seat = job.startSeat(0, "paul");
    job.workAndPay(seat, "paul", 3);
    // to ignore an entry is to be deaf to it, first-hand and in the lane of who is not
    story
        .simulation()
        .network()
        .censor((from, to, message) ->
            story.validators().contains(to)
                && !to.equals(faithful)
                && (isCompletion(message)
                    || from.equals(faithful)
                        && (message.getType() == WireMessage.LANE_BATCH_FIELD_NUMBER
                            || message.getType() == WireMessage.RECON_FIELD_NUMBER)));
    job.close(seat);
    story.until(46, 0);
    long before = story.chronicle().height();
    assertThat(before).isGreaterThan(40);
    story.until(52, 0);

    assertThat(story.balance("paul")).isZero();
    assertThat(story.chronicle().payouts().getFirst().getJobs(0).getSeats(0).getPaid()).isZero();
    assertThat(story.chronicle().height()).isGreaterThan(before + 3);
    assertThat(nobody.convictions()).isZero();
  }

  private static boolean isCompletion(Envelope message) {
    return message.getType() == WireMessage.SUBMIT_FIELD_NUMBER
        && Canonical.decode(Submit.parser(), Bytes.of(message.getBody()))
            .filter(submit -> submit.getEntry().getType() == Entry.COMPLETE_FIELD_NUMBER)
            .isPresent();
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
