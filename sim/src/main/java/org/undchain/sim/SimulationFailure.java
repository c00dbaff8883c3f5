package org.undchain.sim;

/** A machine threw or a checker found a violation; names seed, virtual time and the last events. */
public final class SimulationFailure extends AssertionError {
  private static final long serialVersionUID = 1;

  SimulationFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
