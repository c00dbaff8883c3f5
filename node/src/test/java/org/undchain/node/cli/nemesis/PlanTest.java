package org.undchain.node.cli.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.BlockTime;
import org.undchain.node.devnet.DevnetNode;
import org.undchain.node.devnet.DevnetPlan;
import org.undchain.node.devnet.DevnetShape;

final class PlanTest {
  private static final int WAVES = 100;

  @Test
  void aSeedMeansOnePlan() {
    assertThat(waves(9, 5)).isEqualTo(waves(9, 5)).isNotEqualTo(waves(9, 6));
  }

  @Test
  void eachKindHasHadItsTurnBeforeOneComesAgain() {
    List<FaultType> drawn =
        waves(9, 7).stream().flatMap(wave -> wave.steps().stream()).map(Step::type).toList();
    int deck = FaultType.values().length;
    assertThat(EnumSet.copyOf(drawn.subList(0, deck))).hasSize(deck);
    assertThat(EnumSet.copyOf(drawn.subList(deck, 2 * deck))).hasSize(deck);
  }

  @Test
  void atMostFAreDisturbedUnlessAllAre() {
    for (int validators = 4; validators <= 10; validators++) {
      for (Wave wave : waves(validators, 3)) {
        Set<String> disturbed = wave.disturbed();
        long named = wave.steps().stream().mapToLong(step -> step.victims().size()).sum();
        if (wave.isHalting()) {
          assertThat(wave.steps()).hasSize(1);
          assertThat(disturbed).hasSize(validators);
        } else {
          assertThat(disturbed).hasSizeLessThanOrEqualTo(RunRules.faulty(validators));
          assertThat(disturbed)
              .as("nobody twice")
              .satisfiesAnyOf(
                  all -> assertThat(all).isEmpty(), all -> assertThat(all).hasSize((int) named));
        }
      }
    }
  }

  @Test
  void theCommandLineKnowsEachKindByItsWord() {
    assertThat(Arrays.stream(FaultType.values()).map(FaultType::word).map(FaultType::of))
        .containsExactlyElementsOf(
            Arrays.stream(FaultType.values()).map(java.util.Optional::of).toList());
    assertThat(FaultType.of("earthquake")).isEmpty();
  }

  private static List<Wave> waves(int validators, long seed) {
    DevnetShape shape = new DevnetShape(validators, 1, 0, 0, 2000, 60, 42);
    List<Integer> ports = IntStream.range(1, validators + 1).boxed().toList();
    List<DevnetNode> nodes = DevnetPlan.of(shape, ports, new BlockTime(0)).nodes();
    Plan plan = new Plan(nodes, List.of(FaultType.values()), 2000, seed);
    return Stream.generate(plan::next).limit(WAVES).toList();
  }
}
