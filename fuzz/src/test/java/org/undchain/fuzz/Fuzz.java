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

  /** The method that Jazzer looks for. */
  public static void fuzzerTestOneInput(byte[] bytes) throws Exception {
    Allocation.enter(OPEN, bytes);
  }
}
