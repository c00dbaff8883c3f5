package org.undchain.core.payout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.ledger.Draft;
import org.undchain.core.ledger.LedgerFixture;
import org.undchain.core.ledger.State;
import org.undchain.core.ledger.Table;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.ProofFile;
import org.undchain.core.message.RadixPaths;
import org.undchain.core.message.ResultPage;
import org.undchain.core.message.SeenLeaf;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

@Tag("R12.4")
class ResultPagesTest {
  private static final int RESULTS = 3 * ResultPages.ENTRIES_MAX;
  private static final int NEXT_HEIGHT = 8;

  private final State state = state();

  @Test
  void everyResultIsProvenByItsPage() {
    List<Hash> asked = ids(0, 2 * ResultPages.ENTRIES_MAX + 1);
    List<ResultPage> pages = pages(state, asked);
    assertThat(pages).extracting(ResultPage::getPage).containsExactly(0, 1, 2);
    for (Hash id : asked) {
      List<ProofFile> proofs =
          pages.stream().flatMap(page -> ResultPages.proof(page, id).stream()).toList();
      assertThat(proofs).hasSize(1);
      assertThat(proofs.getFirst().getHead().getHeader().getHeight()).isEqualTo(NEXT_HEIGHT);
      assertThat(isShown(proofs.getFirst(), id)).isTrue();
    }
  }

  @Test
  void whatIsOnNoPageIsNotProven() {
    List<ResultPage> pages = pages(state, ids(0, 9));
    Hash other = ids(9, 10).getFirst();
    assertThat(pages).allMatch(page -> ResultPages.proof(page, other).isEmpty());
    assertThat(pages(state, List.of())).isEmpty();
  }

  @Test
  void aResultThatTheStateDoesNotHoldHasNoPage() {
    List<Hash> unknown = ids(RESULTS, RESULTS + 1);
    assertThatThrownBy(() -> pages(state, unknown)).isInstanceOf(IllegalArgumentException.class);
  }

  private static List<ResultPage> pages(State state, List<Hash> ids) {
    List<ResultPage> pages = new ArrayList<>();
    ResultPages.of(state, ids, NEXT_HEIGHT).forEachRemaining(pages::add);
    return pages;
  }

  private boolean isShown(ProofFile proof, Hash id) {
    return RadixPaths.decode(proof.getRadix())
        .orElseThrow()
        .showsMember(
            state.root(),
            Table.SEEN.key(id.bytes()),
            Hashes.sha256(Bytes.of(proof.getValue()).unsafeArray()));
  }

  private static State state() {
    Draft draft = new Draft(new LedgerFixture().state);
    for (Hash id : ids(0, RESULTS)) {
      draft.put(
          SeenLeaf.newBuilder()
              .setId(id.toByteString())
              .setHeight(NEXT_HEIGHT - 1)
              .setResult(EntryResult.ENTRY_RESULT_OK)
              .setExpiresSlot(40)
              .build());
    }
    return draft.finish();
  }

  private static List<Hash> ids(int from, int to) {
    return IntStream.range(from, to).mapToObj(number -> Hashes.sha256(Hashes.u32(number))).toList();
  }
}
