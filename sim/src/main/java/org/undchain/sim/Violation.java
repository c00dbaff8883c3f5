package org.undchain.sim;

/** An invariant that does not hold: thrown by a checker, ends the run. */
public final class Violation extends AssertionError {
  private static final long serialVersionUID = 1;

  private final String invariant;

  /**
   * @param invariant name as in section 23 of the protocol, such as "I1"
   */
  public Violation(String invariant, String detail) {
    super(invariant + " does not hold: " + detail);
    this.invariant = invariant;
  }

  public String invariant() {
    return invariant;
  }
}
