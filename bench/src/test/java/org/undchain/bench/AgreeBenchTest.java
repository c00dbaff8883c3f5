package org.undchain.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A small run of the benchmark. Before the first row it pays first sums, and does not end without f
 * + 1 validators that have each of them in a block; how much the rows count is up to the machine.
 */
class AgreeBenchTest {
  @Test
  void entriesOfRealClientsComeIntoBlocksOfRealValidators() throws Exception {
    AgreeBench.Setting small =
        new AgreeBench.Setting(4, 4, 32, 1, 1, 3, List.of(8), Optional.of(20L));
    List<AgreeRow> rows = AgreeBench.run(small, System.err);
    assertThat(rows).hasSize(2);
    for (AgreeRow row : rows) {
      assertThat(row.entries().offered()).as(row.load()).isPositive();
      assertThat(row.entries().broken()).as(row.load()).isZero();
      assertThat(row.cpuSeconds()).as(row.load()).isPositive();
      assertThat(row.json()).contains("\"brokenPromises\":0");
    }
  }

  @Test
  void theLimitOfSignaturesIsWhatTheCoresCanCheck() {
    SignatureSpeed speed = new SignatureSpeed(50_000, 25_000);
    assertThat(speed.bound(2, 4, 1, 1e9))
        .isCloseTo(10_000, org.assertj.core.data.Offset.offset(1.0));
    assertThat(speed.bound(2, 4, 16, 1e9))
        .isCloseTo(160_000, org.assertj.core.data.Offset.offset(20.0));
    assertThat(speed.bound(2, 4, 1, 10)).as("votes of small blocks cost, too").isLessThan(9_000);
  }
}
