package org.undchain.core.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.core.consensus.Bench.precommit;
import static org.undchain.core.consensus.Bench.prevote;
import static org.undchain.core.consensus.Bench.value;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.machine.Effect;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Cert;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Hash;

/**
 * The directed vectors of section 20 that concern the vote: each kills one mistake that random
 * schedules hardly ever find. n = 4; d is the proposer of round 1.
 */
class DirectedVectorsTest {
  private static final Hash NIL = Ballot.NIL;
  private static final Candidate A = ToyFiles.file("a");
  private static final Candidate B = ToyFiles.file("a", "b");

  private final Committee four = new Committee(4);
  private final int d = four.proposer(1);
  private final int a = (d + 1) % 4;
  private final int b = (d + 2) % 4;
  private final int c = (d + 3) % 4;

  private Bench bench(int member, String... names) {
    return new Bench(four, member, new ToyFiles().with(names)).started();
  }

  /** c as T1 leaves it at the end of round 0: locked on A, in round 1. */
  private Bench lockedOnA() {
    Bench bench = bench(c, "a");
    bench.prevotes(0, value(A), a, b, d);
    assertThat(bench.votes()).contains(precommit(0, value(A)));
    bench.precommits(0, NIL, a);
    bench.precommits(0, value(A), b);
    bench.fire(Alarms.PRECOMMIT);
    assertThat(bench.agreement.round()).isEqualTo(1);
    bench.look();
    return bench;
  }

  @Test
  @Tag("T1")
  void aLockedValidatorPrevotesNilForAnotherValueWithoutAPol() {
    Bench bench = lockedOnA();
    bench.proposal(four.proposal(1, B));
    assertThat(bench.votes()).containsExactly(prevote(1, NIL, -1));
  }

  @Test
  @Tag("T2")
  void aValidatorThatLostItsLogStaysSilent() {
    Agreement.Terms amnesiac = four.terms(c, BlockKind.BLOCK_KIND_NORMAL, true);
    Bench bench = new Bench(four, amnesiac, c, new ToyFiles().with("a")).started();
    bench.precommits(0, NIL, a, b, d);
    bench.proposal(four.proposal(1, B));
    bench.prevotes(1, value(B), a, b, d);
    bench.fire(Alarms.REPEAT);
    assertThat(bench.look())
        .noneMatch(Effect.Persist.class::isInstance)
        .filteredOn(Effect.Broadcast.class::isInstance)
        .extracting(effect -> ((Effect.Broadcast) effect).message().getType())
        .containsOnly(WireMessage.CERT_FIELD_NUMBER);
  }

  @Test
  @Tag("T1")
  @Tag("R4.40")
  void aValidatorThatKeptItsLogKeepsItsLock() {
    Bench bench = lockedOnA();
    bench.files.with("b");
    bench = bench.restarted();
    bench.votes();
    bench.precommits(0, NIL, a, d);
    bench.prevotes(1, NIL, a, d);
    assertThat(bench.agreement.round()).isEqualTo(1);
    bench.proposal(four.proposal(1, B));
    assertThat(bench.votes()).contains(prevote(1, NIL, -1));
  }

  @Test
  @Tag("T3")
  void aPolFreesFromTheOwnInsistSet() {
    Bench bench = bench(a, "a", "j");
    bench.precommits(0, NIL, b, c, d);
    bench.look();
    Cert pol = four.pol(0, value(A), b, c, d);
    bench.proposal(four.proposal(d, 1, A, Optional.of(pol)));
    assertThat(bench.votes()).containsExactly(prevote(1, value(A), 0));
  }

  @Test
  @Tag("T3")
  @Tag("R4.23")
  void aNewerPolFreesFromTheLock() {
    Bench bench = lockedOnA();
    bench.precommits(1, NIL, a, b, d);
    bench.look();
    Cert pol = four.pol(1, value(B), a, b, d);
    bench.proposal(four.proposal(four.proposer(2), 2, B, Optional.of(pol)));
    assertThat(bench.votes()).containsExactly(prevote(2, value(B), 1));
  }

