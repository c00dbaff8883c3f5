package org.undchain.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.core.ledger.LedgerFixture.RICH;
import static org.undchain.core.ledger.LedgerFixture.signer;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.Seeds;
import org.undchain.core.crypto.Signer;
import org.undchain.core.evidence.Evidences;
import org.undchain.core.ledger.LedgerFixture.Deal;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Beat;
import org.undchain.core.message.Cancel;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Evidence;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.SeatState;
import org.undchain.core.message.Transfer;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.payout.RebuiltJobFile;
import org.undchain.core.payout.Settlement;
import org.undchain.core.value.Hash;

class LedgerTest {
  private final Signer ann = signer("ann");
  private final Signer bob = signer("bob");
  private final Signer pat = signer("pat");
  private final LedgerFixture ledger = new LedgerFixture(ann, bob);

  @Test
  void aTransferMovesTheAmountAndTheFeeGoesToThePool() {
    OpenedEntry transfer = ledger.transfer(ann, bob.id(), 500);
    assertThat(ledger.block(transfer)).containsExactly(EntryResult.ENTRY_RESULT_OK);
    long fee = ledger.chain.rules().fee(transfer.bodyBytes());
    assertThat(ledger.balance(ann)).isEqualTo(RICH - 500 - fee);
    assertThat(ledger.balance(bob)).isEqualTo(RICH + 500);
    assertThat(ledger.state.pools().getFeePool()).isEqualTo(fee);
  }

  @Test
  @Tag("R4.17a")
  void lessThanTheExistentialDepositMakesNoAccount() {
    assertThat(ledger.block(ledger.transfer(ann, pat.id(), 9_999)))
        .containsExactly(EntryResult.ENTRY_RESULT_NO_ACCOUNT);
    assertThat(ledger.state.account(pat.id())).isEmpty();
    assertThat(ledger.block(ledger.transfer(ann, pat.id(), 10_000)))
        .containsExactly(EntryResult.ENTRY_RESULT_OK);
    assertThat(ledger.balance(pat)).isEqualTo(10_000);
  }

  @Test
  @Tag("case-79")
  @Tag("R4.14")
  void amountsOutOfBoundsAreRefusedWithTheirReason() {
    for (long amount : new long[] {0, -1, 1L << 62}) {
      OpenedEntry transfer = ledger.transfer(ann, bob.id(), amount);
      assertThat(codeOf(transfer)).isEqualTo(RejectCode.REJECT_CODE_BAD_AMOUNT);
    }
    for (long most : new long[] {0, -1, 1L << 62}) {
      assertThat(codeOf(ledger.request(ann, 1, most))).isEqualTo(RejectCode.REJECT_CODE_BAD_AMOUNT);
    }
  }

  @Test
  @Tag("R4.14")
  void noncesAreUsedOnceInAnyOrderWithinTheWindow() {
    assertThat(codeOf(withNonce(0))).isEqualTo(RejectCode.REJECT_CODE_NONCE_OUT_OF_WINDOW);
    assertThat(codeOf(withNonce(65))).isEqualTo(RejectCode.REJECT_CODE_NONCE_OUT_OF_WINDOW);
    ledger.block(withNonce(3));
    assertThat(codeOf(withNonce(3))).isEqualTo(RejectCode.REJECT_CODE_NONCE_USED);
    ledger.block(withNonce(1), withNonce(2));
    assertThat(ledger.state.account(ann.id()).orElseThrow().getNonceFloor()).isEqualTo(3);
    assertThat(codeOf(withNonce(2))).isEqualTo(RejectCode.REJECT_CODE_NONCE_USED);
    ledger.block(withNonce(67));
    assertThat(ledger.state.account(ann.id()).orElseThrow().getNonceFloor()).isEqualTo(3);
  }

