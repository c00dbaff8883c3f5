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
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.Entry;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.JobLeaf;
import org.undchain.core.message.JobRow;
import org.undchain.core.message.Request;
import org.undchain.core.message.SeatLeaf;
import org.undchain.core.message.SeatRow;
import org.undchain.core.message.SeenLeaf;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Finds jobs: the open ones in the state, the ended ones in the payout file of the period in which
 * they ended.
 */
final class Jobs {
  /** Closed periods that a question without a period looks at. */
  static final int PERIODS_SHOWN = History.PERIODS_KEPT;

  private final Chain chain;
  private final History history;

  Jobs(Chain chain, History history) {
    this.chain = chain;
    this.history = history;
  }

  /** Jobs of one period, or of the open one and those kept ready; newest request first. */
  List<JobFact> list(Standing now, OptionalLong period) {
    Map<Hash, JobFact> found = new TreeMap<>();
    for (ClosedPeriod closed : closed(now, period)) {
      closed.jobs().forEach(row -> found.put(Hash.of(row.getJobId()), closed(now, row)));
    }
    if (isOpen(now, period)) {
      for (Hash id : now.state().openJobs()) {
        found.put(id, open(now, now.state().job(id).orElseThrow()));
      }
    }
    List<JobFact> jobs = new ArrayList<>(found.values());
    jobs.sort(Comparator.comparing(JobFact::requestHeight).reversed());
    return jobs;
  }

  /** The closed periods that a question is about, oldest first. */
  List<ClosedPeriod> closed(Standing now, OptionalLong period) {
    long first = period.orElse(Math.max(0, now.period() - PERIODS_SHOWN));
    long last = period.isPresent() ? first : now.period() - 1;
    List<ClosedPeriod> closed = new ArrayList<>();
    for (long number = first; number <= last && number < now.period(); number++) {
      history.period(number).ifPresent(closed::add);
    }
    return closed;
  }

  private static boolean isOpen(Standing now, OptionalLong period) {
    return period.isEmpty() || period.getAsLong() == now.period();
  }

  /** One job, however long ago it was. */
  JobFact find(Standing now, Hash id) throws Refused {
    Optional<JobLeaf> leaf = now.state().job(id);
    if (leaf.isPresent()) {
      return open(now, leaf.get());
    }
    SeenLeaf seen = seen(now, id);
    Request request = request(seen.getHeight(), id);
    if (seen.getResult() != EntryResult.ENTRY_RESULT_OK) {
      return refused(id, request, seen);
    }
    Optional<JobRow> last = lastRow(seen.getSlot(), id);
    if (last.isEmpty()) {
      throw unknown(id);
    }
    return closed(now, last.get());
  }

  /** The newest row of a job that was requested in this slot. */
  Optional<JobRow> lastRow(long requestSlot, Hash id) {
    OptionalLong period = lastPeriod(requestSlot, id);
    return period.isEmpty()
        ? Optional.empty()
        : history.period(period.getAsLong()).flatMap(closed -> closed.job(id));
  }

  /**
   * The last closed period that has a row of the job: from the first on as long as it is carried.
   */
  OptionalLong lastPeriod(long requestSlot, Hash id) {
    OptionalLong last = OptionalLong.empty();
    for (long period = chain.calendar().periodOf(requestSlot); ; period++) {
      Optional<JobRow> row = history.period(period).flatMap(closed -> closed.job(id));
      if (row.isEmpty()) {
        return last;
      }
      last = OptionalLong.of(period);
      if (!row.get().getCarried()) {
        return last;
      }
    }
  }

  /** Where an entry went: remembered by the state for a while, by its kept proof for good. */
  SeenLeaf seen(Standing now, Hash id) throws Refused {
    Optional<SeenLeaf> seen =
        now.state()
            .seen(id)
            .or(() ->
                history
                    .proof(id)
                    .flatMap(
                        proof -> Canonical.decode(SeenLeaf.parser(), Bytes.of(proof.getValue()))));
    if (seen.isEmpty()) {
      throw unknown(id);
    }
    return seen.get();
  }

  static Refused unknown(Hash id) {
    return Refused.notFound(
        "nothing is known of " + id.hex(),
        "no block that this node has holds an entry with this id",
        "/v1/jobs lists the jobs it knows");
  }

