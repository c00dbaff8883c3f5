package org.undchain.core.consensus;

import org.undchain.core.value.Hash;

/**
 * lockedV, lockedR, validV, validR of section 4.5: the value this validator precommitted, and that
 * of the newest POL it saw.
 */
record Lock(int lockedRound, Hash lockedValue, int validRound, Hash validValue) {
  static final Lock NONE = new Lock(Ballot.NO_ROUND, Ballot.NIL, Ballot.NO_ROUND, Ballot.NIL);

  boolean isLocked() {
    return lockedRound != Ballot.NO_ROUND;
  }

  boolean hasValid() {
    return validRound != Ballot.NO_ROUND;
  }

  /** R4.23, p ≥ 0: whether a POL of round p frees this validator to prevote the value. */
  boolean admits(Hash value, int polRound) {
    return lockedRound <= polRound || lockedValue.equals(value);
  }

  /** R4.24. */
  Lock locked(int round, Hash value) {
    return new Lock(round, value, validRound, validValue).seen(round, value);
  }

  /** R4.25. */
  Lock seen(int round, Hash value) {
    return round > validRound ? new Lock(lockedRound, lockedValue, round, value) : this;
  }
}
