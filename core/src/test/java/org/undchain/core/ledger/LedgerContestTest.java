package org.undchain.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.core.ledger.LedgerFixture.RICH;
import static org.undchain.core.ledger.LedgerFixture.signer;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.LedgerFixture.Deal;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Alias;
import org.undchain.core.message.Cancel;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Transfer;

/** Who wins where entries compete, and what is refused at the very edge of a rule. */
class LedgerContestTest {
  private final Signer ann = signer("ann");
  private final Signer bob = signer("bob");
  private final Signer pat = signer("pat");
  private final LedgerFixture ledger = new LedgerFixture(ann, bob);

  @Test
  void anAliasBelongsToWhoTookItFirst() {
    assertThat(ledger.block(alias(ann, "the-one"))).containsExactly(EntryResult.ENTRY_RESULT_OK);
    assertThat(ledger.block(alias(bob, "the-one")))
        .containsExactly(EntryResult.ENTRY_RESULT_ALIAS_TAKEN);
    assertThat(ledger.state.alias("the-one").orElseThrow().getOwner())
        .isEqualTo(ann.id().toByteString());
    assertThat(ledger.block(alias(ann, "the-one"))).containsExactly(EntryResult.ENTRY_RESULT_OK);
  }

  @Test
  @Tag("R4.17")
  void aStartBeatsACancelOfTheSameBlock() {
    for (int i = 0; i < 4; i++) {
      OpenedEntry request = ledger.request(ann, 1, 50_000);
      ledger.block(request);
      Deal deal = ledger.deal(request.id(), 0, ann, pat, 50_000);
      OpenedEntry cancel =
          ledger.seal(
              ann,
              Cancel.newBuilder()
                  .setNonce(ledger.nextNonce(ann))
                  .setValidFrom(ledger.slot)
                  .setValidTo(ledger.slot + 4)
                  .setJobId(request.id().toByteString())
                  .build());
      assertThat(ledger.block(cancel, ledger.start(deal, pat)))
          .containsExactly(EntryResult.ENTRY_RESULT_TOO_LATE, EntryResult.ENTRY_RESULT_OK);
    }
  }

  @Test
  @Tag("R4.17")
  void theLowerNonceIsPaidFirstWhateverTheIds() {
    for (int i = 0; i < 6; i++) {
      LedgerFixture fresh = new LedgerFixture(ann, bob);
      OpenedEntry first = fresh.transfer(ann, bob.id(), RICH / 2 + i);
      OpenedEntry second = fresh.transfer(ann, bob.id(), RICH / 2 + i);
      assertThat(fresh.block(second, first))
          .containsExactly(EntryResult.ENTRY_RESULT_NO_FUNDS, EntryResult.ENTRY_RESULT_OK);
    }
  }

  @Test
  @Tag("R4.14")
  void aNonceNeedsTheLargestFeeOfAllBelowItToo() {
    long two = 2 * ledger.chain.rules().feeCap();
    ledger.block(ledger.transfer(ann, pat.id(), two - 1));
    assertThat(codeOf(transfer(pat, 1))).isEqualTo(RejectCode.REJECT_CODE_UNSPECIFIED);
    assertThat(codeOf(transfer(pat, 2))).isEqualTo(RejectCode.REJECT_CODE_NO_FUNDS);
    ledger.block(ledger.transfer(ann, pat.id(), 1));
    assertThat(codeOf(transfer(pat, 2))).isEqualTo(RejectCode.REJECT_CODE_UNSPECIFIED);
  }

  @Test
  @Tag("R4.14")
  void aWindowIsOpenFromItsFirstToItsLastSlot() {
    OpenedEntry entry = ledger.transfer(ann, bob.id(), 5);
    long last = ledger.slot + 16;
    assertThat(Eligibility.check(ledger.chain, ledger.state, entry, last))
        .isEqualTo(Verdict.ACCEPT);
    assertThat(Eligibility.check(ledger.chain, ledger.state, entry, last + 1))
        .isInstanceOf(Verdict.Reject.class);
  }

  @Test
  @Tag("R7.9")
  void aReceiptOfALowerSeqChangesNothing() {
    long paid = 0;
    for (int i = 0; i < 4; i++) {
      OpenedEntry request = ledger.request(ann, 1, 50_000);
      ledger.block(request);
      Deal deal = ledger.deal(request.id(), 0, ann, pat, 50_000);
      ledger.block(ledger.start(deal, pat));
      OpenedEntry low = ledger.partial(deal, ann, 1, ledger.micro(deal, 1, 10, 1_000));
      OpenedEntry high = ledger.partial(deal, pat, 2, ledger.micro(deal, 4, 40, 4_000));
      ledger.block(low, high); // in the order of their lots
      assertThat(ledger.state.seatOfContract(deal.id()).orElseThrow().getSeq()).isEqualTo(4);
      paid += 4_000 - 120;
    }
    ledger.payout();
    assertThat(ledger.balance(pat)).isEqualTo(paid);
  }

  @Test
  @Tag("R4.17")
  void everyEntryOfALongBlockIsExecuted() {
    List<OpenedEntry> entries =
        List.of(1L, 2L, 3L, 4L, 5L).stream().map(nonce -> transfer(ann, nonce)).toList();
    assertThat(ledger.block(entries.toArray(OpenedEntry[]::new)))
        .containsOnly(EntryResult.ENTRY_RESULT_OK);
    assertThat(ledger.balance(bob)).isEqualTo(RICH + 25);
  }

  private OpenedEntry alias(Signer by, String name) {
    return ledger.seal(
        by,
        Alias.newBuilder()
            .setNonce(ledger.nextNonce(by))
            .setValidFrom(ledger.slot)
            .setValidTo(ledger.slot + 16)
            .setAlias(name)
            .build());
  }

  private OpenedEntry transfer(Signer from, long nonce) {
    return ledger.seal(
        from,
        Transfer.newBuilder()
            .setNonce(nonce)
            .setValidFrom(ledger.slot)
            .setValidTo(ledger.slot + 16)
            .setTo(bob.id().toByteString())
            .setAmount(5)
            .build());
  }

  private RejectCode codeOf(OpenedEntry entry) {
    return Eligibility.check(ledger.chain, ledger.state, entry, ledger.slot)
            instanceof Verdict.Reject(RejectCode why, String detail)
        ? why
        : RejectCode.REJECT_CODE_UNSPECIFIED;
  }
}
