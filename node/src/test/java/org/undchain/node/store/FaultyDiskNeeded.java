package org.undchain.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.undchain.node.cli.nemesis.disk.FaultyDisk;

/** What a test on a faulty disk does where none can be made. */
final class FaultyDiskNeeded {
  private FaultyDiskNeeded() {}

  /**
   * Skips a test, and says so, on a machine that has no C compiler or is no Linux; where everything
   * must be tested (the variable CI is set) that is a failure.
   */
  static void orSkip() {
    String why = "NOT TESTED: a failing disk asks for Linux and a C compiler (apt install gcc)";
    if (!FaultyDisk.isPossible()) {
      System.err.println(why);
      assertThat(System.getenv("CI")).as(why).isNull();
      assumeTrue(false, why);
    }
  }
}
