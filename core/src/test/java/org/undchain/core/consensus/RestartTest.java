package org.undchain.core.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.undchain.core.consensus.Bench.prevote;
import static org.undchain.core.consensus.Bench.value;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.machine.DamagedRecords;
import org.undchain.core.machine.Effect;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.VoteRecord;
import org.undchain.core.value.Hash;

/**
 * What a validator does after a crash with its log (R4.40) and with somebody else using its key.
 */
class RestartTest {
  private static final Hash NIL = Ballot.NIL;
  private static final Candidate A = ToyFiles.file("a");
  private static final Candidate B = ToyFiles.file("a", "b");
  private final Committee four = new Committee(4);
  private final int proposer = four.proposer(1);
  private final int[] others = {(proposer + 1) % 4, (proposer + 2) % 4, (proposer + 3) % 4};

  @Test
  @Tag("case-32")
  @Tag("R4.40")
  void theLastVoteIsSentAgainByteForByteAlthoughTheFileChanged() {
    Bench bench = new Bench(four, 0, new ToyFiles().with("a")).started();
    List<Envelope> before = bench.envelopes();
    bench.files.with("b");
    bench = bench.restarted();
    List<Effect> effects = bench.look();
    assertThat(effects).noneMatch(Effect.Persist.class::isInstance);
    assertThat(effects)
        .contains(new Effect.Broadcast(four.set.others(ToyKeys.id(0)), before.getFirst()));
  }

  @Test
  @Tag("R4.40")
  void aCrashBetweenPrevoteAndPrecommitLeavesThePrecommitToBeMade() {
    Bench bench = new Bench(four, 0, new ToyFiles().with("a")).started().restarted();
    bench.look();
    bench.prevotes(0, value(A), 1, 2);
    assertThat(bench.votes()).containsExactly(Bench.precommit(0, value(A)));
  }

  @Test
  @Tag("R4.40")
  void aProposerSendsItsProposalAgainAndMakesNoOther() {
    Bench bench = new Bench(four, proposer, new ToyFiles().with("a")).started();
    bench.precommits(0, NIL, others);
    bench.fire(Alarms.RECOVER);
    List<Envelope> before =
        bench.envelopes().stream().filter(it -> Committee.open(it).body().hasProposal()).toList();
    bench.files.with("b");
    bench = bench.restarted();
    bench.fire(Alarms.RECOVER);
    List<Envelope> after =
        bench.envelopes().stream().filter(it -> Committee.open(it).body().hasProposal()).toList();
    assertThat(before).hasSize(1);
    assertThat(after).hasSize(1).isEqualTo(before);
  }

  @Test
  @Tag("case-47")
  @Tag("R4.40")
  void lockAndPolComeBackWithTheContentTheyNeed() {
    int member = others[0];
    Bench bench = new Bench(four, member, new ToyFiles().with("a")).started();
    bench.precommits(0, NIL, proposer, others[1], others[2]);
    bench.proposal(four.proposal(1, B));
    bench.prevotes(1, value(B), proposer, others[1]);
    assertThat(bench.votes()).contains(Bench.precommit(1, value(B)));
    bench = bench.restarted();
    assertThat(bench.agreement.round()).isEqualTo(1);
    assertThat(bench.agreement.pols()).extracting(Cert::getRound).containsExactly(1);
    bench.precommits(1, NIL, proposer, others[1], others[2]);
    bench.look();
    bench.proposal(four.proposal(four.proposer(2), 2, B, Optional.empty()));
    assertThat(bench.votes()).contains(prevote(2, value(B), 1));
    assertThat(bench.agreement.decision()).isEmpty();
    bench.cert(four.qc(1, value(B), proposer, others[1], others[2]));
    assertThat(bench.agreement.decision().map(Decision::candidate)).contains(B);
  }

  @Test
  @Tag("R4.40")
  void recordsOfOtherHeightsAndKindsAreLeftAside() {
    Bench bench = new Bench(four, 0, new ToyFiles().with("a")).started();
    bench.look();
    assertThat(Restored.of(0, Committee.HEIGHT + 1, bench.log)).isEmpty();
    assertThat(Restored.of(1, Committee.HEIGHT, bench.log)).isEmpty();
    assertThat(Restored.of(0, Committee.HEIGHT, List.of(LogRecord.getDefaultInstance()))).isEmpty();
    assertThat(Restored.of(0, Committee.HEIGHT, bench.log).orElseThrow().last())
        .isEqualTo(new LastSigned(0, Committee.HEIGHT, 0, Step.PREVOTE));
  }

  @Test
  @Tag("R4.41")
  void aDamagedRecordIsRefused() {
    LogRecord damaged =
        LogRecord.newBuilder()
            .setVote(
                VoteRecord.newBuilder()
                    .setVote(
                        Envelope.newBuilder()
                            .setBody(com.google.protobuf.ByteString.copyFromUtf8("?"))))
            .build();
    assertThatThrownBy(() -> Restored.of(0, Committee.HEIGHT, List.of(damaged)))
        .isInstanceOf(DamagedRecords.class);
  }

  @Test
  @Tag("case-33")
  @Tag("R4.40")
  void theSigningRuleNeverPassesAPlaceTwiceNorBackwards() {
    SigningRule rule = new SigningRule(LastSigned.NOTHING);
    LastSigned prevote = new LastSigned(0, 5, 2, Step.PREVOTE);
    assertThat(rule.isAllowed(prevote)).isTrue();
    rule.sign(prevote);
    List<LastSigned> passed =
        List.of(
            prevote,
            new LastSigned(0, 5, 2, Step.PROPOSE),
            new LastSigned(0, 5, 1, Step.PRECOMMIT),
            new LastSigned(0, 4, 9, Step.PRECOMMIT));
    for (LastSigned place : passed) {
      assertThat(rule.isAllowed(place)).as(place.toString()).isFalse();
      assertThatThrownBy(() -> rule.sign(place)).isInstanceOf(IllegalStateException.class);
    }
    List<LastSigned> next =
        List.of(
            new LastSigned(0, 5, 2, Step.PRECOMMIT),
            new LastSigned(0, 5, 3, Step.PROPOSE),
            new LastSigned(0, 6, 0, Step.PREVOTE),
            new LastSigned(1, 0, 0, Step.PREVOTE));
    assertThat(next).allMatch(rule::isAllowed);
    assertThat(rule.last()).isEqualTo(prevote);
  }

  @Test
  @Tag("case-41")
  @Tag("R4.41")
  void whoSeesItsOwnKeyUsedByAnotherFallsSilent() {
    Bench bench = new Bench(four, 0, new ToyFiles().with("a")).started();
    bench.look();
    bench.vote(four.prevote(0, 0, value(A)));
    assertThat(bench.agreement.isMute()).as("an echo of its own vote is no stranger").isFalse();
    bench.vote(four.precommit(0, 0, value(B)));
    assertThat(bench.agreement.isMute()).isTrue();
    bench.prevotes(0, value(A), 1, 2, 3);
    assertThat(bench.votes()).isEmpty();
  }
}
