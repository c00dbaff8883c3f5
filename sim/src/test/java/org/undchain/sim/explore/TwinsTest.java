package org.undchain.sim.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.sim.Options;

/** Validators that exist twice, in every small partition. */
class TwinsTest {

  @Test
  @Tag("case-30")
  @Tag("slow")
  void noSequenceOfTwoPartitionsBreaksFourWithATwin() {
    assertThat(twins("--n", "4", "--epochs", "2")).contains("4096 scenarios", "no violation: true");
  }

  @Test
  void partitionsDrawnByLotBreakNothingForSeven() {
    assertThat(twins("--n", "7", "--scenarios", "10")).contains("10 scenarios");
  }

  private static String twins(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int exit =
        Twins.run(
            Options.of(List.of(words), Twins.OPTIONS),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            System.err);
    String said = out.toString(StandardCharsets.UTF_8);
    assertThat(exit).as(said).isZero();
    return said;
  }
}
