package org.undchain.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.LedgerFixture;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.value.Hash;

/** How long entries and who waits for them are kept. */
class ContentsTest {
  private final Signer payer = LedgerFixture.signer("payer");
  private final LedgerFixture ledger = new LedgerFixture(payer);
  private final Contents contents = new Contents();
  private final Pending pending = new Pending();

  private OpenedEntry entry() {
    return ledger.transfer(payer, LedgerFixture.signer("payee").id(), 1);
  }

  /** Who is one block behind asks for contents, who is further behind for blocks. */
  @Test
  @Tag("R4.16")
  void whatIsInABlockIsKeptUntilTheNextOne() {
    OpenedEntry entry = entry();
    contents.put(entry);
    contents.committed(List.of(entry.id()), id -> false);
    assertThat(contents.has(entry.id())).isTrue();
    contents.committed(List.of(), id -> false);
    assertThat(contents.has(entry.id())).isFalse();
  }

  @Test
  @Tag("R4.16")
  void whatAnOpenFileNamesStaysThoughItIsInABlock() {
    OpenedEntry entry = entry();
    contents.put(entry);
    contents.committed(List.of(entry.id()), id -> true);
    contents.committed(List.of(), id -> true);
    assertThat(contents.has(entry.id())).isTrue();
  }

  @Test
  void whatIsInNoBlockGoesWhenTwoSweepsFindItNeededByNothing() {
    OpenedEntry entry = entry();
    contents.put(entry);
    for (int block = 0; block < 6; block++) {
      assertThat(contents.has(entry.id())).isTrue();
      contents.committed(List.of(), id -> false);
      contents.sweep(id -> false);
    }
    assertThat(contents.has(entry.id())).isFalse();
  }

  @Test
  @Tag("R4.2")
  void anAccountHasAsManyPendingAsWereAddedAndNotReleased() {
    OpenedEntry first = entry();
    OpenedEntry second = entry();
    pending.add(first);
    pending.add(first);
    assertThat(pending.countOf(payer.id())).isOne();
    pending.add(second);
    assertThat(pending.countOf(payer.id())).isEqualTo(2);
    pending.release(first);
    pending.release(first);
    pending.release(second);
    assertThat(pending.countOf(payer.id())).isZero();
    assertThat(pending.rivalOf(first).map(Hash::hex)).isEmpty();
  }
}
