package org.undchain.node.api;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads the head of an HTTP/1.1 request (RFC 9112), stricter than most: lines end in CR LF, a
 * request has a Host, and no body. It looks at nothing but the bytes it is given.
 */
final class RequestHead {
  /** Longest head, the blank line included. */
  static final int BYTES_MAX = 8 << 10;

  static final int TARGET_MAX = 1 << 10;
  static final int HEADERS_MAX = 64;

  private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

  private RequestHead() {}

  /** Length of the head with its blank line; −1 while that has not come. */
  static int end(byte[] bytes, int length) {
    for (int i = 3; i < length; i++) {
      if (bytes[i] == '\n'
          && bytes[i - 1] == '\r'
          && bytes[i - 2] == '\n'
          && bytes[i - 3] == '\r') {
        return i + 1;
      }
    }
    return -1;
  }

  /** The target of a whole head that is a good GET. */
  static String target(byte[] bytes, int length) throws Refused {
    String head = new String(bytes, 0, length - 4, StandardCharsets.ISO_8859_1);
    List<String> lines = List.of(head.split("\r\n", -1));
    String[] parts = lines.getFirst().split(" ", -1);
    if (parts.length != 3 || !parts[0].matches(TOKEN) || !parts[2].matches("HTTP/1\\.[01]")) {
      throw Refused.wrong(
          "that is no HTTP/1.1 request",
          "the first line is METHOD, path and HTTP/1.1 with one blank between",
          "curl --unix-socket SOCKET http://node/v1/status");
    }
    if (parts[1].length() > TARGET_MAX) {
      throw Refused.tooLong("the path is too long", "at most " + TARGET_MAX + " letters are taken");
    }
    if (!parts[0].equals("GET")) {
      throw Refused.method(parts[0].length() <= 16 ? parts[0] : "that");
    }
    checkHeaders(lines.subList(1, lines.size()), parts[2].endsWith("1"));
    return parts[1];
  }

  private static void checkHeaders(List<String> headers, boolean needsHost) throws Refused {
    if (headers.size() > HEADERS_MAX) {
      throw Refused.tooLong("too many headers", "at most " + HEADERS_MAX + " are taken");
    }
    int hosts = 0;
    for (String header : headers) {
      int colon = header.indexOf(':');
      if (colon <= 0
          || !header.substring(0, colon).matches(TOKEN)
          || header.chars().anyMatch(letter -> letter < ' ' && letter != '\t')) {
        throw Refused.wrong(
            "a header is malformed", "headers are \"Name: value\", one a line", "leave it out");
      }
      String value = header.substring(colon + 1).strip();
      switch (header.substring(0, colon).toLowerCase(java.util.Locale.ROOT)) {
        case "host" -> hosts++;
        case "content-length", "transfer-encoding" -> refuseBody(value);
        default -> {} // the rest says nothing that this API needs
      }
    }
    if (hosts > 1 || (needsHost && hosts == 0)) {
      throw Refused.wrong(
          "the request has " + (hosts == 0 ? "no Host" : "two Hosts"),
          "HTTP/1.1 wants exactly one",
          "Host: node");
    }
  }

  private static void refuseBody(String value) throws Refused {
    if (!value.equals("0")) {
      throw Refused.wrong(
          "the request has a body", "a question is asked by its path alone", "leave it out");
    }
  }
}
