package org.undchain.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.codec.Canonical;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Genesis;
import org.undchain.core.message.JobRow;
import org.undchain.core.message.ProofFile;
import org.undchain.core.message.SeenLeaf;
import org.undchain.core.payout.ProofCheck;
import org.undchain.core.payout.ProofCheck.Outcome;
import org.undchain.core.payout.ProofCheck.Reason;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/** Portable proofs of a chain in its third pay period, as the API serves them (R12.4). */
@Tag("R12.4")
@Tag("slow")
final class ProofTest {
  private final Town town = new Town();

  @Test
  void beforeThePayoutAnEntryIsProvenByTheHeaderAfterItsBlock() throws Exception {
    town.pass(2 * Town.PERIOD + 4);
    Hash transfer = town.transfer("ann", "bob", 7);
    town.pass(3);
    Outcome.Proven proven = proven(proof(transfer));
    assertThat(proven.what()).isEqualTo("entry");
    assertThat(proven.head().getPeriod()).isEqualTo(2);
    assertThat(proven.signers()).hasSizeGreaterThanOrEqualTo(3);
    SeenLeaf leaf = Canonical.decode(SeenLeaf.parser(), proven.value()).orElseThrow();
    assertThat(leaf.getResult()).isEqualTo(EntryResult.ENTRY_RESULT_OK);
    assertThat(leaf.getHeight()).isEqualTo(proven.head().getHeight() - 1);
  }

  @Test
  void aProofOutlivesWhatTheStateRemembers() throws Exception {
    town.pass(2);
    Hash transfer = town.transfer("ann", "bob", 7);
    town.pass(2 * Town.PERIOD);
    assertThat(town.view().standing().state().seen(transfer)).isEmpty();
    assertThat(proven(proof(transfer)).head().getPeriod()).isZero();
  }

  @Test
  void afterThePayoutAJobIsProvenByItsRow() throws Exception {
    Hash job = settledJob();
    Outcome.Proven proven = proven(proof(job));
    assertThat(proven.what()).isEqualTo("job");
    JobRow row = Canonical.decode(JobRow.parser(), proven.value()).orElseThrow();
    assertThat(row.getSeats(0).getPaid()).isEqualTo(700_000);
  }

  @Test
  void theProofOfTheNewestBlockWaitsForTheNextHeader() throws Exception {
    town.pass(2);
    Hash transfer = town.transfer("ann", "bob", 7);
    town.story()
        .simulation()
        .runUntilOrFail(
            () -> town.view().standing().state().seen(transfer).isPresent(),
            town.story().simulation().now().plusMillis(10_000),
            "the transfer");
    Refused refused = refusal(transfer);
    assertThat(refused.status()).isEqualTo(503);
    town.pass(2);
    proven(proof(transfer));
  }

  @Test
  void oneFlippedBitAnywhereInTheProofOfAnEntryIsNoticed() throws Exception {
    town.pass(2 * Town.PERIOD + 4);
    Hash transfer = town.transfer("ann", "bob", 7);
    town.pass(3);
    assertThat(flipEveryBit(proof(transfer)))
        .contains(
            Reason.MALFORMED,
            Reason.UNKNOWN_KIND,
            Reason.WRONG_PARTS,
            Reason.WRONG_CHAIN,
            Reason.GENESIS_SET,
            Reason.SET_LINK,
            Reason.BOUNDARY_CERTIFICATE,
            Reason.HEAD_CERTIFICATE,
            Reason.VALUE,
            Reason.PATH);
  }

  @Test
  void oneFlippedBitAnywhereInTheProofOfAJobIsNoticed() throws Exception {
    assertThat(flipEveryBit(proof(settledJob()))).contains(Reason.PATH, Reason.HEAD_CERTIFICATE);
  }

  @Test
  void aProofOfAnotherChainIsRefused() throws Exception {
    Bytes proof = proof(settledJob());
    Genesis other = town.story().chain().genesis().toBuilder().setChainName("other").build();
    assertThat(ProofCheck.check(town.story().chain().signatures(), other, proof))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.reason()).isEqualTo(Reason.WRONG_CHAIN));
  }

  @Test
  void partsOfTwoGoodProofsMakeNoGoodOne() throws Exception {
    Hash job = settledJob();
    Hash transfer = town.transfer("ann", "bob", 7);
    town.pass(3);
    ProofFile row = ProofFile.parseFrom(proof(job).toByteArray());
    ProofFile leaf = ProofFile.parseFrom(proof(transfer).toByteArray());
    List<ProofFile> mixed =
        List.of(
            row.toBuilder().setHead(leaf.getHead()).build(),
            leaf.toBuilder().setHead(row.getHead()).build(),
            row.toBuilder().setRadix(leaf.getRadix()).build(),
            row.toBuilder().setKey(leaf.getKey()).build(),
            row.toBuilder().setKey(leaf.getKey()).setValue(leaf.getValue()).build(),
            leaf.toBuilder().clearBoundaries().build(),
            leaf.toBuilder().clearSets().addSets(leaf.getSets(0)).clearBoundaries().build(),
            leaf.toBuilder().setSets(1, leaf.getSets(0)).build());
    for (ProofFile proof : mixed) {
      assertThat(check(Canonical.encode(proof))).isInstanceOf(Outcome.Failed.class);
    }
  }

  @Test
  void anythingElseIsRefusedWithoutHarm() {
    Random chance = new Random(7);
    for (int length = 0; length < 2000; length++) {
      byte[] bytes = new byte[length];
      chance.nextBytes(bytes);
      assertThat(check(Bytes.wrap(bytes))).isInstanceOf(Outcome.Failed.class);
    }
  }

  private Hash settledJob() {
    town.pass(Town.PERIOD + 2);
    Hash job = town.request("ann", 1);
    town.pass(2);
    Town.Deal deal = town.start(job, "ann", "paul");
    town.pass(2);
    town.close(deal, 700_000);
    town.pass(Town.PERIOD);
    return job;
  }

  private Set<Reason> flipEveryBit(Bytes good) {
    proven(good);
    Set<Reason> reasons = EnumSet.noneOf(Reason.class);
    byte[] bytes = good.toByteArray();
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      Outcome outcome = check(Bytes.of(bytes));
      assertThat(outcome)
          .as("bit %d of byte %d", bit % 8, bit / 8)
          .isInstanceOf(Outcome.Failed.class);
      reasons.add(((Outcome.Failed) outcome).reason());
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
    return reasons;
  }

  private Outcome check(Bytes proof) {
    Genesis genesis = town.story().chain().genesis();
    assertThat(GenesisBlock.context(genesis)).isEqualTo(town.story().chain().context());
    return ProofCheck.check(town.story().chain().signatures(), genesis, proof);
  }

  private Outcome.Proven proven(Bytes proof) {
    Outcome outcome = check(proof);
    assertThat(outcome).isInstanceOf(Outcome.Proven.class);
    return (Outcome.Proven) outcome;
  }

  private Bytes proof(Hash id) throws Refused {
    return answer().of(town.view().standing(), id);
  }

  private Refused refusal(Hash id) {
    try {
      answer().of(town.view().standing(), id);
      throw new AssertionError("not refused");
    } catch (Refused refused) {
      return refused;
    }
  }

  private ProofAnswer answer() {
    History history = town.view().history();
    return new ProofAnswer(history, new Jobs(town.story().chain(), history));
  }
}
