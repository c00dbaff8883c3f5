package org.undchain.core.consensus;

/** What a validator signs in one round, in the order in which it may sign it (section 4.5). */
public enum Step {
  PROPOSE,
  PREVOTE,
  PRECOMMIT
}
