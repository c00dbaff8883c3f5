package org.undchain.core.consensus;

import com.google.protobuf.ByteString;
import java.util.Optional;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.value.Hash;

/**
 * A vote of a member of the set, well-formed for the height at hand.
 *
 * @param member place of the voter in the set order
 * @param value header hash, {@link #NIL} for nil
 * @param polRound −1 for none; always −1 in a precommit and a nil vote
 * @param id hash of the signed bytes: two ballots are the same vote iff their ids are equal
 */
record Ballot(
    int member, int round, VoteType type, Hash value, int polRound, Hash id, Envelope envelope) {
  /** nil: 32 zero bytes in a log or a guard record, an empty field on the wire. */
  static final Hash NIL = Hash.ZERO;

  static final int NO_ROUND = -1;

  boolean isNil() {
    return value.equals(NIL);
  }

  boolean isFor(Hash other) {
    return value.equals(other);
  }

  Step step() {
    return type == VoteType.VOTE_TYPE_PREVOTE ? Step.PREVOTE : Step.PRECOMMIT;
  }

  /**
   * The ballot in a vote of the member at {@code member}; empty if its fields fit no honest vote
   * (R4.24a: a prevote is valid only if polRound &lt; r).
   */
  static Optional<Ballot> of(int member, Vote vote, Hash id, Envelope envelope) {
    Optional<Hash> value = value(vote.getValue());
    int polRound = vote.getPolRoundPlusOne() - 1;
    boolean isPrevote = vote.getType() == VoteType.VOTE_TYPE_PREVOTE;
    boolean isPrecommit = vote.getType() == VoteType.VOTE_TYPE_PRECOMMIT;
    if (value.isEmpty() || vote.getRound() < 0 || !(isPrevote || isPrecommit)) {
      return Optional.empty();
    }
    boolean mayNamePol = isPrevote && !value.get().equals(NIL);
    if (polRound < NO_ROUND
        || (mayNamePol
            ? polRound >= vote.getRound() && polRound != NO_ROUND
            : polRound != NO_ROUND)) {
      return Optional.empty();
    }
    return Optional.of(
        new Ballot(member, vote.getRound(), vote.getType(), value.get(), polRound, id, envelope));
  }

  /** A value field: empty is nil; zeros are a second spelling of it and refused (R0.3). */
  static Optional<Hash> value(ByteString field) {
    if (field.isEmpty()) {
      return Optional.of(NIL);
    }
    if (field.size() != Hash.SIZE) {
      return Optional.empty();
    }
    Hash value = Hash.of(field);
    return value.equals(NIL) ? Optional.empty() : Optional.of(value);
  }

  static ByteString field(Hash value) {
    return value.equals(NIL) ? ByteString.EMPTY : value.toByteString();
  }
}