  @Test
  @Tag("case-12")
  @Tag("T11")
  @Tag("R4.17")
  void equalNoncesAtAllValidatorsCostOneFeeAndNeverOverdraw() {
    List<OpenedEntry> rivals = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      rivals.add(transferWith(1, 100 + i));
    }
    List<EntryResult> results = ledger.block(rivals.toArray(OpenedEntry[]::new));
    assertThat(Collections.frequency(results, EntryResult.ENTRY_RESULT_OK)).isEqualTo(1);
    assertThat(Collections.frequency(results, EntryResult.ENTRY_RESULT_KEY_USED)).isEqualTo(4);
    assertThat(ledger.state.pools().getFeePool())
        .isEqualTo(ledger.chain.rules().fee(rivals.get(0).bodyBytes()));
  }

  @Test
  @Tag("T21")
  void ownAndBatchSignatureOfAnEntryMakeTheSameState() {
    Transfer first = transferWith(1, 5).body().getTransfer();
    Transfer second = transferWith(2, 5).body().getTransfer();
    List<Envelope> batch =
        Envelopes.sealBatch(ledger.chain.context(), ann, 0, List.of(first, second));
    LedgerFixture other = new LedgerFixture(ann, bob);
    ledger.block(ledger.open(batch.get(0)), ledger.open(batch.get(1)));
    other.block(other.seal(ann, first), other.seal(ann, second));
    assertThat(ledger.state.root()).isEqualTo(other.state.root());
  }

  @Test
  @Tag("I9")
  void theOrderOfAccountsInAFileDoesNotMatter() {
    Seeds.forEachSeed(
        20,
        random -> {
          LedgerFixture one = new LedgerFixture(ann, bob);
          LedgerFixture two = new LedgerFixture(ann, bob);
          List<OpenedEntry> entries = new ArrayList<>();
          for (int i = 0; i < 6; i++) {
            entries.add(
                one.transfer(
                    random.nextBoolean() ? ann : bob,
                    random.nextBoolean() ? pat.id() : bob.id(),
                    1 + random.nextLong(RICH)));
          }
          one.block(entries.toArray(OpenedEntry[]::new));
          Collections.shuffle(entries, new Random(random.nextLong()));
          two.block(entries.toArray(OpenedEntry[]::new));
          assertThat(two.state.root()).isEqualTo(one.state.root());
          assertThat(moneyOf(one.state))
              .isEqualTo(BigInteger.valueOf(one.state.params().getSupply()));
        });
  }

  @Test
  void cancelBeforeStartReturnsTheEscrowInItsBlock() {
    OpenedEntry request = ledger.request(ann, 2, 50_000);
    ledger.block(request);
    long afterRequest = ledger.balance(ann);
    OpenedEntry cancel =
        ledger.seal(
            ann,
            Cancel.newBuilder()
                .setNonce(ledger.nextNonce(ann))
                .setValidFrom(ledger.slot)
                .setValidTo(ledger.slot + 4)
                .setJobId(request.id().toByteString())
                .build());
    assertThat(ledger.block(cancel)).containsExactly(EntryResult.ENTRY_RESULT_OK);
    long escrow = 2 * (50_000 + ledger.chain.rules().sessionEscrow());
    assertThat(ledger.balance(ann))
        .isEqualTo(afterRequest + escrow - ledger.chain.rules().fee(cancel.bodyBytes()));
    ledger.payout();
    assertThat(ledger.state.openJobs()).isEmpty();
  }

  @Test
  @Tag("R4.17")
  void aRequestWithoutFundsTakesTheFeeAndNothingElse() {
    OpenedEntry request = ledger.request(ann, 16, RICH);
    assertThat(ledger.block(request)).containsExactly(EntryResult.ENTRY_RESULT_NO_FUNDS);
    assertThat(ledger.balance(ann)).isEqualTo(RICH - ledger.chain.rules().fee(request.bodyBytes()));
    assertThat(ledger.state.openJobs()).isEmpty();
  }

  @Test
  @Tag("R7.11")
  void aDualReceiptIsPaidAtThePayoutToTheLastGrain() {
    Deal deal = started(50_000);
    assertThat(ledger.block(ledger.dual(deal, pat, 2, 3, 40_001)))
        .containsExactly(EntryResult.ENTRY_RESULT_OK);
    long before = ledger.balance(ann);
    Settlement.Outcome payout = ledger.payout();
    assertThat(ledger.balance(pat)).isEqualTo(40_001 - 1_200);
    assertThat(payout.file().getJobs(0).getSeats(0).getCommission()).isEqualTo(1_200);
    assertThat(ledger.balance(ann) - before).isEqualTo(payout.file().getJobs(0).getRefund());
    assertThat(ledger.state.account(ann.id()).orElseThrow().getEscrowed()).isZero();
    assertThat(moneyOf(ledger.state))
        .isEqualTo(BigInteger.valueOf(ledger.state.params().getSupply()));
  }

  @Test
  @Tag("T18")
  void theClientUsesUpItsCompleteAndAPartnerWithBalanceZeroStillSettles() {
    Deal deal = started(50_000);
    ledger.block(ledger.partial(deal, ann, 1, ledger.micro(deal, 1, 10, 1_000)));
    assertThat(codeOf(ledger.partial(deal, ann, 1, ledger.micro(deal, 2, 20, 2_000))))
        .isEqualTo(RejectCode.REJECT_CODE_USED);
    assertThat(ledger.state.account(pat.id())).isEmpty();
    ledger.block(ledger.dual(deal, pat, 2, 5, 5_000));
    ledger.payout();
    assertThat(ledger.balance(pat)).isEqualTo(5_000 - 150);
  }

  @Test
  @Tag("R7.12")
  void ifNeitherPartySendsItTheUtilityIsCancelledAndTheOnlyPaymentIsTheFee() {
    Deal deal = started(50_000);
    Settlement.Outcome payout = ledger.payout();
    assertThat(payout.file().getJobs(0).getSeats(0).getState())
        .isEqualTo(SeatState.SEAT_STATE_CANCELLED);
    assertThat(ledger.balance(pat)).isZero();
    assertThat(ledger.balance(ann)).isGreaterThan(RICH - 50_000);
    assertThat(ledger.state.seatOfContract(deal.id())).isEmpty();
  }

  @Test
  @Tag("R7.9")
  void theHighestSignedSeqWinsWhoeverHandsItIn() {
    Deal deal = started(50_000);
    ledger.block(ledger.partial(deal, ann, 1, ledger.micro(deal, 1, 10, 1_000)));
    ledger.block(ledger.partial(deal, pat, 2, ledger.micro(deal, 4, 40, 4_000)));
    ledger.payout();
    assertThat(ledger.balance(pat)).isEqualTo(4_000 - 120);
  }

  @Test
  @Tag("T19")
  void aTransferToTheJobIdLeavesTheJobUntouched() {
    OpenedEntry request = ledger.request(ann, 1, 50_000);
    ledger.block(request);
    var job = ledger.state.job(request.id());
    ledger.block(
        ledger.transfer(bob, new org.undchain.core.value.NodeId(request.id().bytes()), 20_000));
    assertThat(ledger.state.job(request.id())).isEqualTo(job);
  }

  @Test
  @Tag("I19")
  @Tag("R12.1")
  void everyJobFileIsRebuiltFromThePayoutFile() {
    OpenedEntry one = ledger.transfer(ann, bob.id(), 1);
    OpenedEntry two = ledger.transfer(bob, ann.id(), 2);
    ledger.block(one);
    ledger.block(two);
    Settlement.Outcome payout = ledger.payout();
    List<RebuiltJobFile> files =
        RebuiltJobFile.all(ledger.chain.context(), payout.file()).orElseThrow();
    assertThat(files).hasSize(60);
    assertThat(files.get(0).entries()).containsExactly(one.envelope());
    assertThat(files.get(1).entries()).containsExactly(two.envelope());
  }

  @Test
  @Tag("R8.1")
  void aBeatRevealsItsPreimageOnceAndMovesTheBeacon() {
    Hash before = Hash.of(ledger.state.params().getBeacon());
    OpenedEntry beat = beat(0, LedgerFixture.beats(0).reveal(0));
    assertThat(codeOf(beat(0, LedgerFixture.beats(0).reveal(1))))
        .isEqualTo(RejectCode.REJECT_CODE_BAD_FIELD);
    ledger.block(beat);
    assertThat(Hash.of(ledger.state.params().getBeacon())).isNotEqualTo(before);
    ledger.block();
    ledger.block(
        beat(0, LedgerFixture.beats(0).reveal(2))); // one beat was missed: the gap is hashed over
    assertThat(ledger.state.validator(signer("validator0").id()).orElseThrow().getBeatsIncluded())
        .isEqualTo(2);
  }

  @Test
  @Tag("E1")
  void aDoubleVoteCostsHalfTheBondAndJail() {
    Evidence evidence = inWindow(Evidences.ofPair(Evidences.DOUBLE_VOTE, vote(1), vote(2)));
    OpenedEntry entry = ledger.seal(signer("validator1"), evidence);
    ledger.block(entry);
    var offender = signer("validator0").id();
    assertThat(ledger.state.validator(offender).orElseThrow().getJailed()).isTrue();
    assertThat(ledger.state.account(offender).orElseThrow().getBond()).isEqualTo(500_000_000L);
    assertThat(ledger.state.params().getBurnt()).isEqualTo(500_000_000L);
    assertThat(codeOf(ledger.seal(signer("validator2"), evidence)))
        .isEqualTo(RejectCode.REJECT_CODE_USED);
    Evidence same = inWindow(Evidences.ofPair(Evidences.DOUBLE_VOTE, vote(1), vote(1)));
    assertThat(codeOf(ledger.seal(signer("validator1"), same)))
        .isIn(RejectCode.REJECT_CODE_USED, RejectCode.REJECT_CODE_BAD_EVIDENCE);
  }

  private static Evidence inWindow(Evidence evidence) {
    return evidence.toBuilder().setValidTo(16).build();
  }

  private Envelope vote(int value) {
    Vote vote =
        Vote.newBuilder()
            .setHeight(9)
            .setSlot(9)
            .setType(VoteType.VOTE_TYPE_PREVOTE)
            .setValue(org.undchain.core.crypto.Hashes.tagged("value" + value).toByteString())
            .build();
    return Envelopes.seal(
        ledger.chain.context(),
        signer("consensus0"),
        EnvelopeKind.ENVELOPE_KIND_VOTE,
        WireMessage.VOTE_FIELD_NUMBER,
        0,
        vote);
  }

  private OpenedEntry beat(int validator, Hash reveal) {
    return ledger.seal(
        signer("validator" + validator),
        Beat.newBuilder()
            .setValidFrom(ledger.slot)
            .setValidTo(ledger.slot)
            .setBeat(ledger.slot)
            .setReveal(reveal.toByteString())
            .build());
  }

  private Deal started(long most) {
    OpenedEntry request = ledger.request(ann, 1, most);
    ledger.block(request);
    Deal deal = ledger.deal(request.id(), 0, ann, pat, most);
    assertThat(ledger.block(ledger.start(deal, pat))).containsExactly(EntryResult.ENTRY_RESULT_OK);
    return deal;
  }

  private OpenedEntry withNonce(long nonce) {
    return transferWith(nonce, 5);
  }

  private OpenedEntry transferWith(long nonce, long amount) {
    return ledger.seal(
        ann,
        Transfer.newBuilder()
            .setNonce(nonce)
            .setValidFrom(ledger.slot)
            .setValidTo(ledger.slot + 16)
            .setTo(bob.id().toByteString())
            .setAmount(amount)
            .build());
  }

  private RejectCode codeOf(OpenedEntry entry) {
    return Eligibility.check(ledger.chain, ledger.state, entry, ledger.slot)
            instanceof Verdict.Reject(RejectCode why, String detail)
        ? why
        : RejectCode.REJECT_CODE_UNSPECIFIED;
  }

  private static BigInteger moneyOf(State state) {
    BigInteger sum =
        BigInteger.valueOf(state.params().getBurnt())
            .add(BigInteger.valueOf(state.pools().getFeePool()));
    for (var account : state.all(Table.ACCOUNT, org.undchain.core.message.AccountLeaf.class)) {
      sum =
          sum.add(BigInteger.valueOf(account.getBalance()))
              .add(BigInteger.valueOf(account.getBond()));
    }
    for (var job : state.all(Table.JOB, org.undchain.core.message.JobLeaf.class)) {
      sum = sum.add(BigInteger.valueOf(job.getEscrow()));
    }
    return sum;
  }
}
