package org.undchain.core.validator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.undchain.core.ledger.State;
import org.undchain.core.ledger.StateRows;
import org.undchain.core.message.BeaconRow;
import org.undchain.core.message.CheckpointRecord;
import org.undchain.core.message.Header;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.SetCert;
import org.undchain.core.message.StateRow;
import org.undchain.core.value.Hash;

/**
 * Where the chain stands after a PAYOUT block, as a validator keeps it in its log, so that a
 * restart executes the blocks of one period and not of all (R4.40). At a PAYOUT little is under
 * way: no block of the new period is there and its set is decided.
 *
 * @param header of the PAYOUT block; its state root is the root of the state
 * @param sets by period, the running one last
 * @param beacons the newest ones by beat (R8.1)
 * @param closedBelow no stamp for a slot below it (R4.18)
 * @param noVotesBelow no vote for a slot below it (R4.41)
 */
record Checkpoint(
    Header header,
    State state,
    List<SetCert> sets,
    SortedMap<Long, Hash> beacons,
    long closedBelow,
    long noVotesBelow) {

  /** A part grows until it has this many bytes. */
  private static final int PART_BYTES = 1 << 20;

  Checkpoint {
    sets = List.copyOf(sets);
    if (!Hash.of(header.getStateRoot()).equals(state.root())) {
      throw new IllegalStateException(
          "the checkpoint of height " + header.getHeight() + " holds another state than was paid");
    }
  }

  /** The records to persist, in this order. */
  List<LogRecord> records() {
    List<CheckpointRecord.Builder> parts = new ArrayList<>();
    CheckpointRecord.Builder part =
        CheckpointRecord.newBuilder()
            .addAllSets(sets)
            .setClosedBelow(closedBelow)
            .setNoVotesBelow(noVotesBelow);
    beacons.forEach((beat, beacon) ->
        part.addBeacons(BeaconRow.newBuilder().setBeat(beat).setBeacon(beacon.toByteString())));
    parts.add(part);
    int bytes = 0;
    for (StateRow row : StateRows.of(state)) {
      if (bytes >= PART_BYTES) {
        parts.add(CheckpointRecord.newBuilder());
        bytes = 0;
      }
      parts.getLast().addRows(row);
      bytes += row.getSerializedSize();
    }
    List<LogRecord> records = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      CheckpointRecord.Builder made =
          parts.get(i).setHeader(header).setPart(i).setParts(parts.size());
      records.add(LogRecord.newBuilder().setCheckpoint(made).build());
    }
    return records;
  }

  /**
   * The newest checkpoint of which every part is there.
   *
   * @throws IllegalArgumentException if a row is none of this version's
   * @throws IllegalStateException if it holds another state than its header names
   */
  static Optional<Checkpoint> newest(List<LogRecord> log) {
    List<CheckpointRecord> whole = List.of();
    List<CheckpointRecord> parts = new ArrayList<>();
    for (LogRecord record : log) {
      if (record.hasCheckpoint()) {
        CheckpointRecord next = record.getCheckpoint();
        if (next.getPart() == 0) {
          parts.clear();
        }
        parts.add(next);
        if (parts.size() == next.getParts()) {
          whole = List.copyOf(parts);
        }
      }
    }
    return whole.isEmpty() ? Optional.empty() : Optional.of(of(whole));
  }

  private static Checkpoint of(List<CheckpointRecord> parts) {
    CheckpointRecord first = parts.getFirst();
    List<StateRow> rows = parts.stream().flatMap(part -> part.getRowsList().stream()).toList();
    TreeMap<Long, Hash> beacons = new TreeMap<>();
    first.getBeaconsList().forEach(row -> beacons.put(row.getBeat(), Hash.of(row.getBeacon())));
    return new Checkpoint(
        first.getHeader(),
        StateRows.state(rows),
        first.getSetsList(),
        beacons,
        first.getClosedBelow(),
        first.getNoVotesBelow());
  }
}
