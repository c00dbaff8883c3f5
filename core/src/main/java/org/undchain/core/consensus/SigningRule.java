package org.undchain.core.consensus;

/**
 * The monotone signing rule of one consensus key (R4.40): a place (epoch, height, round, step) at
 * or below the last one is never signed again. The node's guard file keeps the same rule on disk.
 */
public final class SigningRule {
  private LastSigned last;

  public SigningRule(LastSigned last) {
    this.last = last;
  }

  public boolean isAllowed(LastSigned next) {
    return next.compareTo(last) > 0;
  }

  /**
   * Takes note of a signature that is about to be made.
   *
   * @throws IllegalStateException if the place was passed before: a bug, and the machine must stop
   */
  public void sign(LastSigned next) {
    if (!isAllowed(next)) {
      throw new IllegalStateException("asked to sign " + next + " after " + last);
    }
    last = next;
  }

  public LastSigned last() {
    return last;
  }
}
