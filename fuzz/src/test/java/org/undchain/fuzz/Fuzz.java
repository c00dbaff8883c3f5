package org.undchain.fuzz;

import java.util.Optional;

/** Where the fuzzer comes in: hands its bytes to the door that {@code -Dundchain.door} names. */
public final class Fuzz {
  /** System property that names the door. */
  static final String DOOR = "undchain.door";

  private static final Door OPEN =
      Doors.named(
              Optional.ofNullable(System.getProperty(DOOR))
                  .orElseThrow(() -> new IllegalStateException("-D" + DOOR + " names no door")))
          .open();

  private Fuzz() {}

  /**
   * Called by the fuzzer before its clock runs: lets honest people in, so that no later input waits
   * for classes to be loaded.
   */
  public static void fuzzerInitialize() throws Exception {
    for (byte[] honest : OPEN.honest()) {
      OPEN.enter(honest);
    }
  }

  /** Called by the fuzzer with every input. */
  public static void fuzzerTestOneInput(byte[] bytes) throws Exception {
    Allocation.enter(OPEN, bytes);
  }
}
