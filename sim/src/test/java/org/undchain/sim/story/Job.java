package org.undchain.sim.story;

import java.util.List;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Request;
import org.undchain.core.message.SeatLeaf;
import org.undchain.core.message.UtilityClass;
import org.undchain.core.partner.PartnerCommand;
import org.undchain.core.partner.PartnerNotice;
import org.undchain.core.session.SeatTerms;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.sim.Agents;
import org.undchain.sim.Scenario;

/** One job of client "ann" as a story tells it, step by step; partners are named. */
final class Job {
  static final String CLIENT = "ann";
  static final long PRICE = Agents.PARTNER.unitPrice();

  /** Units a seat of these stories can pay for. */
  static final long UNITS_MAX = 100;

  private static final long PATIENCE_MILLIS = 60_000;

  final Scenario story;
  final Hash id;
  final Envelope request;

  private Job(Scenario story, Envelope request) {
    this.story = story;
    this.request = request;
    this.id = story.idOf(request);
  }

  /** The client asks for so many partners and waits for as many offers. */
  static Job requested(Scenario story, int seats) {
    long slot = Math.max(0, story.chain().calendar().slotAt(story.simulation().now()));
    Request request =
        Request.newBuilder()
            .setNonce(1)
            .setValidFrom(slot)
            .setValidTo(slot + 8)
            .setUtility(UtilityClass.UTILITY_CLASS_STORAGE)
            .setSeats(seats)
            .setMaxPerPartner(UNITS_MAX * PRICE)
            .setStartBy(slot + 40)
            .build();
    Job job = new Job(story, story.seal(CLIENT, request));
    story.ask(CLIENT, new ClientCommand.SubmitEntry(job.request, true));
    return job;
  }

  ClientNotice.Offered offerOf(String partner) {
    return story.await(
        CLIENT,
        ClientNotice.Offered.class,
        offer -> offer.jobId().equals(id) && offer.partner().equals(story.id(partner)),
        PATIENCE_MILLIS);
  }

  /** The client takes the partner's offer; the contract's id. */
  Hash offerSeat(int seatNo, String partner) {
    ClientNotice.Offered offer = offerOf(partner);
    long slot = story.chain().calendar().slotAt(story.simulation().now());
    SeatTerms terms = new SeatTerms("MiB", PRICE, UNITS_MAX * PRICE, 4, slot + 30, 1, slot + 1000);
    Bytes seed = Hashes.tagged("seat", id.bytes(), Bytes.wrap(Hashes.u32(seatNo))).bytes();
    story.ask(CLIENT, new ClientCommand.OpenSeat(id, seatNo, offer.envelope(), terms, seed));
    return story
        .await(
            CLIENT,
            ClientNotice.SeatOpened.class,
            seat -> seat.jobId().equals(id) && seat.seatNo() == seatNo,
            PATIENCE_MILLIS)
        .contractId();
  }

  /** Both sides hold the result proof of START. */
  Hash startSeat(int seatNo, String partner) {
    Hash contractId = offerSeat(seatNo, partner);
    started(contractId, partner);
    return contractId;
  }

  void started(Hash contractId, String partner) {
    story.await(
        CLIENT,
        ClientNotice.SeatStarted.class,
        seat -> seat.contractId().equals(contractId),
        PATIENCE_MILLIS);
    story.await(
        partner,
        PartnerNotice.SeatOpened.class,
        seat -> seat.contractId().equals(contractId),
        PATIENCE_MILLIS);
  }

  /** The partner does the work and the client pays for it. */
  void workAndPay(Hash contractId, String partner, long cumUnits) {
    story.ask(partner, new PartnerCommand.Delivered(contractId, cumUnits));
    story.ask(CLIENT, new ClientCommand.Pay(contractId, cumUnits, Bytes.EMPTY));
    story.await(
        partner,
        PartnerNotice.Credit.class,
        credit -> credit.contractId().equals(contractId) && credit.paidUnits() == cumUnits,
        PATIENCE_MILLIS);
  }

  void close(Hash contractId) {
    story.ask(CLIENT, new ClientCommand.CloseSeat(contractId, Hash.ZERO.bytes()));
  }

  ClientNotice.SeatCompleted completed(Hash contractId) {
    return story.await(
        CLIENT,
        ClientNotice.SeatCompleted.class,
        done -> done.contractId().equals(contractId),
        PATIENCE_MILLIS);
  }

  PartnerNotice.SeatClosed closedAt(String partner, Hash contractId) {
    return story.await(
        partner,
        PartnerNotice.SeatClosed.class,
        done -> done.contractId().equals(contractId),
        PATIENCE_MILLIS);
  }

  /** Runs to a moment after the payout of the current period, in all blocks. */
  void payout() {
    long period =
        story
            .chain()
            .calendar()
            .periodOf(story.chain().calendar().slotAt(story.simulation().now()));
    story.until(story.chain().calendar().firstSlotOf(period + 1) + 2, 0);
  }

  List<SeatLeaf> seats() {
    return story
        .chronicle()
        .state()
        .job(id)
        .map(story.chronicle().state()::seats)
        .orElse(List.of());
  }

  /** Fees of this job's entries that are in blocks: the request's and those of its session. */
  long fees() {
    return story.chronicle().blocks().stream()
        .flatMap(block -> block.entries().stream())
        .filter(entry ->
            switch (entry.body().getEntryCase()) {
              case REQUEST, START, COMPLETE -> true;
              default -> false;
            })
        .mapToLong(entry -> story.chain().rules().fee(entry.bodyBytes()))
        .sum();
  }
}
