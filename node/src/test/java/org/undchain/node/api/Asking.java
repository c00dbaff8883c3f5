package org.undchain.node.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.undchain.node.json.Json;
import org.undchain.node.json.MalformedJson;

/** A client of the API that says exactly the bytes it is told to. */
final class Asking {
  private static final int ANSWER_MAX = 64 << 20;

  private Asking() {}

  /** What came back; status 0 where nothing did. */
  record Answer(int status, String head, byte[] body) {
    Json.Obj json() {
      try {
        return (Json.Obj) Json.parse(new String(body, StandardCharsets.UTF_8));
      } catch (MalformedJson broken) {
        throw new AssertionError(new String(body, StandardCharsets.UTF_8), broken);
      }
    }

    /** The error of a refusal, all its parts being there. */
    Json.Obj error() {
      Json.Obj error = json().object("error").orElseThrow();
      for (String part : new String[] {"code", "reason", "message", "why", "origin"}) {
        if (error.text(part).filter(text -> !text.isEmpty()).isEmpty()) {
          throw new AssertionError("no " + part + " in " + error);
        }
      }
      if (error.list("try").isEmpty() || error.bool("retryable").isEmpty()) {
        throw new AssertionError("nothing to try in " + error);
      }
      return error;
    }
  }

  static Answer get(Path socket, String path) throws IOException {
    return raw(socket, "GET " + path + " HTTP/1.1\r\nHost: node\r\n\r\n");
  }

  static Answer raw(Path socket, String request) throws IOException {
    return raw(socket, request.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends bytes, then ends its own half, and reads to the end. */
  static Answer raw(Path socket, byte[] request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      try {
        ByteBuffer out = ByteBuffer.wrap(request);
        while (out.hasRemaining()) {
          channel.write(out);
        }
        channel.shutdownOutput();
      } catch (IOException hungUp) {
        // refused before all was sent: the answer is there all the same
      }
      return parse(readAll(channel));
    }
  }

  static byte[] readAll(SocketChannel channel) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 13);
    while (all.size() < ANSWER_MAX && channel.read(buffer.clear()) >= 0) {
      all.write(buffer.array(), 0, buffer.position());
    }
    return all.toByteArray();
  }

  static Answer parse(byte[] raw) {
    String text = new String(raw, StandardCharsets.ISO_8859_1);
    int body = text.indexOf("\r\n\r\n");
    if (body < 0) {
      return new Answer(0, text, new byte[0]);
    }
    byte[] content = java.util.Arrays.copyOfRange(raw, body + 4, raw.length);
    return new Answer(Integer.parseInt(text.substring(9, 12)), text.substring(0, body), content);
  }
}
