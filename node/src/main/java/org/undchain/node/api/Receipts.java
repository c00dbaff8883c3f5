package org.undchain.node.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.undchain.core.codec.Canonical;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.Block;
import org.undchain.core.message.Complete;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.Entry;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.SeatState;
import org.undchain.core.value.Address;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.json.Json;

/**
 * The receipts of one account, as client or partner: one for each seat that has one, with who
 * handed it in and the payout that paid it.
 */
final class Receipts {
  private static final int PARTY_CLIENT = 1;

  private final Chain chain;
  private final History history;
  private final Jobs jobs;

  /** A seat with its job, and the period whose payout paid it. */
  private record Receipt(JobFact job, SeatFact seat, OptionalLong paidPeriod) {}

  Receipts(Chain chain, History history, Jobs jobs) {
    this.chain = chain;
    this.history = history;
    this.jobs = jobs;
  }

  /** Newest first. */
  List<Json.Obj> of(Standing now, NodeId account, OptionalLong period) {
    Map<Hash, Receipt> found = new TreeMap<>();
    for (ClosedPeriod closed : jobs.closed(now, period)) {
      closed.jobs().forEach(row -> collect(jobs.closed(now, row), account, closed.number(), found));
    }
    if (period.isEmpty() || period.getAsLong() == now.period()) {
      jobs.list(now, OptionalLong.of(now.period()))
          .forEach(job -> collect(job, account, now.period(), found));
    }
    List<Receipt> receipts = new ArrayList<>(found.values());
    receipts.sort(
        Comparator.<Receipt>comparingLong(receipt -> receipt.seat().closeHeight().orElse(0))
            .reversed());
    return receipts.stream().map(this::json).toList();
  }

  private void collect(JobFact job, NodeId account, long period, Map<Hash, Receipt> found) {
    for (SeatFact seat : job.seats()) {
      boolean isTheirs = job.client().equals(account) || seat.partner().equals(account);
      if (isTheirs && seat.hasReceipt()) {
        Receipt before = found.get(seat.contractId());
        if (before == null || before.paidPeriod().isEmpty()) {
          found.put(seat.contractId(), new Receipt(job, seat, paidIn(job, seat, period)));
        }
      }
    }
  }

  /** The first payout that left the seat settled; a settled seat is carried along with its job. */
  private OptionalLong paidIn(JobFact job, SeatFact seat, long period) {
    if (seat.state() != SeatState.SEAT_STATE_SETTLED) {
      return OptionalLong.empty();
    }
    OptionalLong paid = OptionalLong.empty();
    for (long number = period; number >= 0; number--) {
      boolean isSettled =
          history
              .period(number)
              .flatMap(closed -> closed.job(job.id()))
              .filter(row ->
                  row.getSeatsList().stream()
                      .anyMatch(other ->
                          other.getSeatNo() == seat.seatNo()
                              && other.getState() == SeatState.SEAT_STATE_SETTLED))
              .isPresent();
      if (isSettled) {
        paid = OptionalLong.of(number);
      } else if (number < period) {
        return paid;
      }
    }
    return paid;
  }

  private Json.Obj json(Receipt receipt) {
    SeatFact seat = receipt.seat();
    Json.Builder out =
        Json.object()
            .put("jobId", receipt.job().id().hex())
            .put("kind", seat.kindName())
            .putInt64("amountGrains", seat.amount())
            .put("partner", Address.of(seat.partner()))
            .put("client", Address.of(receipt.job().client()))
            .put("signed", signed(seat));
    seat.closeHeight().ifPresent(height -> out.putInt64("completeHeight", height));
    receipt.paidPeriod().ifPresent(period -> out.putInt64("paidPeriod", period));
    return out.build();
  }

  /** Both session keys, or the one side that handed in the client's newest micro-receipt. */
  private String signed(SeatFact seat) {
    if (seat.kind() == CompletionKind.COMPLETION_KIND_DUAL) {
      return "dual";
    }
    Optional<Complete> handedIn =
        seat.closeHeight().isEmpty()
            ? Optional.empty()
            : completes(seat.closeHeight().getAsLong()).stream()
                .filter(complete -> isOf(complete, seat))
                .findFirst();
    return handedIn.filter(complete -> complete.getParty() == PARTY_CLIENT).isPresent()
        ? "client"
        : "partner";
  }

  private boolean isOf(Complete complete, SeatFact seat) {
    return complete.getContractId().equals(seat.contractId().toByteString())
        && Envelopes.id(chain.context(), complete.getReceipt()).bytes().equals(seat.receipt());
  }

  private List<Complete> completes(long height) {
    List<Complete> found = new ArrayList<>();
    for (Envelope entry : history.block(height).map(Block::getEntriesList).orElse(List.of())) {
      if (entry.getKind() == EnvelopeKind.ENVELOPE_KIND_ENTRY_VALUE
          && entry.getType() == Entry.COMPLETE_FIELD_NUMBER) {
        Canonical.decode(Complete.parser(), Bytes.of(entry.getBody())).ifPresent(found::add);
      }
    }
    return found;
  }
}
