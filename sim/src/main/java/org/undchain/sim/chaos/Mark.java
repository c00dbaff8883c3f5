package org.undchain.sim.chaos;

import java.util.Locale;
import java.util.Optional;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.RejectCode;

/** A place in the protocol that a campaign has to reach, or it has not tested it. */
public enum Mark {
  DECIDED_IN_ROUND_0,
  DECIDED_LATER,
  ROUND_1,
  ROUND_4,
  LOCKED,
  PREVOTED_NIL,
  PRECOMMITTED_NIL,
  PREVOTED_BY_POL,
  PREVOTED_IN_A_LATER_ROUND,
  PRECOMMITTED_IN_A_LATER_ROUND,
  PROPOSED_UNION,
  PROPOSED_WITH_POL,
  EARLY_EXIT,
  VOTE_AT_R0,
  SLOTS_CLOSED,
  SLOTS_SKIPPED,
  PAYOUT,
  BEAT,
  AMNESIA,
  RESTARTED,
  RESTARTED_IN_A_VOTE,
  FELL_BEHIND,
  SYNCED,
  CATCHING_UP,
  CURSORS,
  SKETCH,
  FETCH,
  DATA,
  INSIST,
  STRANGE_OWN_VOTE,
  BREACH_E1,
  BREACH_E2,
  BREACH_E3,
  BREACH_E4,
  BREACH_E5,
  BREACH_E6,
  OFFER_TAKEN,
  SEAT_STARTED,
  RECEIPT_SIGNED,
  SEAT_COMPLETED,
  SEAT_FAILED,
  ACK,
  STATUS,
  RESULT_OK,
  RESULT_NO_FUNDS,
  RESULT_KEY_USED,
  REJECT_RETRY_LATER,
  REJECT_HALTED,
  REJECT_NOT_SYNCED,
  REJECT_BAD_SIGNATURE,
  REJECT_NOT_VALID_NOW,
  REJECT_NONCE_USED,
  REJECT_NO_FUNDS,
  REJECT_TOO_MANY_PENDING;

  static Optional<Mark> ofBreach(int code) {
    return named("BREACH_E" + code);
  }

  static Optional<Mark> ofReject(RejectCode code) {
    return named(code.name().replace("REJECT_CODE_", "REJECT_"));
  }

  static Optional<Mark> ofResult(EntryResult result) {
    return named(result.name().replace("ENTRY_RESULT_", "RESULT_"));
  }

  private static Optional<Mark> named(String name) {
    for (Mark mark : values()) {
      if (mark.name().equals(name)) {
        return Optional.of(mark);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
