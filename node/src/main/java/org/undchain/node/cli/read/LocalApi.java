package org.undchain.node.cli.read;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.undchain.node.cli.Devnet;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.Session;
import org.undchain.node.json.Json;
import org.undchain.node.json.MalformedJson;

/**
 * Asks a node's JSON API (docs/api.md): one HTTP/1.1 request on a connection of its own, over a
 * UNIX socket or loopback. Written out by hand because an HTTP client takes longer to start than
 * the answer to come.
 */
public final class LocalApi {
  private static final int ANSWER_MAX = 64 << 20;
  private static final int HEAD_MAX = 16 << 10;
  private static final long TIMEOUT_NANOS = 10_000_000_000L;

  private final String shown;
  private final SocketAddress address;

  private LocalApi(String shown, SocketAddress address) {
    this.shown = shown;
    this.address = address;
  }

  /** The node that {@code --api}, {@code UNDCHAIN_API} or the devnet of this home names. */
  public static LocalApi of(Session session) throws Failure, IOException {
    Optional<String> named = session.api();
    if (named.isEmpty()) {
      named = Devnet.running(session).flatMap(Devnet::api);
    }
    if (named.isEmpty()) {
      throw unreachable(
          5002,
          "no node is known",
          "no --api was given, UNDCHAIN_API is not set and no devnet is registered in "
              + session.home(),
          List.of("undchain devnet", "undchain --api unix:SOCKET …"));
    }
    return new LocalApi(named.get(), address(session, named.get()));
  }

  /** The node whose API is at a UNIX socket. */
  public static LocalApi unix(Path socket) {
    return new LocalApi("unix:" + socket, UnixDomainSocketAddress.of(socket));
  }

  private static SocketAddress address(Session session, String text) throws Failure {
    try {
      if (text.startsWith("http://")) {
        String[] parts = text.substring(7).replaceAll("/$", "").split(":", 2);
        return new InetSocketAddress(parts[0], parts.length == 2 ? Integer.parseInt(parts[1]) : 80);
      }
      return UnixDomainSocketAddress.of(
          session.path(text.startsWith("unix:") ? text.substring(5) : text));
    } catch (IllegalArgumentException wrong) {
      throw Failure.usage(
          "\"" + text + "\" is no address of a node",
          String.valueOf(wrong.getMessage()),
          "--api unix:PATH",
          "--api http://127.0.0.1:PORT");
    }
  }

  /** The object a question is answered with; a refusal of the node is our failure. */
  public Json.Obj get(String path) throws Failure, IOException {
    Answer answer = ask(path);
    Json.Obj body = object(answer);
    if (answer.status == 200) {
      return body;
    }
    throw refusal(answer.status, body);
  }

  /** The bytes a question is answered with. */
  public byte[] bytes(String path) throws Failure, IOException {
    Answer answer = ask(path);
    if (answer.status == 200) {
      return answer.body;
    }
    throw refusal(answer.status, object(answer));
  }

  private record Answer(int status, byte[] body) {}

