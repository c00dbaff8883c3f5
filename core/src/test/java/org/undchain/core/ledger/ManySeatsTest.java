package org.undchain.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.core.ledger.LedgerFixture.RICH;
import static org.undchain.core.ledger.LedgerFixture.signer;

import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.JobLeaf;
import org.undchain.core.message.JobRow;
import org.undchain.core.message.SeatLeaf;
import org.undchain.core.message.SeatState;
import org.undchain.core.payout.PeriodBlocks;
import org.undchain.core.payout.Settlement;
import org.undchain.core.value.Grains;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** A payout of a hundred thousand seats. */
@Tag("slow")
class ManySeatsTest {
  private static final int JOBS = 6_250;
  private static final int SEATS = 16;
  private static final int PARTNERS = 50;
  private static final long AMOUNT = 20_000;
  private static final long MOST = 30_000;

  private final Signer ann = signer("ann");
  private final LedgerFixture ledger = new LedgerFixture(ann);

  /**
   * Each seat is paid exactly once; whoever dies in the middle and computes it anew comes to the
   * same file; and the next payout has nothing left to pay.
   */
  @Test
  @Tag("case-78")
  @Tag("I11")
  void aHundredThousandSeatsAreEachPaidOnce() {
    State before = withSeats();
    Settlement.Outcome payout = settle(before, 0);
    Settlement.Outcome again = settle(before, 0);
    assertThat(again.payoutRoot()).isEqualTo(payout.payoutRoot());
    assertThat(again.after().root()).isEqualTo(payout.after().root());

    assertThat(payout.file().getJobsList()).hasSize(JOBS).noneMatch(JobRow::getCarried);
    long seats = 0;
    for (JobRow job : payout.file().getJobsList()) {
      assertThat(job.getSeatsList())
          .allMatch(seat -> seat.getPaid() == AMOUNT)
          .allMatch(seat -> seat.getState() == SeatState.SEAT_STATE_SETTLED);
      assertThat(job.getRefund()).isEqualTo(SEATS * (MOST - AMOUNT));
      seats += job.getSeatsCount();
    }
    assertThat(seats).isEqualTo(100_000);
    long each = AMOUNT - Grains.share(AMOUNT, ledger.chain.rules().commissionBps());
    for (int i = 0; i < PARTNERS; i++) {
      assertThat(payout.after().account(partner(i)).orElseThrow().getBalance())
          .isEqualTo(each * (seats / PARTNERS));
    }
    assertThat(payout.after().openJobs()).isEmpty();
    assertThat(settle(payout.after(), 1).file().getJobsList()).isEmpty();
  }

  private Settlement.Outcome settle(State state, long period) {
    return Settlement.settle(ledger.chain, state, period, new PeriodBlocks(), Optional.empty());
  }

  private State withSeats() {
    Draft draft = new Draft(ledger.state);
    AccountLeaf client = draft.account(ann.id()).orElseThrow();
    long escrow = (long) JOBS * SEATS * MOST;
    assertThat(client.getBalance()).isEqualTo(RICH).isGreaterThan(escrow);
    draft.put(
        client.toBuilder().setBalance(client.getBalance() - escrow).setEscrowed(escrow).build());
    for (int job = 0; job < JOBS; job++) {
      Hash id = Hashes.tagged("job" + job);
      draft.put(
          JobLeaf.newBuilder()
              .setId(id.toByteString())
              .setClient(ann.id().toByteString())
              .setSeats(SEATS)
              .setMaxPerPartner(MOST)
              .setEscrow(SEATS * MOST)
              .build());
      for (int seat = 0; seat < SEATS; seat++) {
        draft.put(seat(id, seat, partner((job * SEATS + seat) % PARTNERS)));
      }
    }
    return draft.finish();
  }

  private static SeatLeaf seat(Hash job, int number, NodeId partner) {
    return SeatLeaf.newBuilder()
        .setJobId(job.toByteString())
        .setSeatNo(number)
        .setContractId(Hashes.tagged("contract" + number, job.bytes()).toByteString())
        .setPartner(partner.toByteString())
        .setState(SeatState.SEAT_STATE_CLOSED_DUAL)
        .setKind(CompletionKind.COMPLETION_KIND_DUAL)
        .setMaxAmount(MOST)
        .setAmount(AMOUNT)
        .setSeq(1)
        .build();
  }

  private static NodeId partner(int number) {
    return new NodeId(Hashes.tagged("partner" + number).bytes());
  }
}
