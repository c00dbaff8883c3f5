package org.undchain.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ends only when a real validator took all blocks that real validators serve. */
@Tag("slow")
class CatchUpBenchTest {
  @Test
  void aValidatorTakesAHistoryThatOthersServe() throws Exception {
    CatchUpBench.Result result = CatchUpBench.run(80, 1);
    assertThat(result.blocks()).isEqualTo(80);
    assertThat(result.entries()).isPositive();
    assertThat(result.timesRealTime()).isPositive();
  }
}
