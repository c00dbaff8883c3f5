package org.undchain.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.undchain.core.ledger.LedgerFixture.signer;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.LedgerFixture.Deal;
import org.undchain.core.message.Header;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.StateRow;

/** What a checkpoint keeps of a state is the whole state, with what follows from its leaves. */
@Tag("R4.40")
class StateRowsTest {
  private final Signer ann = signer("ann");
  private final Signer pat = signer("pat");
  private final LedgerFixture ledger = new LedgerFixture(ann);

  @Test
  void aStateMadeFromItsRowsGoesOnAsTheOneItWasMadeFrom() {
    var request = ledger.request(ann, 2, 50_000);
    ledger.block(request);
    Deal deal = ledger.deal(request.id(), 0, ann, pat, 50_000);
    ledger.block(ledger.start(deal, pat));

    List<StateRow> rows = new ArrayList<>(StateRows.of(ledger.state));
    Collections.shuffle(rows, new Random(7)); // no order is needed to make it
    State again = StateRows.state(rows);
    assertThat(again.root()).isEqualTo(ledger.state.root());
    assertThat(again.money()).isEqualTo(ledger.state.money());
    assertThat(again.openJobs()).containsExactly(request.id());
    assertThat(again.seatOfContract(deal.id())).isPresent();

    // The same entries and the same forgetting of old results, from each of the two.
    List<OpenedEntry> receipt = List.of(ledger.dual(deal, pat, 2, 3, 40_001));
    Header header = ledger.header(receipt);
    assertThat(Execution.execute(ledger.chain, again, header, receipt).after().root())
        .isEqualTo(Execution.execute(ledger.chain, ledger.state, header, receipt).after().root());
    assertThat(forgotten(again).root()).isEqualTo(forgotten(ledger.state).root());
  }

  @Test
  void aLeafThatIsMissingIsNoticedByTheMoneyItHeld() {
    ledger.block(ledger.transfer(ann, pat.id(), 20_000));
    List<StateRow> rows =
        StateRows.of(ledger.state).stream()
            .filter(row -> row.getTable() != Table.POOLS.number())
            .toList();
    assertThatThrownBy(() -> StateRows.state(rows))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("I7");
  }

  @Test
  void rowsOfAnotherVersionAreRefused() {
    StateRow strange = StateRow.newBuilder().setTable(99).setValue(ByteString.EMPTY).build();
    assertThatThrownBy(() -> StateRows.state(List.of(strange)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("99");
  }

  private static State forgotten(State state) {
    Draft draft = new Draft(state);
    draft.forgetSeenBefore(Long.MAX_VALUE);
    return draft.view();
  }
}
