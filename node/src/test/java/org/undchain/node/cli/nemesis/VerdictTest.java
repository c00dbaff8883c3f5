package org.undchain.node.cli.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a nemesis says of the starts it saw. */
final class VerdictTest {
  @Test
  void aStartOfAllAndOneOfAtMostFAreToldApart() {
    Verdict verdict =
        verdict(
            result(List.of(FaultType.KILL_ALL), 9_000, 12_000),
            result(List.of(FaultType.KILL_ONE, FaultType.TERMINATE), 400, 2_900),
            result(List.of(FaultType.KILL_F), 500, 3_100),
            result(List.of(FaultType.KILL_ONE, FaultType.LOSS), 500, 30_000));
    assertThat(String.join("\n", verdict.figures()))
        .contains("first block after a start of all 9000 ms")
        .contains("at most f that were started have one after 3100 ms");
  }

  private static Verdict verdict(WaveResult... waves) {
    return new Verdict(
        List.of(waves), Map.of(), 30, 0, 0, 0, 0, Map.of(), Optional.empty(), List.of());
  }

  private static WaveResult result(List<FaultType> types, long first, long recovered) {
    List<Step> steps = types.stream().map(type -> new Step(type, List.of(), 1)).toList();
    return new WaveResult(new Wave(1, 0, 0, steps), 0, first, recovered, 1, 0, 0);
  }
}
