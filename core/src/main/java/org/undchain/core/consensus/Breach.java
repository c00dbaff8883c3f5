package org.undchain.core.consensus;

import org.undchain.core.message.Envelope;
import org.undchain.core.value.NodeId;

/**
 * Two signed things no honest validator signs both (section 4.7): raw material for an EVIDENCE
 * entry. The offender is the validator's identity; the envelopes carry its consensus key.
 */
public sealed interface Breach {
  NodeId offender();

  /** 1 to 6 for E1 to E6. */
  int code();

  Envelope first();

  Envelope second();

  /** E1: two different votes for one (epoch, height, round, type). */
  record DoubleVote(NodeId offender, Envelope first, Envelope second) implements Breach {
    @Override
    public int code() {
      return 1;
    }
  }

  /** E2: two different proposals for one (epoch, height, round). */
  record DoubleProposal(NodeId offender, Envelope first, Envelope second) implements Breach {
    @Override
    public int code() {
      return 2;
    }
  }

  /** E6: a precommit, then a later prevote for another value without a POL since. */
  record IgnoredLock(NodeId offender, Envelope first, Envelope second) implements Breach {
    @Override
    public int code() {
      return 6;
    }
  }
}
