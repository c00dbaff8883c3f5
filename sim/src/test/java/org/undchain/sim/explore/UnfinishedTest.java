package org.undchain.sim.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.undchain.sim.Options;

/** A run that is over before what was asked for is through is no success, and says what to do. */
class UnfinishedTest {
  private static final long NO_TIME = 0;
  private static final long ENOUGH = 30 * 60_000;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void roundsThatWereAskedForAndNotReachedAreNoSuccess() {
    assertThat(check(NO_TIME, "--n", "4", "--rounds", "3", "--minutes", "1")).isEqualTo(7);
    assertThat(text(err))
        .contains("error[UND-7010]", "n=4 with 1 traitors: 0 of 3 rounds")
        .contains("try: ./undchain check --n 4 --rounds 3 --minutes 2");
    assertThat(text(out)).contains("no violation as far as the time lasted");
  }

  @Test
  void whoAskedForNoDepthGetsAsFarAsTheTimeLasts() {
    assertThat(check(NO_TIME, "--n", "4")).isZero();
    assertThat(text(err)).isEmpty();
  }

  @Test
  void aForkThatHasToBeThereAndWasNotReachedIsNoSuccess() {
    assertThat(check(NO_TIME, "--n", "4", "--traitors", "2")).isEqualTo(7);
    assertThat(text(err)).contains("not to the fork that has to be there");
  }

  @Test
  void roundsThatWereReachedAreASuccess() {
    assertThat(check(ENOUGH, "--n", "4", "--rounds", "1", "--json")).isZero();
    assertThat(text(err)).isEmpty();
    assertThat(text(out)).contains("\"complete\":true");
  }

  @Test
  void epochsThatWereAskedForAndNotReachedAreNoSuccess() {
    assertThat(twins(NO_TIME, "--n", "4", "--epochs", "1")).isEqualTo(7);
    assertThat(text(err))
        .contains("error[UND-7010]", "n=4: 0 of 16 casts went through 1 epochs")
        .contains("try: ./undchain twins --n 4 --epochs 1 --minutes 20");
    assertThat(twins(NO_TIME, "--n", "4")).isZero();
  }

  @Test
  void scenariosThatWereAskedForAndNotPlayedAreNoSuccess() {
    assertThat(twins(NO_TIME, "--n", "7", "--scenarios", "5")).isEqualTo(7);
    assertThat(text(err)).contains("n=7: 0 of 5 scenarios");
    assertThat(twins(NO_TIME, "--n", "7")).isZero();
    assertThat(twins(ENOUGH, "--n", "7", "--scenarios", "1", "--epochs", "1")).isZero();
  }

  private int check(long millis, String... words) {
    return Check.run(Options.of(List.of(words), Check.OPTIONS), stream(out), stream(err), millis);
  }

  private int twins(long millis, String... words) {
    return Twins.run(Options.of(List.of(words), Twins.OPTIONS), stream(out), stream(err), millis);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
