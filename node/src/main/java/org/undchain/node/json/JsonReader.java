package org.undchain.node.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one JSON document (RFC 8259) by recursive descent. Stricter than most: no duplicate names,
 * no text after the value, nothing deeper than {@link #DEPTH_MAX} or longer than {@link
 * #CHARS_MAX}.
 */
final class JsonReader {
  static final int DEPTH_MAX = 64;
  static final int CHARS_MAX = 64 << 20;

  private final String text;
  private int at;

  JsonReader(String text) {
    this.text = text;
  }

  Json document() throws MalformedJson {
    if (text.length() > CHARS_MAX) {
      throw refused("text is longer than " + CHARS_MAX);
    }
    Json value = value(0);
    blanks();
    if (at != text.length()) {
      throw refused("text after the value");
    }
    return value;
  }

  private Json value(int depth) throws MalformedJson {
    if (depth > DEPTH_MAX) {
      throw refused("nested deeper than " + DEPTH_MAX);
    }
    blanks();
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> new Json.Str(string());
      case 't' -> word("true", new Json.Bool(true));
      case 'f' -> word("false", new Json.Bool(false));
      case 'n' -> word("null", new Json.Null());
      default -> number();
    };
  }

  private Json object(int depth) throws MalformedJson {
    Map<String, Json> fields = new LinkedHashMap<>();
    take('{');
    if (isNext('}')) {
      return new Json.Obj(fields);
    }
    do {
      blanks();
      String name = string();
      blanks();
      take(':');
      if (fields.put(name, value(depth + 1)) != null) {
        throw refused("name \"" + name + "\" stands twice");
      }
    } while (isNext(','));
    take('}');
    return new Json.Obj(fields);
  }

  private Json array(int depth) throws MalformedJson {
    List<Json> elements = new ArrayList<>();
    take('[');
    if (isNext(']')) {
      return new Json.Arr(elements);
    }
    do {
      elements.add(value(depth + 1));
    } while (isNext(','));
    take(']');
    return new Json.Arr(elements);
  }

  private String string() throws MalformedJson {
    take('"');
    StringBuilder out = new StringBuilder();
    while (true) {
      char c = peek();
      at++;
      if (c == '"') {
        return out.toString();
      }
      if (c < ' ') {
        throw refused("control character in a string");
      }
      out.append(c == '\\' ? escaped() : c);
    }
  }

  private char escaped() throws MalformedJson {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> codeUnit();
      default -> throw refused("unknown escape");
    };
  }

  private char codeUnit() throws MalformedJson {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0 || peek() > 'f') {
        throw refused("\\u wants four hex digits");
      }
      unit = unit << 4 | digit;
      at++;
    }
    return (char) unit;
  }

  private Json number() throws MalformedJson {
    int from = at;
    if (at < text.length() && text.charAt(at) == '-') {
      at++;
    }
    int whole = at;
    digits();
    if (at - whole > 1 && text.charAt(whole) == '0') {
      throw refused("number with a leading zero");
    }
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      digits();
    }
    if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
      at++;
      if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
        at++;
      }
      digits();
    }
    return new Json.Num(text.substring(from, at));
  }

  private void digits() throws MalformedJson {
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == from) {
      throw refused("a value was expected");
    }
  }

  private Json word(String word, Json value) throws MalformedJson {
    if (!text.startsWith(word, at)) {
      throw refused("a value was expected");
    }
    at += word.length();
    return value;
  }

  /** Skips blanks and takes {@code c} if it comes next. */
  private boolean isNext(char c) {
    blanks();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void take(char c) throws MalformedJson {
    if (peek() != c) {
      throw refused("'" + c + "' was expected");
    }
    at++;
  }

  private char peek() throws MalformedJson {
    if (at >= text.length()) {
      throw refused("text ends too early");
    }
    return text.charAt(at);
  }

  private void blanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private MalformedJson refused(String why) {
    return new MalformedJson(at, why);
  }
}
