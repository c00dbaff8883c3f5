package org.undchain.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes to the door of the API and what it does about it. */
final class ApiServerTest {
  private static final String GOOD = "GET /v1/status HTTP/1.1\r\nHost: node\r\n\r\n";

  /** Longer than any client of these tests stands still: who is not slow must never seem so. */
  private static final ApiServer.Patience LONG = new ApiServer.Patience(20_000, 20_000);

  @TempDir static Path folder;

  private static ApiServer server;

  @BeforeAll
  static void open() throws ApiException {
    server = ApiServer.start(socket(), routes(), LONG);
  }

  @AfterAll
  static void close() {
    server.close();
    assertThat(socket()).doesNotExist();
  }

  private static Path socket() {
    return folder.resolve("api.sock");
  }

  private static Routes routes() {
    Town town = new Town();
    town.pass(3);
    return new Routes(town.view(), town.names(), () -> "up 1\n");
  }

  // --- the socket
  // ---------------------------------------------------------------------------------

  @Test
  void onlyItsOwnerMayOpenTheSocket() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
        .isEqualTo("rw-------");
    try (var files = Files.list(folder)) {
      assertThat(files).as("nothing else is left").containsExactly(socket());
    }
  }

  @Test
  void aSocketThatAnswersIsNotTakenAway() {
    assertThatThrownBy(() -> ApiServer.start(socket(), routes(), new ApiServer.Patience(1, 1)))
        .isInstanceOfSatisfying(
            ApiException.class,
            refused -> assertThat(refused.why()).isEqualTo(ApiException.Why.IN_USE));
    assertThat(status(GOOD)).isEqualTo(200);
  }

  @Test
  void aSocketThatNobodyAnswersOnIsReplaced(@TempDir Path other) throws Exception {
    Path left = other.resolve("api.sock");
    Files.writeString(left, "");
    try (ApiServer fresh = ApiServer.start(left, routes(), LONG)) {
      assertThat(fresh).isNotNull();
      assertThat(Asking.get(left, "/v1/status").status()).isEqualTo(200);
    }
  }

  @Test
  void aPathTooLongForTheSystemIsToldBeforeItIsTried() {
    Path deep = folder.resolve("d".repeat(60)).resolve("e".repeat(60));
    assertThatThrownBy(() -> ApiServer.start(deep, routes(), new ApiServer.Patience(1, 1)))
        .isInstanceOfSatisfying(
            ApiException.class,
            refused -> assertThat(refused.why()).isEqualTo(ApiException.Why.PATH_TOO_LONG))
        .hasMessageContaining("shorter path");
    assertThat(deep.getParent()).doesNotExist();
  }

  // --- questions that are wrong
  // -------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/v1",
        "/v1/",
        "/v2/status",
        "/v1/status/",
        "/v1/statuses",
        "/v1/../etc/passwd",
        "/../../../../etc/passwd",
        "/v1/blocks/1/2",
        "/v1/blocks/0",
        "/v1/blocks/999999",
        "/v1/blocks/9223372036854775807",
        "/v1/payouts/0",
        "/v1/payouts/9223372036854775807",
        "/v1/jobs/0000000000000000000000000000000000000000000000000000000000000000",
        "/v1/proofs/ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
      })
  void whatIsNotThereIsNotFound(String path) throws IOException {
    Asking.Answer answer = Asking.get(socket(), path);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.error().text("code")).contains("UND-3004");
    assertThat(answer.error().text("origin")).contains("v1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/blocks/-1",
        "/v1/blocks/+1",
        "/v1/blocks/01",
        "/v1/blocks/9223372036854775808",
        "/v1/blocks/99999999999999999999999999999999",
        "/v1/blocks/1e3",
        "/v1/blocks/0x10",
        "/v1/blocks/",
        "/v1/blocks?last=0",
        "/v1/blocks?last=1001",
        "/v1/blocks?last=",
        "/v1/blocks?last",
        "/v1/blocks?last=1&last=2",
        "/v1/blocks?lust=1",
        "/v1/blocks?",
        "/v1/blocks?last=1?last=2",
        "/v1/status?a=b",
        "/v1/jobs?period=-1",
        "/v1/jobs?client=und1qqq",
        "/v1/jobs/FF",
        "/v1/jobs/zz",
        "/v1/accounts/",
        "/v1/accounts/alice",
        "/v1/accounts/%41",
        "/v1/%2e%2e/status",
        "/v1/status#top",
        "/v1/status%00",
        "v1/status",
        "http://node/v1/status",
        "*"
      })
  void aQuestionThatMakesNoSenseIsRefusedWithWhatToDo(String path) throws IOException {
    Asking.Answer answer = Asking.get(socket(), path);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error().text("code")).contains("UND-1400");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "HEAD", "PUT", "DELETE", "OPTIONS", "CONNECT", "get", "X"})
  void nothingButGetIsTaken(String method) {
    Asking.Answer answer = raw(method + " /v1/status HTTP/1.1\r\nHost: node\r\n\r\n");
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.head()).contains("Allow: GET");
    assertThat(answer.error().text("code")).contains("UND-1405");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/status HTTP/1.1\r\n\r\n",
        "GET /v1/status HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /v1/status HTTP/2.0\r\nHost: node\r\n\r\n",
        "GET /v1/status\r\nHost: node\r\n\r\n",
        "GET  /v1/status HTTP/1.1\r\nHost: node\r\n\r\n",
        "GET /v1/status HTTP/1.1 \r\nHost: node\r\n\r\n",
        "GET /v1/sta\ttus HTTP/1.1\r\nHost: node\r\n\r\n",
        "\r\nGET /v1/status HTTP/1.1\r\nHost: node\r\n\r\n",
        "GET /v1/status HTTP/1.1\nHost: node\r\n\r\n",
        "GET /v1/status HTTP/1.1\r\nHost : node\r\n\r\n",
        "GET /v1/status HTTP/1.1\r\nHost: node\r\n folded\r\n\r\n",
        "GET /v1/status HTTP/1.1\r\nHost: node\r\nno colon\r\n\r\n",
        "GET /v1/status HTTP/1.1\r\nHost: node\r\nA: \u0000\r\n\r\n",
        "GET /v1/status HTTP/1.1\r\nHost: node\r\nContent-Length: 5\r\n\r\nhello",
        "GET /v1/status HTTP/1.1\r\nHost: node\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET /v1/status HTTP/1.1\r\nHost: node\r\n",
        "GET",
        ""
      })
  void whatIsNoRequestIsRefused(String request) {
    Asking.Answer answer = raw(request);
    assertThat(answer.status()).isEqualTo(400);
    answer.error();
  }

  // --- sizes and times
  // ----------------------------------------------------------------------------

  @Test
  void aHeadThatDoesNotEndIsCutOff() {
    String huge = "GET /v1/status HTTP/1.1\r\nHost: node\r\nA: " + "a".repeat(1 << 20);
    Asking.Answer answer = raw(huge);
    assertThat(answer.status()).isEqualTo(431);
    assertThat(answer.error().text("code")).contains("UND-1431");
  }

  @Test
  void tooManyHeadersAndTooLongAPathAreRefused() {
    String many = "A: b\r\n".repeat(RequestHead.HEADERS_MAX);
    assertThat(status("GET /v1/status HTTP/1.1\r\nHost: n\r\n" + many + "\r\n")).isEqualTo(431);
    assertThat(
            status("GET /" + "a".repeat(RequestHead.TARGET_MAX) + " HTTP/1.1\r\nHost: n\r\n\r\n"))
        .isEqualTo(431);
  }

  @Test
  void whoIsSlowIsToldAndLetGo(@TempDir Path other) throws Exception {
    Path hasty = other.resolve("api.sock");
    ApiServer.Patience little = new ApiServer.Patience(400, 20_000);
    try (ApiServer fresh = ApiServer.start(hasty, routes(), little);
        SocketChannel slow = SocketChannel.open(UnixDomainSocketAddress.of(hasty))) {
      assertThat(fresh).isNotNull();
      slow.write(ByteBuffer.wrap("GET /v1/st".getBytes(StandardCharsets.US_ASCII)));
      Asking.Answer answer = Asking.parse(Asking.readAll(slow));
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.error().bool("retryable")).contains(true);
    }
  }

  @Test
  void theAnswerEndsThoughTheClientNeverHangsUp() throws IOException {
    try (SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
      silent.write(ByteBuffer.wrap(GOOD.getBytes(StandardCharsets.US_ASCII)));
      byte[] all = Asking.readAll(silent); // its own half stays open: the end comes from the server
      assertThat(Asking.parse(all).status()).isEqualTo(200);
    }
  }

  @Test
  void aClientThatEndsItsHalfStillGetsItsAnswer() {
    assertThat(status(GOOD)).isEqualTo(200);
  }

  @Test
  void ofPipelinedQuestionsTheFirstIsAnswered() {
    Asking.Answer answer = raw(GOOD.repeat(100));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.head()).contains("Connection: close");
    assertThat(answer.json().integer("height")).isPresent();
  }

  @Test
  void oneConnectionTooManyIsToldAndTheRestAreServed() throws IOException {
    List<SocketChannel> waiting = new ArrayList<>();
    try {
      for (int i = 0; i < ApiServer.CONNECTIONS_MAX + 8; i++) {
        waiting.add(SocketChannel.open(UnixDomainSocketAddress.of(socket())));
      }
      List<Asking.Answer> answers = new ArrayList<>();
      for (SocketChannel last : waiting.subList(ApiServer.CONNECTIONS_MAX, waiting.size())) {
        answers.add(Asking.parse(Asking.readAll(last)));
      }
      assertThat(answers)
          .filteredOn(answer -> answer.status() == 503)
          .isNotEmpty()
          .allMatch(answer -> answer.error().text("code").equals(Optional.of("UND-5007")));
    } finally {
      for (SocketChannel channel : waiting) {
        channel.close();
      }
    }
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (status(GOOD) != 200) {
      assertThat(System.nanoTime()).as("places are free again").isLessThan(deadline);
    }
  }

  // --- chance
  // -------------------------------------------------------------------------------------

  @Test
  void whateverComesTheDoorAnswersAndStaysOpen() {
    long first = Long.getLong("seed", 1L);
    int runs = Long.getLong("seed") == null ? 1_500 : 1;
    for (long seed = first; seed < first + runs; seed++) {
      byte[] request = noise(new Random(seed));
      try {
        Asking.Answer answer = Asking.raw(socket(), request);
        assertThat(answer.status()).isIn(200, 400, 404, 405, 408, 431, 503);
        if (answer.status() != 200) {
          answer.error();
        }
      } catch (IOException | AssertionError | RuntimeException failure) {
        throw new AssertionError("reproduce with -Dseed=" + seed, failure);
      }
    }
    assertThat(status(GOOD)).isEqualTo(200);
  }

  /** Random bytes, a good request with random changes, or pieces of the grammar in any order. */
  private static byte[] noise(Random chance) {
    switch (chance.nextInt(3)) {
      case 0 -> {
        byte[] bytes = new byte[chance.nextInt(10_000)];
        chance.nextBytes(bytes);
        return bytes;
      }
      case 1 -> {
        byte[] bytes = GOOD.getBytes(StandardCharsets.US_ASCII);
        for (int i = chance.nextInt(4); i >= 0; i--) {
          bytes[chance.nextInt(bytes.length)] = (byte) chance.nextInt(256);
        }
        return bytes;
      }
      default -> {
        String[] pieces = {
          "GET ",
          "/v1/",
          "status",
          "blocks",
          "?last=",
          "&",
          "=",
          "1",
          "9".repeat(30),
          " HTTP/1.1",
          "\r\n",
          "Host: x",
          ":",
          "\r\n\r\n",
          "%00",
          "..",
          "/",
          "jobs",
          "proofs",
          "f".repeat(64),
          "accounts",
          "und1",
          "\0",
          "\u00ff"
        };
        StringBuilder text = new StringBuilder();
        for (int i = chance.nextInt(30); i >= 0; i--) {
          text.append(pieces[chance.nextInt(pieces.length)]);
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
      }
    }
  }

  private static Asking.Answer raw(String request) {
    try {
      return Asking.raw(socket(), request);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private static int status(String request) {
    return raw(request).status();
  }
}
