package org.undchain.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.core.ledger.LedgerFixture.RICH;
import static org.undchain.core.ledger.LedgerFixture.signer;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.LedgerFixture.Deal;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Close;
import org.undchain.core.message.Complete;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.Contract;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Micro;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.RejectCode;
import org.undchain.core.session.ReceiptRule;
import org.undchain.core.value.Grains;
import org.undchain.core.value.Hash;

/** Amounts at the ends of their range: refused or without effect, never wrapped. */
class AmountsTest {
  private static final long MOST = Grains.LIMIT - 1;

  private final Signer ann = signer("ann");
  private final Signer bob = signer("bob");
  private final Signer pat = signer("pat");
  private final LedgerFixture ledger = new LedgerFixture(ann, bob);

  @Test
  @Tag("case-79")
  @Tag("I7")
  void theLargestAmountIsWellFormedAndLacksFunds() {
    OpenedEntry entry = ledger.transfer(ann, bob.id(), MOST);
    assertThat(codeOf(entry)).isEqualTo(RejectCode.REJECT_CODE_UNSPECIFIED);
    assertThat(ledger.block(entry)).containsExactly(EntryResult.ENTRY_RESULT_NO_FUNDS);
    assertThat(ledger.balance(bob)).isEqualTo(RICH);
  }

  @Test
  @Tag("case-79")
  @Tag("R4.14")
  void zeroMinusOneAndTheLimitAreNoAmounts() {
    for (long amount : new long[] {0, -1, Grains.LIMIT, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertThat(codeOf(ledger.transfer(ann, bob.id(), amount)))
          .as("transfer of %d", amount)
          .isEqualTo(RejectCode.REJECT_CODE_BAD_AMOUNT);
      assertThat(codeOf(ledger.request(ann, 1, amount)))
          .as("request for %d", amount)
          .isEqualTo(RejectCode.REJECT_CODE_BAD_AMOUNT);
    }
  }

  /** Sixteen seats of the largest amount are 2⁶⁶ grains. */
  @Test
  @Tag("case-79")
  @Tag("I7")
  void seatsTimesTheLargestAmountDoNotWrapIntoWhatTheClientHas() {
    for (long each : new long[] {MOST, MOST / 2, MOST / 4 + 1, Grains.LIMIT / 16}) {
      OpenedEntry entry = ledger.request(ann, 16, each);
      if (codeOf(entry) == RejectCode.REJECT_CODE_UNSPECIFIED) {
        assertThat(ledger.block(entry))
            .as("16 seats of %d", each)
            .containsExactly(EntryResult.ENTRY_RESULT_NO_FUNDS);
        assertThat(ledger.state.job(entry.id())).isEmpty();
      }
    }
    assertThat(ledger.balance(ann)).isGreaterThan(RICH - 100_000);
  }

  @Test
  @Tag("case-11")
  @Tag("R4.14")
  void aRequestForMoreThanSixteenPartnersIsRefused() {
    for (int seats : new int[] {0, 17, 1_000_000, Integer.MAX_VALUE, -1}) {
      assertThat(codeOf(ledger.request(ann, seats, 1_000)))
          .as("%d seats", seats)
          .isEqualTo(RejectCode.REJECT_CODE_BAD_FIELD);
    }
    assertThat(codeOf(ledger.request(ann, 16, 1_000)))
        .isEqualTo(RejectCode.REJECT_CODE_UNSPECIFIED);
  }

  @Test
  @Tag("case-79")
  @Tag("R7.10")
  void aReceiptOverMoreThanTheContractIsRefusedWhateverItsSize() {
    OpenedEntry request = ledger.request(ann, 1, 50_000);
    ledger.block(request);
    Deal deal = ledger.deal(request.id(), 0, ann, pat, 50_000);
    ledger.block(ledger.start(deal, ann));
    for (long amount : new long[] {50_001, MOST, Grains.LIMIT, -1, Long.MIN_VALUE}) {
      assertThat(codeOf(ledger.partial(deal, pat, 2, ledger.micro(deal, 1, 1, amount))))
          .as("receipt over %d", amount)
          .isIn(RejectCode.REJECT_CODE_BAD_AMOUNT, RejectCode.REJECT_CODE_BAD_SIGNATURE);
    }
    assertThat(codeOf(ledger.partial(deal, pat, 2, ledger.micro(deal, 1, 1, 50_000))))
        .isEqualTo(RejectCode.REJECT_CODE_UNSPECIFIED);
  }

  @Test
  @Tag("case-79")
  @Tag("R7.10")
  void unitsTimesPriceNeverWrap() {
    Contract dear = Contract.newBuilder().setUnitPrice(MOST).setMaxAmount(MOST).build();
    Micro none = Micro.getDefaultInstance();
    for (long units : new long[] {2, 5, 1L << 32, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
      assertThat(ReceiptRule.isPayable(dear, units)).as("%d units", units).isFalse();
      Micro next =
          Micro.newBuilder().setSeq(1).setCumUnits(units).setCumAmount(units * MOST).build();
      assertThat(ReceiptRule.micro(dear, none, Hash.ZERO, next)).isInstanceOf(Verdict.Reject.class);
      Close close = Close.newBuilder().setUnits(units).setAmount(units * MOST).build();
      assertThat(ReceiptRule.close(dear, none, close)).isInstanceOf(Verdict.Reject.class);
    }
    assertThat(ReceiptRule.isPayable(dear, 1)).isTrue();
  }

  @Test
  @Tag("case-79")
  void sharesOfAnyAmountAreWhatBigNumbersSay() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      long amount = i < 4 ? MOST - i : random.nextLong(Grains.LIMIT);
      long bps = random.nextLong(10_001);
      assertThat(Grains.share(amount, bps))
          .as("%d bps of %d", bps, amount)
          .isEqualTo(
              BigInteger.valueOf(amount)
                  .multiply(BigInteger.valueOf(bps))
                  .divide(BigInteger.valueOf(10_000))
                  .longValueExact());
      long whole = 1 + random.nextLong(Integer.MAX_VALUE - 1);
      long part = random.nextLong(whole + 1);
      assertThat(Grains.portion(amount, part, whole))
          .as("%d of %d parts of %d", part, whole, amount)
          .isEqualTo(
              BigInteger.valueOf(amount)
                  .multiply(BigInteger.valueOf(part))
                  .divide(BigInteger.valueOf(whole))
                  .longValueExact());
    }
  }

