package org.undchain.sim.checker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Header;
import org.undchain.core.payout.CommittedBlock;
import org.undchain.core.value.Hash;
import org.undchain.sim.Seeds;
import org.undchain.sim.Violation;

/** The ledger against the reference in BigInteger, over whole periods of random business. */
class MoneyTest {

  @Test
  @Tag("R4.17")
  @Tag("I7")
  @Tag("slow")
  void everyGrainIsWhereTheReferenceSaysAfterEveryBlockAndPayout() {
    Map<String, Integer> marks = new TreeMap<>();
    Seeds.forEachSeed(
        60,
        seed -> {
          Market market = new Market(seed, marks);
          MoneyChecker checker = new MoneyChecker(market.chain());
          for (int slot = 0; slot < 150; slot++) {
            market.slot(checker);
          }
          assertThat(checker.height()).isEqualTo(153);
        });
    assertThat(marks)
        .containsKeys(
            "START ENTRY_RESULT_OK",
            "START ENTRY_RESULT_SEAT_TAKEN",
            "COMPLETE ENTRY_RESULT_OK",
            "COMPLETE ENTRY_RESULT_WORSE",
            "CANCEL ENTRY_RESULT_OK",
            "CANCEL ENTRY_RESULT_TOO_LATE",
            "REQUEST ENTRY_RESULT_NO_FUNDS",
            "TRANSFER ENTRY_RESULT_KEY_USED",
            "seat SEAT_STATE_SETTLED",
            "seat SEAT_STATE_CANCELLED",
            "seat SEAT_STATE_STARTED",
            "job carried");
  }

  @Test
  @Tag("I7")
  @Tag("MoneyChecker")
  void aStateThatIsNotTheReferencesIsReported() {
    Market market = new Market(1, new TreeMap<>());
    Market other = new Market(2, new TreeMap<>());
    MoneyChecker checker = new MoneyChecker(market.chain());
    CommittedBlock empty =
        new CommittedBlock(
            Header.newBuilder().setHeight(1).setKind(BlockKind.BLOCK_KIND_NORMAL).build(),
            Hash.ZERO,
            List.of(),
            List.of(),
            Cert.getDefaultInstance());
    assertThatThrownBy(
            () -> checker.judge(empty, GenesisBlock.state(other.chain()), Optional.empty()))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("S7");
  }
}
