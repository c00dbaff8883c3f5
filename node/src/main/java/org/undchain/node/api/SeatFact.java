package org.undchain.node.api;

import java.util.OptionalLong;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.SeatState;
import org.undchain.core.value.Address;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.json.Json;

/**
 * One seat of a job: who took it, and the receipt that counts so far.
 *
 * @param receipt id of that receipt; empty before there is one
 */
record SeatFact(
    int seatNo,
    Hash contractId,
    NodeId partner,
    SeatState state,
    OptionalLong startHeight,
    OptionalLong closeHeight,
    CompletionKind kind,
    long amount,
    Bytes receipt) {

  private static final int KIND_PREFIX = "COMPLETION_KIND_".length();
  private static final int STATE_PREFIX = "SEAT_STATE_".length();

  boolean hasReceipt() {
    return kind != CompletionKind.COMPLETION_KIND_UNSPECIFIED && !receipt.isEmpty();
  }

  /** DUAL, PARTIAL or INTERIM. */
  String kindName() {
    return kind.name().substring(KIND_PREFIX);
  }

  Json.Obj json() {
    Json.Builder out =
        Json.object()
            .putInt("seat", seatNo)
            .put("partner", Address.of(partner))
            .put("state", state.name().substring(STATE_PREFIX));
    startHeight.ifPresent(height -> out.putInt64("startHeight", height));
    if (hasReceipt()) {
      closeHeight.ifPresent(height -> out.putInt64("closeHeight", height));
      out.put("kind", kindName());
    }
    return out.putInt64("amountGrains", amount).build();
  }
}