  @Test
  @Tag("R4.23")
  void aPolOlderThanTheLockDoesNotFreeFromIt() {
    Bench bench = bench(a, "a");
    bench.precommits(0, NIL, b, c, d);
    bench.proposal(four.proposal(1, A));
    bench.prevotes(1, value(A), b, c, d);
    assertThat(bench.votes()).contains(precommit(1, value(A)));
    bench.precommits(1, NIL, b, c, d);
    bench.look();
    Cert older = four.pol(0, value(B), b, c, d);
    bench.proposal(four.proposal(four.proposer(2), 2, B, Optional.of(older)));
    assertThat(bench.votes()).containsExactly(prevote(2, NIL, -1));
  }

  @Test
  @Tag("T4")
  void aPolThatIsHeldIsNamedEvenIfTheProposerDoesNot() {
    Bench bench = bench(a, "a");
    bench.cert(four.pol(0, value(A), b, c, d));
    bench.precommits(0, NIL, b, c, d);
    bench.look();
    bench.proposal(four.proposal(1, A));
    List<WireMessage> said = Bench.bodies(bench.envelopes());
    assertThat(said.stream().filter(WireMessage::hasVote).map(WireMessage::getVote))
        .containsExactly(prevote(1, value(A), 0));
    assertThat(said.getFirst().getCert().getRound()).isZero();
    assertThat(said.getFirst().hasCert()).as("the POL goes in front of the vote").isTrue();
  }

  @Test
  @Tag("T6")
  void aPrevoteThatClaimsAPolNobodyHasDoesNotCount() {
    Bench bench = bench(a, "a");
    bench.precommits(0, NIL, b, c, d);
    bench.proposal(four.proposal(1, A));
    bench.vote(four.prevote(b, 1, value(A)));
    bench.vote(four.prevote(d, 1, value(A), 0));
    assertThat(bench.votes()).doesNotContain(precommit(1, value(A)));
    bench.cert(four.pol(0, value(A), b, c, d));
    assertThat(bench.votes()).containsExactly(precommit(1, value(A)));
    Cert pol = bench.agreement.pols().getLast();
    assertThat(pol.getRound()).isEqualTo(1);
    assertThat(pol.getEarlierList()).hasSize(1);
    assertThat(Certificates.verify(Committee.CHAIN, ToyKeys.CHECK, four.set, pol)).isTrue();
  }

  @Test
  @Tag("T6")
  @Tag("R4.24a")
  void aPrevoteThatDoesNotCountStillRunsThePrevoteTimer() {
    Bench bench = bench(a, "a");
    bench.precommits(0, NIL, b, c, d);
    bench.proposal(four.proposal(1, A));
    bench.vote(four.prevote(b, 1, value(A)));
    bench.vote(four.prevote(d, 1, value(A), 0));
    bench.look();
    bench.fire(Alarms.PREVOTE);
    assertThat(bench.votes()).containsExactly(precommit(1, NIL));
  }

  @Test
  @Tag("T10")
  void aDecisionWhoseCertificateWasLostIsReachedByTheOthersToo() {
    Net net = new Net(4, 1);
    net.delayMin = 60;
    for (int member : List.of(a, b, c)) {
      net.add(member, new ToyFiles().with("a"));
    }
    net.cut = (from, to) -> to == a || from == a || (from == b && net.now > 70);
    net.honest.values().forEach(Net.Node::start);
    for (int member : List.of(b, c)) {
      Net.Node node = net.node(member);
      net.at(10, () -> node.receive(ToyKeys.id(d), four.prevote(d, 0, value(A)).envelope()));
    }
    Net.Node deciding = net.node(b);
    net.at(80, () -> deciding.receive(ToyKeys.id(d), four.precommit(d, 0, value(A)).envelope()));
    net.run(900);
    assertThat(deciding.decidedAt).isPositive();
    assertThat(net.node(a).decidedAt).isNegative();
    assertThat(net.node(c).decidedAt).isNegative();
    net.cut = (from, to) -> false;
    net.run(60_000);
    assertThat(net.node(a).decidedAt).isPositive();
    assertThat(net.node(c).decidedAt).isPositive();
    net.check();
    assertThat(deciding.agreement.decision().orElseThrow().candidate()).isEqualTo(A);
  }