  /**
   * An INTERIM whose fee was not covered by its receipt once drew more than the client had signed.
   */
  @Test
  @Tag("R4.14f")
  void anInterimThatItsReceiptDoesNotCoverIsRefused() {
    OpenedEntry request = ledger.request(ann, 1, 50_000);
    ledger.block(request);
    Deal deal = ledger.deal(request.id(), 0, ann, pat, 50_000);
    ledger.block(ledger.start(deal, ann));
    long about = ledger.chain.rules().fee(interim(deal, 1_000).bodyBytes());
    long fee = ledger.chain.rules().fee(interim(deal, about).bodyBytes()); // it has bytes, too
    assertThat(codeOf(interim(deal, fee - 1))).isEqualTo(RejectCode.REJECT_CODE_BAD_AMOUNT);
    assertThat(codeOf(interim(deal, fee))).isEqualTo(RejectCode.REJECT_CODE_UNSPECIFIED);
  }

  private OpenedEntry interim(Deal deal, long amount) {
    return ledger.seal(
        pat,
        Complete.newBuilder()
            .setValidFrom(ledger.slot)
            .setValidTo(ledger.slot + 16)
            .setContractId(deal.id().toByteString())
            .setParty(2)
            .setKind(CompletionKind.COMPLETION_KIND_INTERIM)
            .setPeriod(ledger.chain.calendar().periodOf(ledger.slot))
            .setReceipt(ledger.micro(deal, 1, 1, amount))
            .build());
  }

  private RejectCode codeOf(OpenedEntry entry) {
    return Eligibility.check(ledger.chain, ledger.state, entry, ledger.slot)
            instanceof Verdict.Reject(RejectCode why, String detail)
        ? why
        : RejectCode.REJECT_CODE_UNSPECIFIED;
  }
}
