package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.validators;

import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.codec.Canonical;
import org.undchain.core.ledger.Table;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EvidenceLeaf;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.Recon;
import org.undchain.core.message.ReconCursors;
import org.undchain.core.message.ReconData;
import org.undchain.core.message.ReconSketch;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Chance;
import org.undchain.sim.Observer;
import org.undchain.sim.Scenario;
import org.undchain.sim.Traitor;

/** What no honest validator says: it is passed over, and nothing of it stops anybody. */
class HostilePeersTest {
  private static final Envelope FORMLESS =
      Envelope.newBuilder()
          .setKind(1)
          .setType(1)
          .setSigner(ByteString.copyFrom(new byte[34]))
          .setSig(ByteString.copyFrom(new byte[64]))
          .build();

  @Test
  void aContentInALaneWhoseSignerIsNoKeyIsPassedOver() {
    assertThatBlocksGoOn((liar, message, envelope) ->
        message.hasLaneBatch()
            ? List.of(liar.unsigned(0, with(message.getLaneBatch())))
            : List.of());
  }

  @Test
  void aContentInReconciliationWhoseSignerIsNoKeyIsPassedOver() {
    assertThatBlocksGoOn((liar, message, envelope) ->
        message.hasRecon()
            ? List.of(
                liar.unsigned(
                    0,
                    Recon.newBuilder()
                        .setSlot(message.getRecon().getSlot())
                        .setData(ReconData.newBuilder().addContents(FORMLESS))
                        .build()))
            : List.of());
  }

  /** Sketches that fit no lane, and cursors beyond every lane: at worst all is sent as a list. */
  @Test
  @Tag("case-49")
  @Tag("R4.13")
  void craftedSummariesOfALaneCostNoBlock() {
    Chance chance = Chance.of(1, "summaries");
    assertThatBlocksGoOn((liar, message, envelope) -> {
      if (!message.hasRecon() && !message.hasLaneBatch()) {
        return List.of();
      }
      long slot =
          message.hasRecon()
              ? message.getRecon().getSlot()
              : liar.chain().calendar().slotAt(liar.chain().calendar().t0());
      ReconSketch sketch =
          ReconSketch.newBuilder()
              .setSalt(chance.bytes(32).toByteString())
              .setCount((int) chance.below(200_000))
              .setBits(chance.coin() ? 64 : (int) chance.between(0, 70))
              .setSymbols(chance.bytes((int) chance.below(400)).toByteString())
              .setList(chance.bytes((int) chance.below(400)).toByteString())
              .build();
      ReconCursors cursors =
          ReconCursors.newBuilder().addNextSeq(-1).addNextSeq(Long.MAX_VALUE).addNextSeq(0).build();
      return List.of(
          liar.unsigned(0, Recon.newBuilder().setSlot(slot).setSketch(sketch).build()),
          liar.unsigned(0, Recon.newBuilder().setSlot(slot + 1).setSketch(sketch).build()),
          liar.unsigned(0, Recon.newBuilder().setSlot(slot).setCursors(cursors).build()));
    });
  }

  /**
   * One validator has another branch of a forked lane than the others. Two such asked each other
   * for the rest of it in ever more messages; now a fork is proof, and nothing to ask for.
   */
  @Test
  @Tag("R4.31")
  void whoHoldTwoBranchesOfALaneDoNotAskEachOtherForEver() {
    long quiet = reconsOf(story(new Traitor.Lie() {}), false);
    long forked = reconsOf(story(Lies.twoLanes(5)), true);
    assertThat(quiet).isPositive();
    assertThat(forked).isLessThan(2 * quiet);
  }

  /** Words of reconciliation in the slots of the fork and after it. */
  private static long reconsOf(Scenario story, boolean isForked) {
    long[] said = {0};
    story
        .simulation()
        .observe(
            new Observer() {
              @Override
              public void onSaid(NodeId from, Envelope message) {
                said[0] += message.getType() == WireMessage.RECON_FIELD_NUMBER ? 1 : 0;
              }
            });
    NodeId liar = story.validator(1);
    story
        .simulation()
        .network()
        .censor((from, to, message) ->
            from.equals(liar) && to.equals(story.validator(0)) && isFirstOfSlot5(message));
    story.until(5, 300);
    story.submit("ann", story.transfer("ann", "bob", 7, 1), List.of(liar));
    story.until(10, 0);
    assertThat(story.chronicle().height()).isGreaterThan(8);
    boolean isConvicted =
        !story.chronicle().state().all(Table.EVIDENCE, EvidenceLeaf.class).isEmpty();
    assertThat(isConvicted).isEqualTo(isForked);
    return said[0];
  }

  private static boolean isFirstOfSlot5(Envelope message) {
    return message.getType() == WireMessage.LANE_BATCH_FIELD_NUMBER
        && Canonical.decode(LaneBatch.parser(), Bytes.of(message.getBody()))
            .flatMap(batch ->
                Canonical.decode(LaneHeader.parser(), Bytes.of(batch.getHeader().getBody())))
            .filter(lane -> lane.getSlot() == 5 && lane.getSeq() == 0 && lane.getIdCount() > 0)
            .isPresent();
  }

  private static Scenario story(Traitor.Lie lie) {
    return Scenario.with(validators(4), client("ann"), client("bob", 1_000_000))
        .traitor(1, lie)
        .begin();
  }

  private static LaneBatch with(LaneBatch batch) {
    return batch.toBuilder().addContents(FORMLESS).build();
  }

  private interface Beside {
    List<Envelope> of(Traitor liar, WireMessage message, Envelope envelope);
  }

  private static void assertThatBlocksGoOn(Beside beside) {
    Traitor.Lie lie =
        new Traitor.Lie() {
          @Override
          public List<Envelope> beside(Traitor liar, WireMessage message, Envelope envelope) {
            return beside.of(liar, message, envelope);
          }
        };
    Scenario story =
        Scenario.with(validators(4), client("ann"), client("bob", 1_000_000))
            .traitor(1, lie)
            .begin();
    story.until(2, 500);
    Envelope entry = story.transfer("ann", "bob", 7, 1);
    story.submit("ann", entry, story.validators());
    story.until(8, 0);
    assertThat(story.chronicle().height()).isGreaterThanOrEqualTo(7);
    assertThat(story.balance("bob") - 1_000_000).isEqualTo(7);
  }
}
