package org.undchain.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.bench.profile.ProfilePage;

/**
 * A small run of the benchmark. Before the first row it pays first sums, and does not end without f
 * + 1 validators that have each of them in a block; how much the rows count is up to the machine.
 */
@Tag("slow")
class AgreeBenchTest {
  @Test
  void entriesOfRealClientsComeIntoBlocksOfRealValidators(@TempDir Path folder) throws Exception {
    Path recording = folder.resolve("agree.jfr");
    AgreeBench.Setting small =
        new AgreeBench.Setting(
            4,
            4,
            32,
            1,
            new AgreeBench.Phases(
                1, 3, List.of(8), Optional.of(new AgreeBench.OpenLoop(Optional.of(20L), 0, 3)), 1),
            Optional.of(recording));
    AgreeResult result = AgreeBench.run(small, System.err);
    assertThat(result.rows())
        .extracting(AgreeRow::load)
        .containsExactly("closed 8", "open 20/s", "before", "1 dead");
    assertThat(result.overload())
        .hasValueSatisfying(it -> {
          assertThat(it.brokenPromises()).isZero();
          assertThat(it.lines()).anyMatch(line -> line.contains("refused: "));
        });
    assertThat(result.killing())
        .hasValueSatisfying(it -> {
          assertThat(it.after().entries().brokenPromises()).isZero();
          assertThat(it.lines().getFirst())
              .matches("killed at full load [(](met|missed)[)]: 1 of 4; longest gap .*");
        });
    assertThat(ProfilePage.read(recording))
        .anyMatch(line -> line.matches(".*%.*us a job  loops \\(machines\\)"))
        .anyMatch(line -> line.matches(".*%  node\\.runtime\\.Loop\\.run.*"))
        .anyMatch(line -> line.matches(".*B/job  core\\..*"))
        .anyMatch(line -> line.matches("collections: \\d+, .*"));
    for (AgreeRow row : result.rows()) {
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