  private Request request(long height, Hash id) throws Refused {
    Optional<Envelope> entry = entry(height, id);
    Optional<Request> request =
        entry
            .filter(found -> found.getType() == Entry.REQUEST_FIELD_NUMBER)
            .flatMap(found -> Canonical.decode(Request.parser(), Bytes.of(found.getBody())));
    if (request.isEmpty()) {
      throw Refused.notFound(
          id.hex() + " is no job",
          "the entry with this id in block " + height + " is no REQUEST",
          "/v1/blocks/" + height);
    }
    return request.get();
  }

  private Optional<Envelope> entry(long height, Hash id) {
    return history
        .block(height)
        .flatMap(block ->
            block.getEntriesList().stream()
                .filter(entry -> Envelopes.id(chain.context(), entry).equals(id))
                .findFirst());
  }

  /** A REQUEST that was in a block and took no effect. */
  private JobFact refused(Hash id, Request request, SeenLeaf seen) {
    NodeId client =
        entry(seen.getHeight(), id)
            .map(entry -> NodeId.of(entry.getSigner()))
            .orElseThrow(() -> new IllegalStateException("it was there before"));
    String reason = seen.getResult().name().substring("ENTRY_RESULT_".length());
    return new JobFact(
        id,
        request.getUtility(),
        client,
        JobFact.CANCELLED,
        Optional.of(reason),
        OptionalLong.of(seen.getHeight()),
        List.of());
  }

  private JobFact open(Standing now, JobLeaf job) {
    List<SeatFact> seats = new ArrayList<>();
    now.state().seats(job).forEach(seat -> seats.add(seat(now, seat)));
    boolean canStart = seats.size() < job.getSeats() && now.slot() <= (long) job.getStartBy();
    return new JobFact(
        Hash.of(job.getId()),
        job.getUtility(),
        NodeId.of(job.getClient()),
        JobFact.openState(job.getCancelled(), seats, canStart),
        job.getCancelled() ? Optional.of(JobFact.BY_CLIENT) : Optional.empty(),
        OptionalLong.of(job.getRequestHeight()),
        seats);
  }

  private SeatFact seat(Standing now, SeatLeaf seat) {
    OptionalLong closeHeight =
        seat.getCloseHeight() > 0
            ? OptionalLong.of(seat.getCloseHeight())
            : receiptHeight(now, seat.getKind(), seat.getLastActivitySlot());
    return new SeatFact(
        seat.getSeatNo(),
        Hash.of(seat.getContractId()),
        NodeId.of(seat.getPartner()),
        seat.getState(),
        OptionalLong.of(seat.getStartHeight()),
        closeHeight,
        seat.getKind(),
        seat.getAmount(),
        Bytes.of(seat.getEvidenceHash()));
  }

  /** A job as the payout file of one period has it. */
  JobFact closed(Standing now, JobRow row) {
    List<SeatFact> seats = new ArrayList<>();
    row.getSeatsList().forEach(seat -> seats.add(seat(now, seat)));
    Optional<String> reason =
        row.getCancelled()
            ? Optional.of(row.getEscrow() == 0 ? JobFact.BY_CLIENT : JobFact.NOT_STARTED)
            : JobFact.areAllCancelled(seats) ? Optional.of(JobFact.SILENT) : Optional.empty();
    return new JobFact(
        Hash.of(row.getJobId()),
        row.getUtility(),
        NodeId.of(row.getClient()),
        row.getCarried()
            ? JobFact.openState(false, seats, false)
            : reason.isPresent() ? JobFact.CANCELLED : JobFact.SETTLED,
        row.getCarried() ? Optional.empty() : reason,
        history.heightAt(row.getRequestSlot(), now),
        seats);
  }

  private SeatFact seat(Standing now, SeatRow seat) {
    return new SeatFact(
        seat.getSeatNo(),
        Hash.of(seat.getContractId()),
        NodeId.of(seat.getPartner()),
        seat.getState(),
        history.heightAt(seat.getStartSlot(), now),
        receiptHeight(now, seat.getKind(), seat.getEndSlot()),
        seat.getKind(),
        seat.getAmount(),
        Bytes.of(seat.getEvidenceHash()));
  }

  /** Block with the receipt; an INTERIM names no slot of its own in a payout file. */
  private OptionalLong receiptHeight(Standing now, CompletionKind kind, long slot) {
    return kind == CompletionKind.COMPLETION_KIND_UNSPECIFIED || slot == 0
        ? OptionalLong.empty()
        : history.heightAt(slot, now);
  }
}
