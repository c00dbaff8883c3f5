package org.undchain.core.consensus;

import java.util.Optional;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Proposal;
import org.undchain.core.value.Hash;

/**
 * A proposal of a round ≥ 1 (R4.22), well-formed; its value is the hash of its header.
 *
 * @param polRound −1 if the proposer names no POL
 */
record Offer(int round, Hash value, int polRound, Hash id, Proposal body, Envelope envelope) {

  /** The offer in a proposal; empty if its fields fit no honest one. */
  static Optional<Offer> of(Proposal body, Hash id, Envelope envelope) {
    int polRound = body.getPolRoundPlusOne() - 1;
    if (body.getRound() < 1
        || !body.hasHeader()
        || polRound < Ballot.NO_ROUND
        || polRound >= body.getRound()
        || body.hasPol() != (polRound != Ballot.NO_ROUND)) {
      return Optional.empty();
    }
    Hash value = Certificates.valueOf(body.getHeader());
    return Optional.of(new Offer(body.getRound(), value, polRound, id, body, envelope));
  }

  /** Whether an honest proposer may send both: E2 is about value and polRound only. */
  boolean isSameClaim(Offer other) {
    return value.equals(other.value) && polRound == other.polRound;
  }
}
