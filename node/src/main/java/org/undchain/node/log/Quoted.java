package org.undchain.node.log;

/** Words of somebody else as a value in a log line: on one line and in one pair of quotes. */
public final class Quoted {
  private Quoted() {}

  public static String of(String words) {
    StringBuilder text = new StringBuilder(words.length() + 2).append('"');
    words.codePoints().map(Quoted::harmless).forEach(text::appendCodePoint);
    return text.append('"').toString();
  }

  private static int harmless(int codePoint) {
    if (codePoint == '"') {
      return '\'';
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          ' ';
      default -> codePoint;
    };
  }
}
