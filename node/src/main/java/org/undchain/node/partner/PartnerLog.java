package org.undchain.node.partner;

import org.slf4j.Logger;
import org.undchain.core.partner.PartnerNotice;
import org.undchain.core.value.Hash;
import org.undchain.node.log.Quoted;
import org.undchain.node.runtime.Host;

/** Turns what a partner tells and does into log lines. */
final class PartnerLog {
  private final Logger log;

  PartnerLog(Logger log) {
    this.log = log;
  }

  void tell(PartnerNotice notice) {
    switch (notice) {
      case PartnerNotice.Subscribed told ->
          log.info(
              "event=subscribed validator={} code={} detail={}",
              told.validator().hex(),
              told.code(),
              Quoted.of(told.detail()));
      case PartnerNotice.Bidding bid ->
          log.info("event=bid job={} price={}", bid.jobId().hex(), bid.unitPrice());
      case PartnerNotice.SeatOpened opened ->
          log.info(
              "event=seat_opened contract={} client={} height={}",
              opened.contractId().hex(),
              opened.client().hex(),
              opened.height());
      case PartnerNotice.Credit credit ->
          log.debug(
              "event=credit contract={} paid={} allowed={}",
              credit.contractId().hex(),
              credit.paidUnits(),
              credit.allowedUnits());
      case PartnerNotice.ReceiptSigned receipt ->
          log.info(
              "event=receipt contract={} units={} grains={}",
              receipt.contractId().hex(),
              receipt.units(),
              receipt.amount());
      case PartnerNotice.SeatClosed closed ->
          log.info(
              "event=seat_closed contract={} kind={} grains={} height={}",
              closed.contractId().hex(),
              closed.kind(),
              closed.amount(),
              closed.height());
      case PartnerNotice.SeatFailed failed ->
          log.info(
              "event=seat_failed contract={} code={} detail={}",
              failed.contractId().hex(),
              failed.code(),
              Quoted.of(failed.detail()));
    }
  }

  void dialFailed(Host.DialFailure failure) {
    log.info(
        "event=dial_failed peer={} code={} reason={}",
        failure.expected().hex(),
        failure.why(),
        Quoted.of(failure.detail()));
  }

  void seatRefused(Hash contractId, String why) {
    log.error("event=seat_refused contract={} reason={}", contractId.hex(), Quoted.of(why));
  }

  void seatEndFailed(Hash contractId, String why) {
    log.error("event=seat_end_failed contract={} reason={}", contractId.hex(), Quoted.of(why));
  }

  void expired(int shards, long slot) {
    log.info("event=expired shards={} slot={}", shards, slot);
  }

  void expireFailed(String why) {
    log.error("event=expire_failed reason={}", Quoted.of(why));
  }

  void unlockFailed(String why) {
    log.warn("event=unlock_failed reason={}", Quoted.of(why));
  }
}
