package org.undchain.core.validator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.undchain.core.ledger.State;
import org.undchain.core.ledger.StateRows;
import org.undchain.core.machine.DamagedRecords;
import org.undchain.core.membership.ValidatorSet;
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
   * @throws DamagedRecords if it is none that was ever written
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
        if (next.getPart() != parts.size()) {
          throw damaged(next.getHeader(), "lacks a part");
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
    Header header = first.getHeader();
    TreeMap<Long, Hash> beacons = new TreeMap<>();
    for (BeaconRow row : first.getBeaconsList()) {
      if (row.getBeacon().size() != Hash.SIZE) {
        throw damaged(header, "holds a beacon of " + row.getBeacon().size() + " bytes");
      }
      beacons.put(row.getBeat(), Hash.of(row.getBeacon()));
    }
    State state = state(header, rows);
    if (!header.getStateRoot().equals(state.root().toByteString())) {
      throw damaged(header, "holds another state than was paid");
    }
    return new Checkpoint(
        header, state, sets(first), beacons, first.getClosedBelow(), first.getNoVotesBelow());
  }

  private static State state(Header header, List<StateRow> rows) {
    try {
      return StateRows.state(rows);
    } catch (IllegalArgumentException | IllegalStateException none) {
      throw new DamagedRecords(words(header, "holds rows of no state"), none);
    }
  }

  /** The sets of all periods; the header names the newest one. */
  private static List<SetCert> sets(CheckpointRecord first) {
    long period = -1;
    Optional<ValidatorSet> newest = Optional.empty();
    for (SetCert cert : first.getSetsList()) {
      newest = ValidatorSet.of(cert);
      if (newest.isEmpty() || cert.getPeriod() <= period) {
        throw damaged(first.getHeader(), "names no valid set");
      }
      period = cert.getPeriod();
    }
    Header header = first.getHeader();
    if (newest.filter(set -> set.hash().toByteString().equals(header.getNextSetHash())).isEmpty()) {
      throw damaged(header, "names another set than was selected");
    }
    return first.getSetsList();
  }

  private static DamagedRecords damaged(Header header, String what) {
    return new DamagedRecords(words(header, what));
  }

  private static String words(Header header, String what) {
    return "the checkpoint of height " + header.getHeight() + ' ' + what;
  }
}
