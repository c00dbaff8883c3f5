package org.undchain.node.cli.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.undchain.core.value.Grains;
import org.undchain.node.cli.Console;
import org.undchain.node.json.Json;

/** Shows answers to people: fields below each other, lists as tables, grains as UND. */
final class Page {
  private static final int CELL_MAX = 72;

  private final Console console;

  Page(Console console) {
    this.console = console;
  }

  void fields(Json.Obj answer, String... names) {
    List<List<String>> rows = new ArrayList<>();
    for (String name : names) {
      answer.field(name).ifPresent(value -> rows.add(List.of(label(name), cell(name, value))));
    }
    int width = rows.stream().mapToInt(row -> row.getFirst().length()).max().orElse(0);
    for (List<String> row : rows) {
      console.line(row.getFirst() + " ".repeat(width - row.getFirst().length() + 2) + row.get(1));
    }
  }

  /** A list of objects; of no element it says {@code empty} instead. */
  void table(List<Json.Obj> elements, String empty, String... columns) {
    if (elements.isEmpty()) {
      console.note(empty);
      return;
    }
    List<String> head = new ArrayList<>();
    for (String column : columns) {
      head.add(label(column).toUpperCase(Locale.ROOT));
    }
    List<List<String>> rows = new ArrayList<>();
    for (Json.Obj element : elements) {
      List<String> row = new ArrayList<>();
      for (String column : columns) {
        Optional<Json> value = element.field(column);
        row.add(value.isPresent() ? cell(column, value.get()) : "-");
      }
      rows.add(row);
    }
    console.table(head, rows);
  }

  private static String label(String name) {
    return name.endsWith("Grains") ? name.substring(0, name.length() - "Grains".length()) : name;
  }

  private static String cell(String name, Json value) {
    String text =
        switch (value) {
          case Json.Str(String string) -> string;
          case Json.Num(String literal) -> literal;
          case Json.Bool(boolean bool) -> bool ? "yes" : "no";
          case Json.Null() -> "-";
          case Json.Arr(List<Json> elements) -> elements.size() + ": " + value.compact();
          case Json.Obj object -> object.compact();
        };
    if (name.endsWith("Grains") && text.matches("-?[0-9]{1,18}")) {
      return und(Long.parseLong(text));
    }
    return text.length() <= CELL_MAX ? text : text.substring(0, CELL_MAX - 1) + "…";
  }

  /** Grains as UND with as many decimals as needed: {@code 12.5 UND}. */
  static String und(long grains) {
    String sign = grains < 0 ? "-" : "";
    long positive = Math.abs(grains);
    String decimals =
        String.format(Locale.ROOT, "%09d", positive % Grains.PER_UND).replaceAll("0+$", "");
    return sign + positive / Grains.PER_UND + (decimals.isEmpty() ? "" : "." + decimals) + " UND";
  }
}
