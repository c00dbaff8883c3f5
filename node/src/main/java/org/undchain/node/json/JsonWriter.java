package org.undchain.node.json;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes a JSON value as text that is safe to print: control characters are escaped. */
final class JsonWriter {
  private final StringBuilder out = new StringBuilder();
  private final boolean pretty;

  JsonWriter(boolean pretty) {
    this.pretty = pretty;
  }

  String write(Json value) {
    value(value, 0);
    return out.toString();
  }

  private void value(Json value, int depth) {
    switch (value) {
      case Json.Obj(Map<String, Json> fields) -> object(fields, depth);
      case Json.Arr(List<Json> elements) -> array(elements, depth);
      case Json.Str(String text) -> string(text);
      case Json.Num(String literal) -> out.append(literal);
      case Json.Bool(boolean bool) -> out.append(bool);
      case Json.Null() -> out.append("null");
    }
  }

  private void object(Map<String, Json> fields, int depth) {
    out.append('{');
    for (Iterator<Map.Entry<String, Json>> all = fields.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<String, Json> field = all.next();
      line(depth + 1);
      string(field.getKey());
      out.append(pretty ? ": " : ":");
      value(field.getValue(), depth + 1);
      out.append(all.hasNext() ? "," : "");
    }
    if (!fields.isEmpty()) {
      line(depth);
    }
    out.append('}');
  }

  private void array(List<Json> elements, int depth) {
    out.append('[');
    for (Iterator<Json> all = elements.iterator(); all.hasNext(); ) {
      line(depth + 1);
      value(all.next(), depth + 1);
      out.append(all.hasNext() ? "," : "");
    }
    if (!elements.isEmpty()) {
      line(depth);
    }
    out.append(']');
  }

  private void line(int depth) {
    if (pretty) {
      out.append('\n').repeat("  ", depth);
    }
  }

  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ' || c == 0x7f || (c >= 0x80 && c < 0xa0)) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
