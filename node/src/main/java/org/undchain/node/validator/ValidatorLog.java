package org.undchain.node.validator;

import org.slf4j.Logger;
import org.undchain.core.consensus.AgreementNotice;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Header;
import org.undchain.core.time.ClockNotice;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.node.log.Quoted;
import org.undchain.node.runtime.Host;

/** Turns what a validator tells into log lines and numbers. */
final class ValidatorLog {
  private final Logger log;
  private final Chain chain;
  private final ChainMetrics metrics;

  ValidatorLog(Logger log, Chain chain, ChainMetrics metrics) {
    this.log = log;
    this.chain = chain;
    this.metrics = metrics;
  }

  void tell(Notice notice, BlockTime now) {
    if (notice instanceof ValidatorNotice told) {
      tell(told, now);
    } else if (notice instanceof AgreementNotice told) {
      tell(told);
    } else if (notice instanceof ClockNotice told) {
      tell(told);
    }
  }

  void dialFailed(Host.DialFailure failure) {
    log.info(
        "event=dial_failed peer={} code={} reason={}",
        failure.expected().hex(),
        failure.why(),
        Quoted.of(failure.detail()));
  }

  private void tell(ValidatorNotice told, BlockTime now) {
    switch (told) {
      case ValidatorNotice.Began began -> {
        metrics.head(began.height(), began.slot());
        log.info(
            "event=began height={} slot={} period={}",
            began.height(),
            began.slot(),
            began.set().getPeriod());
      }
      case ValidatorNotice.BlockCommitted committed -> committed(committed, now);
      case ValidatorNotice.VoteBegan vote ->
          log.info(
              "event=vote height={} slot={} entries={} early={}",
              vote.height(),
              vote.slot(),
              vote.entries(),
              vote.isEarly());
      case ValidatorNotice.BreachFound breach ->
          log.warn("event=breach code=E{} entry={}", breach.code(), breach.entryId().hex());
      case ValidatorNotice.Synced synced ->
          log.info("event=synced is={} height={}", synced.isSynced(), synced.height());
      case ValidatorNotice.PartnersChanged changed ->
          log.info("event=partners changes={}", changed.changes().size());
      case ValidatorNotice.PeerTip tip -> {} // twice a second from everybody
    }
  }

  private void committed(ValidatorNotice.BlockCommitted committed, BlockTime now) {
    Header header = committed.block().header();
    long tookMillis = now.minus(chain.calendar().cutoffOf(header.getSlot()));
    metrics.head(header.getHeight(), header.getSlot());
    if (header.getKind() == BlockKind.BLOCK_KIND_NORMAL) {
      metrics.committed(tookMillis);
    }
    metrics.decided(committed.block().qc().getRound());
    log.info(
        "event=block height={} slot={} kind={} entries={} round={} after_cutoff_ms={} hash={}",
        header.getHeight(),
        header.getSlot(),
        header.getKind(),
        header.getEntryCount(),
        committed.block().qc().getRound(),
        tookMillis,
        committed.block().headerHash().hex());
  }

  private void tell(ClockNotice told) {
    switch (told) {
      case ClockNotice.Stepped(long millis) -> log.info("event=clock_stepped ms={}", millis);
      case ClockNotice.Synchronised(long spreadMillis, int rounds) ->
          log.info("event=clock_synchronised spread_ms={} rounds={}", spreadMillis, rounds);
    }
  }

  private void tell(AgreementNotice told) {
    switch (told) {
      case AgreementNotice.RoundEntered entered -> {
        if (entered.round() > 0) {
          log.info("event=round height={} round={}", entered.height(), entered.round());
        }
      }
      case AgreementNotice.Contradiction bad ->
          log.error(
              "event=contradiction height={} value={} reason={}",
              bad.height(),
              bad.value().hex(),
              Quoted.of(bad.why()));
      case AgreementNotice.StrangeOwnVote strange ->
          log.error("event=strange_own_vote height={} round={}", strange.height(), strange.round());
      case AgreementNotice.Locked locked -> {}
      case AgreementNotice.Decided decided -> {} // the block tells it
    }
  }
}
