package org.undchain.sim.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.sim.mutant.Hunt.Verdict;

/**
 * Every planted bug is found by one of its instruments. All of them compile on every run; three
 * minutes go into hunting, or as many seconds as {@code -Dmutants.seconds} says, each run beginning
 * elsewhere, so that the others have their turn.
 */
class PlantedBugsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path FOLDER = ROOT.resolve("sim/mutants");

  /** A few seconds is usual; what is not found ends by itself, and only what hangs takes longer. */
  private static final long EACH_MILLIS = 300_000;

  @Test
  void thereAreThirtyAndEachStandsInItsSource() throws IOException {
    List<Mutant> mutants = Mutant.all(FOLDER);
    assertThat(mutants).hasSizeGreaterThanOrEqualTo(30);
    for (Mutant mutant : mutants) {
      String source =
          java.nio.file.Files.readString(ROOT.resolve("core/src/main/java").resolve(mutant.file()));
      assertThat(mutant.planted(source)).as(mutant.name()).isNotEqualTo(source);
      assertThat(mutant.hunts()).as(mutant.name()).isNotEmpty();
    }
  }

  @Test
  @Tag("slow")
  void eachIsFound() throws IOException, InterruptedException {
    List<Mutant> mutants = new ArrayList<>(Mutant.all(FOLDER));
    Optional.ofNullable(System.getProperty("mutant"))
        .ifPresent(only -> mutants.removeIf(mutant -> !mutant.name().matches(only)));
    long first = Long.getLong("mutants.first", System.currentTimeMillis() / 1000);
    Collections.rotate(mutants, -(int) (first % mutants.size()));
    System.out.printf(
        "planted bugs: beginning with %s, as -Dmutants.first=%d does%n",
        mutants.getFirst().name(), first);
    long end = System.nanoTime() + Long.getLong("mutants.seconds", 180) * 1_000_000_000;
    Hunt hunt = new Hunt(ROOT, classPath(), Optional.of(TestRun.class.getName()));
    List<Verdict> verdicts = new ArrayList<>();
    for (Mutant mutant : mutants) {
      if (System.nanoTime() < end) {
        Verdict verdict = hunt.run(mutant, EACH_MILLIS);
        verdicts.add(verdict);
        System.out.printf(
            "| %s | %s | %s | %s | %.1f s | %s |%n",
            mutant.name(),
            mutant.breaks(),
            mutant.rule(),
            verdict.isFound() ? verdict.instrument() : "NOT FOUND",
            verdict.millis() / 1000.0,
            verdict.clue());
      }
    }
    System.out.printf("planted bugs: %d of %d looked for%n", verdicts.size(), mutants.size());
    assertThat(verdicts).isNotEmpty().allMatch(Verdict::isFound);
  }

  /** All of this run, and the core's own tests. */
  private static String classPath() {
    String ours =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return ours + System.getProperty("path.separator") + ROOT.resolve("core/target/test-classes");
  }
}
