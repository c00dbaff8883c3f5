package org.undchain.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What counts as met; and that a part which runs gives its targets. */
@Tag("slow")
class TargetsRunTest {
  @Test
  void aTargetIsMetFromItsFigureOn() {
    assertThat(Target.atLeast("", "a", 0.5, 0.5, "").isMet()).isTrue();
    assertThat(Target.atLeast("", "a", 0.5, 0.25, "").isMet()).isFalse();
    assertThat(Target.atLeast("", "a", 0.5, 0.25, "").ratio()).hasValue(0.5);
    assertThat(Target.atMost("", "a", 10, 10, "ms").isMet()).isTrue();
    assertThat(Target.atMost("", "a", 10, 40, "ms").isMet()).isFalse();
    assertThat(Target.atMost("", "a", 10, 40, "ms").ratio()).hasValue(0.25);
    assertThat(Target.none("8", "a", 0).isMet()).isTrue();
    assertThat(Target.none("8", "a", 1).isMet()).isFalse();
    assertThat(Target.unknown("", "a", "no disk").isMet()).isFalse();
  }

  @Test
  void aLineSaysWhatWasAskedAndWhatCameOfIt() {
    assertThat(Target.atMost("9", "gap", 1400, 1250, "ms").line())
        .startsWith("9    gap ")
        .contains("<=      1400", "1250 ms", "1.12")
        .endsWith("met");
    assertThat(Target.unknown("10", "store", "no disk").line()).endsWith("not measured: no disk");
  }

  @Test
  void aPartRunsWithRealNodesAndGivesItsTargets() {
    TargetsRun.Scale small = new TargetsRun.Scale(0, 1, 1, 1000, 40, 600, true);
    TargetsRun run = new TargetsRun(small, System.err);
    assertThat(run.measure("open-file")).hasSize(2).allMatch(one -> one.reached().isPresent());
    List<Target> caughtUp = run.measure("catch-up");
    assertThat(caughtUp).hasSize(1).allMatch(one -> one.reached().isPresent());
    assertThat(caughtUp.getFirst().line()).startsWith("11   catching up with 40 blocks");
  }
}
