package org.undchain.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All rows of one run.
 *
 * @param overload if there was an open loop
 * @param killing if validators were killed
 */
record AgreeResult(List<AgreeRow> rows, Optional<Overload> overload, Optional<Killing> killing) {
  AgreeResult {
    rows = List.copyOf(rows);
  }

  /** Committed a second by the best row. */
  double best() {
    return rows.stream().mapToDouble(AgreeRow::committedPerSecond).max().orElse(0);
  }

  /** What stands below the rows. */
  List<String> verdicts() {
    List<String> lines = new ArrayList<>();
    overload.ifPresent(verdict -> lines.addAll(verdict.lines()));
    killing.ifPresent(verdict -> lines.addAll(verdict.lines()));
    return lines;
  }
}
