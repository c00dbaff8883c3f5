package org.undchain.bench.micro;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The file of all ratios that were kept, oldest first: a head and a row a line. */
final class History {
  private static final String ADVICE =
      "git checkout of the file, or --history with another one; a file that is not there is made"
          + " by --append";

  private final Path file;

  History(Path file) {
    this.file = file;
  }

  /**
   * Rows in their order; none if there is no file.
   *
   * @throws MicroException if a line is no row
   */
  List<HistoryRow> rows() throws MicroException {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new MicroException("the history was not read: " + unreadable, ADVICE, unreadable);
    }
    List<HistoryRow> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      try {
        rows.add(HistoryRow.parse(lines.get(i)));
      } catch (IllegalArgumentException wrong) {
        throw new MicroException(
            "line " + (i + 1) + " of " + file + " is no row: " + wrong.getMessage(), ADVICE, wrong);
      }
    }
    return rows;
  }

  /** Adds rows at the end. */
  void append(List<HistoryRow> rows) throws MicroException {
    List<String> lines = new ArrayList<>();
    if (!Files.exists(file)) {
      lines.add(HistoryRow.HEAD);
    }
    rows.forEach(row -> lines.add(row.line()));
    try {
      Files.write(
          file,
          lines,
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException refused) {
      throw new MicroException("the history was not written: " + refused, ADVICE, refused);
    }
  }
}
