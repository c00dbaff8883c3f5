package org.undchain.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.sim.Options;

/** A part is timed in a JVM of its own, beside its kernel. */
@Tag("slow")
class MicroRunTest {
  private static final Pace BLINK = new Pace("blink", 1, 1, 50, 3, 50);

  /** No figure of this test is judged, so another run on the machine does no harm. */
  @BeforeAll
  static void mayRunBesideOthers() {
    System.setProperty("jmh.ignoreLock", "true");
  }

  @Test
  void aPartAndItsKernelAreTimedInOneProcess() throws Exception {
    Timed timed = new MicroRun(BLINK, System.err).time(Part.LANE_BATCH);
    assertThat(timed.best()).isPositive().isLessThanOrEqualTo(timed.median());
    assertThat(timed.ratio()).isPositive().isEqualTo(timed.best() / timed.kernelBest());
    assertThat(timed.allocated()).as("64 entries make some objects").isGreaterThan(64 * 16);
    assertThat(timed.json()).startsWith("{\"part\":\"lane-batch\"").endsWith("}");
  }

  @Test
  void onlyNamesPartsThatThereAre() {
    assertThat(MicroCommand.parts(options("--only", "payout,fingerprint")))
        .containsExactly(Part.PAYOUT, Part.FINGERPRINT);
    assertThat(MicroCommand.parts(options())).containsExactly(Part.values());
    assertThatThrownBy(() -> MicroCommand.parts(options("--only", "speed")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("speed")
        .hasMessageContaining("lane-batch");
    assertThatThrownBy(() -> MicroCommand.parts(options("--only")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Options options(String... words) {
    return Options.of(List.of(words), List.of("--only"));
  }
}
