package org.undchain.node.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.undchain.core.message.SeatState;
import org.undchain.core.message.UtilityClass;
import org.undchain.core.value.Address;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.json.Json;

/**
 * One job and how far it is: REQUESTED → STARTED → CLOSED → SETTLED, or CANCELLED with a reason.
 */
record JobFact(
    Hash id,
    UtilityClass utility,
    NodeId client,
    String state,
    Optional<String> reason,
    OptionalLong height,
    List<SeatFact> seats) {
  static final String CANCELLED = "CANCELLED";
  static final String SETTLED = "SETTLED";

  /** The client cancelled before any seat started. */
  static final String BY_CLIENT = "CANCELLED_BY_CLIENT";

  /** No partner started a seat while it could (R7.12). */
  static final String NOT_STARTED = "NOT_STARTED";

  /** Both sides were silent after START (R7.12). */
  static final String SILENT = "BOTH_SILENT";

  private static final int UTILITY_PREFIX = "UTILITY_CLASS_".length();

  JobFact {
    seats = List.copyOf(seats);
  }

  /**
   * State of a job that has not ended.
   *
   * @param canStart whether a seat is free and may still be taken
   */
  static String openState(boolean isCancelled, List<SeatFact> seats, boolean canStart) {
    if (isCancelled) {
      return CANCELLED;
    }
    if (seats.isEmpty()) {
      return "REQUESTED";
    }
    boolean isRunning =
        seats.stream().anyMatch(seat -> seat.state() == SeatState.SEAT_STATE_STARTED);
    return isRunning || canStart ? "STARTED" : "CLOSED";
  }

  static boolean areAllCancelled(List<SeatFact> seats) {
    return !seats.isEmpty()
        && seats.stream().allMatch(seat -> seat.state() == SeatState.SEAT_STATE_CANCELLED);
  }

  static String nameOf(UtilityClass utility) {
    return utility.name().substring(UTILITY_PREFIX).toLowerCase(Locale.ROOT);
  }

  /** Height of the block with the REQUEST, 0 where it is not known. */
  long requestHeight() {
    return height.orElse(0);
  }

  Json.Builder json() {
    Json.Builder out =
        Json.object()
            .put("jobId", id.hex())
            .put("type", nameOf(utility))
            .put("client", Address.of(client))
            .put("state", state);
    reason.ifPresent(why -> out.put("reason", why));
    height.ifPresent(at -> out.putInt64("requestHeight", at));
    return out.put("seats", seats.stream().map(SeatFact::json).toList());
  }
}
