package org.undchain.sim.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The figures that the thresholds of the blend rest on; sizes and flights, so no clock is asked.
 */
@Tag("R4.13")
@Tag("slow")
class ReconcileBenchTest {
  private static final int RUNS = 100;

  private static final List<ReconcileBench.Row> ROWS = ReconcileBench.run(1000, RUNS, row -> {});

  @Test
  void aSmallDifferenceCostsAtMost500BytesAnd35ForEachId() {
    assertThat(ROWS)
        .filteredOn(row -> row.way().equals("blend") && row.different() <= 100)
        .isNotEmpty()
        .allSatisfy(
            row -> assertThat(row.bytes()).isLessThanOrEqualTo(500 + 35L * row.different()));
  }

  @Test
  void threeFlightsDoIn99Of100Cases() {
    assertThat(ROWS)
        .filteredOn(row -> row.way().equals("blend"))
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.within3()).isGreaterThanOrEqualTo(99));
  }

  @Test
  void noOtherWayHasFewerFlightsOrFewerBytes() {
    for (ReconcileBench.Row blend :
        ROWS.stream().filter(row -> row.way().equals("blend")).toList()) {
      assertThat(ROWS)
          .filteredOn(row ->
              row.ids() == blend.ids()
                  && row.different() == blend.different()
                  && row.isOneSided() == blend.isOneSided())
          .hasSize(3)
          .allSatisfy(row -> {
            assertThat(blend.flights()).isLessThanOrEqualTo(row.flights());
            assertThat(blend.bytes()).isLessThanOrEqualTo(row.bytes());
          });
    }
  }
}
