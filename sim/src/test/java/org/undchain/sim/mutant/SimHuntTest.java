package org.undchain.sim.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.undchain.sim.mutant.Hunt.Verdict;

/** That the fault simulator can fail: it finds these planted bugs by itself. */
@Tag("slow")
class SimHuntTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final long PATIENCE_MILLIS = 300_000;

  @ParameterizedTest
  @ValueSource(strings = {"no-lock", "vote-before-record"})
  void theSimulatorFinds(String name) throws IOException, InterruptedException {
    Mutant all = Mutant.read(ROOT.resolve("sim/mutants").resolve(name + ".mutant"));
    List<String> own = all.hunts().stream().filter(hunt -> hunt.startsWith("sim ")).toList();
    Mutant mutant =
        new Mutant(
            all.name(), all.breaks(), all.rule(), all.file(), own, all.original(), all.changed());
    Verdict verdict =
        new Hunt(ROOT, System.getProperty("java.class.path"), Optional.empty())
            .run(mutant, PATIENCE_MILLIS);
    assertThat(verdict.isFound()).as("%s", verdict).isTrue();
    assertThat(verdict.clue()).contains("does not hold");
  }
}
