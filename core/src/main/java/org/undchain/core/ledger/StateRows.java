package org.undchain.core.ledger;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import org.undchain.core.codec.Canonical;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.AliasLeaf;
import org.undchain.core.message.EvidenceLeaf;
import org.undchain.core.message.JobLeaf;
import org.undchain.core.message.ParamsLeaf;
import org.undchain.core.message.PoolsLeaf;
import org.undchain.core.message.SeatLeaf;
import org.undchain.core.message.SeenLeaf;
import org.undchain.core.message.StateRow;
import org.undchain.core.message.ValidatorLeaf;

/**
 * A whole state as rows, and the state that rows make. Indexes and sums follow from the leaves, so
 * no row holds them.
 */
public final class StateRows {
  private StateRows() {}

  /** All leaves in the order of their state keys. */
  public static List<StateRow> of(State state) {
    List<StateRow> rows = new ArrayList<>(state.tree.size());
    state.tree.forEach((key, leaf) ->
        rows.add(
            StateRow.newBuilder()
                .setTable(leaf.table())
                .setValue(Canonical.encode(leaf.value()).toByteString())
                .build()));
    return rows;
  }

  /**
   * The state with these leaves.
   *
   * @throws IllegalArgumentException if a row is none of this version's
   * @throws IllegalStateException if the leaves do not add up to the supply (I7)
   */
  public static State state(Iterable<StateRow> rows) {
    Draft draft = new Draft(State.empty());
    for (StateRow row : rows) {
      try {
        put(draft, row);
      } catch (InvalidProtocolBufferException malformed) {
        throw new IllegalArgumentException("a state row of table " + row.getTable(), malformed);
      }
    }
    return draft.finish();
  }

  private static void put(Draft draft, StateRow row) throws InvalidProtocolBufferException {
    switch (Table.of(row.getTable())) {
      case ACCOUNT -> draft.put(AccountLeaf.parseFrom(row.getValue()));
      case JOB -> draft.put(JobLeaf.parseFrom(row.getValue()));
      case SEAT -> draft.put(SeatLeaf.parseFrom(row.getValue()));
      case ALIAS -> draft.put(AliasLeaf.parseFrom(row.getValue()));
      case SEEN -> draft.put(SeenLeaf.parseFrom(row.getValue()));
      case VALIDATOR -> draft.put(ValidatorLeaf.parseFrom(row.getValue()));
      case PARAMS -> draft.put(ParamsLeaf.parseFrom(row.getValue()));
      case POOLS -> draft.put(PoolsLeaf.parseFrom(row.getValue()));
      case EVIDENCE -> draft.put(EvidenceLeaf.parseFrom(row.getValue()));
    }
  }
}
