package org.undchain.core.consensus;

import org.undchain.core.machine.Notice;
import org.undchain.core.value.Hash;

/** What the agreement of a height tells its own node; for log and metrics. */
public sealed interface AgreementNotice extends Notice {
  record RoundEntered(long height, int round) implements AgreementNotice {}

  record Locked(long height, int round, Hash value) implements AgreementNotice {}

  record Decided(long height, int round, Hash value) implements AgreementNotice {}

  /**
   * A quorum decided what this node finds invalid: it stops here instead of following. Either more
   * than f validators lie or this node's state is wrong.
   */
  record Contradiction(long height, Hash value, String why) implements AgreementNotice {}

  /**
   * Somebody signs with this validator's consensus key what this node did not sign: a second
   * instance or a lost log. The node votes no more at this height (R4.41).
   */
  record StrangeOwnVote(long height, int round) implements AgreementNotice {}
}