  private Answer ask(String path) throws Failure, IOException {
    ByteBuffer request =
        ByteBuffer.wrap(
            ("GET " + path + " HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    byte[] raw;
    try (SocketChannel channel = connect();
        Selector selector = Selector.open()) {
      while (request.hasRemaining()) {
        channel.write(request);
      }
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      raw = readAll(channel, selector);
    }
    return parse(raw);
  }

  private SocketChannel connect() throws Failure {
    try {
      if (address instanceof UnixDomainSocketAddress) {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(address);
        return channel;
      }
      return SocketChannel.open(address);
    } catch (IOException | java.nio.channels.UnresolvedAddressException refused) {
      throw unreachable(
          5001,
          "no node answers at " + shown,
          String.valueOf(refused.getMessage()),
          List.of("undchain devnet", "is the node's process still running?"));
    }
  }

  private byte[] readAll(SocketChannel channel, Selector selector) throws IOException, Failure {
    long deadline = System.nanoTime() + TIMEOUT_NANOS;
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 14);
    while (all.size() <= ANSWER_MAX) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw unreachable(
            5003,
            "the node did not answer in time",
            "it is busy or hangs",
            List.of("ask again", "look into its log"));
      }
      selector.select(Math.max(1, left / 1_000_000));
      selector.selectedKeys().clear();
      buffer.clear();
      int count = channel.read(buffer);
      if (count < 0) {
        return all.toByteArray();
      }
      all.write(buffer.array(), 0, count);
      if (isComplete(all)) {
        return all.toByteArray();
      }
    }
    throw garbled("its answer is longer than " + ANSWER_MAX + " bytes");
  }

  /** Whether the body has the length its head names, so that a node need not close first. */
  private static boolean isComplete(ByteArrayOutputStream all) {
    byte[] raw = all.toByteArray();
    int body = bodyStart(raw);
    if (body < 0) {
      return false;
    }
    return contentLength(raw, body).filter(length -> raw.length - body >= length).isPresent();
  }

  private static int bodyStart(byte[] raw) {
    for (int i = 3; i < Math.min(raw.length, HEAD_MAX); i++) {
      if (raw[i] == '\n' && raw[i - 1] == '\r' && raw[i - 2] == '\n' && raw[i - 3] == '\r') {
        return i + 1;
      }
    }
    return -1;
  }

  private static Optional<Integer> contentLength(byte[] raw, int body) {
    String head = new String(raw, 0, body, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    int at = head.indexOf("\r\ncontent-length:");
    if (at < 0) {
      return Optional.empty();
    }
    String value = head.substring(at + 17, head.indexOf('\r', at + 17)).strip();
    return value.matches("[0-9]{1,9}") ? Optional.of(Integer.parseInt(value)) : Optional.empty();
  }

  private Answer parse(byte[] raw) throws Failure {
    int body = bodyStart(raw);
    String line = new String(raw, 0, Math.min(raw.length, 16), StandardCharsets.ISO_8859_1);
    if (body < 0 || !line.matches("(?s)HTTP/1\\.[01] [1-5][0-9][0-9].*")) {
      throw garbled("it does not speak HTTP");
    }
    byte[] content = java.util.Arrays.copyOfRange(raw, body, raw.length);
    Optional<Integer> length = contentLength(raw, body);
    if (length.isPresent() && length.get() > content.length) {
      throw garbled("its answer ended too early");
    }
    return new Answer(Integer.parseInt(line.substring(9, 12)), content);
  }

  private Json.Obj object(Answer answer) throws Failure {
    try {
      if (Json.parse(new String(answer.body, StandardCharsets.UTF_8)) instanceof Json.Obj object) {
        return object;
      }
      throw garbled("its answer is no JSON object");
    } catch (MalformedJson broken) {
      throw garbled(String.valueOf(broken.getMessage()));
    }
  }

  /** The node's own words, and its own code where that has a meaning here. */
  private Failure refusal(int status, Json.Obj body) {
    Json.Obj silent = Json.object().put("message", "the node answered " + status).build();
    return Failure.told(body.object("error").orElse(silent), codeOf(status), shown);
  }

  private static int codeOf(int status) {
    return switch (status) {
      case 400, 405 -> 1900;
      case 402 -> 8900;
      case 404 -> 3900;
      case 403, 409 -> 4900;
      case 503, 504 -> 5900;
      default -> 9900;
    };
  }

  private Failure garbled(String why) {
    return new Failure(
        5004,
        "GARBLED",
        "what answers at " + shown + " is no node of ours",
        why,
        List.of("check --api"),
        false,
        shown);
  }

  private static Failure unreachable(int code, String what, String why, List<String> tries) {
    return new Failure(code, "UNREACHABLE", what, why, tries, true, "local");
  }
}
