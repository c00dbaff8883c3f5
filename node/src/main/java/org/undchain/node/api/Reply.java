package org.undchain.node.api;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.undchain.core.value.Bytes;
import org.undchain.node.json.Json;

/** What goes back: a status, the kind of the content and the content. */
record Reply(int status, String type, Bytes body) {
  private static final String JSON = "application/json; charset=utf-8";
  private static final Map<Integer, String> PHRASES =
      Map.of(
          200, "OK",
          400, "Bad Request",
          404, "Not Found",
          405, "Method Not Allowed",
          408, "Request Timeout",
          431, "Request Header Fields Too Large",
          500, "Internal Server Error",
          503, "Service Unavailable");

  static Reply json(Json.Builder content) {
    return json(200, content.build());
  }

  static Reply json(int status, Json.Obj content) {
    return new Reply(status, JSON, utf8(content.compact() + "\n"));
  }

  static Reply file(Bytes content) {
    return new Reply(200, "application/octet-stream", content);
  }

  /** Prometheus text. */
  static Reply metrics(String text) {
    return new Reply(200, "text/plain; version=0.0.4; charset=utf-8", utf8(text));
  }

  private static Bytes utf8(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The whole answer as it goes over the wire. */
  byte[] encoded() {
    String head =
        "HTTP/1.1 "
            + status
            + " "
            + PHRASES.getOrDefault(status, "Refused")
            + "\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + body.size()
            + (status == 405 ? "\r\nAllow: GET" : "")
            + "\r\nConnection: close\r\n\r\n";
    byte[] start = head.getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[start.length + body.size()];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(body.unsafeArray(), 0, all, start.length, body.size());
    return all;
  }
}