  @Test
  @Tag("T13")
  void aLockedValidatorThatPrevotesNilIsNotConvicted() {
    Bench bench = bench(a, "a");
    bench.precommits(0, value(A), b);
    bench.prevotes(1, NIL, b);
    bench.vote(four.prevote(b, 2, value(A), -1));
    bench.vote(four.prevote(b, 3, value(B), 2));
    assertThat(bench.agreement.breaches()).isEmpty();
  }

  @Test
  @Tag("E6")
  void whoIgnoresItsLockIsConvictedWhateverComesFirst() {
    for (boolean precommitFirst : List.of(true, false)) {
      Bench bench = bench(a, "a");
      if (precommitFirst) {
        bench.precommits(0, value(A), b);
      }
      bench.vote(four.prevote(b, 2, value(B), -1));
      if (!precommitFirst) {
        bench.precommits(0, value(A), b);
      }
      assertThat(bench.agreement.breaches())
          .containsExactly(
              new Breach.IgnoredLock(
                  ToyKeys.id(b),
                  four.precommit(b, 0, value(A)).envelope(),
                  four.prevote(b, 2, value(B)).envelope()));
      assertThat(bench.agreement.breaches()).isEmpty();
    }
  }

  @Test
  @Tag("T15")
  void aVoteToSkipClosesTheSlotsForGoodWhateverIsDecided() {
    Bench bench = bench(a);
    bench.precommits(0, NIL, b, c, d);
    bench.look();
    bench.proposal(four.proposal(1, ToyFiles.file(ToyFiles.SLOT + 3, List.of())));
    bench.look();
    Candidate other = ToyFiles.file(ToyFiles.SLOT + 1, List.of());
    bench.cert(four.qc(2, value(other), b, c, d));
    assertThat(bench.agreement.decision().orElseThrow().candidate()).isEqualTo(other);
    assertThat(bench.files.closed).containsExactly(ToyFiles.SLOT + 3);
    assertThat(bench.log.stream().filter(LogRecord::hasClosed)).hasSize(1);
  }

  @Test
  @Tag("E1")
  void twoVotesForOnePlaceAreABreachAlsoIfOnlyTheirPolRoundsDiffer() {
    Bench bench = bench(a, "a");
    bench.vote(four.prevote(b, 2, value(A), -1));
    bench.vote(four.prevote(b, 2, value(A), -1));
    assertThat(bench.agreement.breaches()).isEmpty();
    bench.vote(four.prevote(b, 2, value(A), 1));
    bench.vote(four.prevote(b, 2, value(B), 1));
    assertThat(bench.agreement.breaches())
        .containsExactly(
            new Breach.DoubleVote(
                ToyKeys.id(b),
                four.prevote(b, 2, value(A), -1).envelope(),
                four.prevote(b, 2, value(A), 1).envelope()));
  }

  @Test
  @Tag("E1")
  void aSecondVoteHiddenInACertificateIsFound() {
    Bench bench = bench(a, "a");
    bench.prevotes(0, NIL, d);
    bench.cert(four.pol(0, value(A), b, c, d));
    assertThat(bench.agreement.breaches()).extracting(Breach::code).containsExactly(1);
  }

  @Test
  @Tag("E2")
  void twoProposalsOfOneRoundAreABreachAndOnlyTheFirstIsVotedOn() {
    Bench bench = bench(a, "a");
    bench.precommits(0, NIL, b, c, d);
    bench.proposal(four.proposal(1, B));
    bench.proposal(four.proposal(1, A));
    assertThat(bench.votes()).contains(prevote(1, value(B), -1));
    assertThat(bench.agreement.breaches())
        .containsExactly(
            new Breach.DoubleProposal(
                ToyKeys.id(d), four.proposal(1, B).envelope(), four.proposal(1, A).envelope()));
  }
}
