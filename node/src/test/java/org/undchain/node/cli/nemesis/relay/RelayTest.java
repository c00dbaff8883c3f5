package org.undchain.node.cli.nemesis.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.undchain.node.cli.nemesis.relay.Links.Link;
import org.undchain.node.devnet.FreePorts;

/** Real connections to a server that says everything again, through a relay. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the relay asks /proc who dials")
@Tag("slow")
final class RelayTest {
  private static final Link THERE = new Link("caller", "server");
  private static final Link BACK = THERE.back();
  private static final int SILENCE_MILLIS = 300;
  private static final int PATIENCE_MILLIS = 20_000;
  private static final byte[] WORD =
      "thirty-two bytes, in one piece..".getBytes(StandardCharsets.US_ASCII);

  private final Links links = new Links();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final AtomicInteger heard = new AtomicInteger();
  private int shownPort;
  private int port;

  @BeforeEach
  void listen() throws Exception {
    List<Integer> ports = FreePorts.choose(2);
    shownPort = ports.get(0);
    port = ports.get(1);
    ServerSocket server = new ServerSocket(port, 16, InetAddress.getLoopbackAddress());
    open.add(server);
    Thread.ofVirtual().start(() -> serve(server));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private void serve(ServerSocket server) {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> sayAgain(socket));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void sayAgain(Socket socket) {
    try (socket) {
      byte[] bytes = new byte[64 << 10];
      for (int n = socket.getInputStream().read(bytes);
          n >= 0;
          n = socket.getInputStream().read(bytes)) {
        heard.addAndGet(n);
        socket.getOutputStream().write(bytes, 0, n);
      }
    } catch (IOException broken) {
      // told by the other side
    }
  }

  private Relay relay(long seed) throws IOException {
    Relay relay =
        Relay.open(
            List.of(new Relay.Door("server", shownPort, port)),
            links,
            holdsIt ->
                holdsIt.test(ProcessHandle.current().pid())
                    ? Optional.of("caller")
                    : Optional.empty(),
            seed);
    open.add(relay);
    return relay;
  }

  private Socket dial() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), shownPort);
    open.add(socket);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static void say(Socket socket) throws IOException {
    socket.getOutputStream().write(WORD);
  }

  private static byte[] hear(Socket socket) throws IOException {
    return socket.getInputStream().readNBytes(WORD.length);
  }

  private static void hearsNothing(Socket socket) throws IOException {
    socket.setSoTimeout(SILENCE_MILLIS);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  /** Waits until so many bytes came to the server. */
  private void isHeard(int bytes) {
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
    while (heard.get() != bytes) {
      assertThat(System.nanoTime()).as("%s bytes were heard", heard).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static long roundTripMillis(Socket socket) throws IOException {
    long began = System.nanoTime();
    say(socket);
    assertThat(hear(socket)).isEqualTo(WORD);
    return (System.nanoTime() - began) / 1_000_000;
  }

  @Test
  void aGoodLinkCarriesEverythingAndTheFarewell() throws Exception {
    relay(1);
    Socket socket = dial();
    byte[] much = new byte[1 << 20];
    Arrays.fill(much, (byte) 7);
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                socket.getOutputStream().write(much);
                socket.shutdownOutput();
              } catch (IOException broken) {
                throw new java.io.UncheckedIOException(broken);
              }
            });
    assertThat(socket.getInputStream().readAllBytes()).isEqualTo(much);
    writer.join();
  }

  @Test
  void aDelayIsThatOfItsDirectionAndEndsWithIt() throws Exception {
    relay(1);
    Socket socket = dial();
    roundTripMillis(socket);
    links.set(List.of(THERE), Condition.delayed(150, 50));
    assertThat(roundTripMillis(socket)).isGreaterThanOrEqualTo(150);
    links.set(List.of(BACK), Condition.delayed(150, 0));
    assertThat(roundTripMillis(socket)).isGreaterThanOrEqualTo(300);
    links.heal(List.of(THERE, BACK));
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      best = Math.min(best, roundTripMillis(socket));
    }
    assertThat(best).isLessThan(150);
  }

  @Test
  void aCutHoldsWhatIsSentUntilItHeals() throws Exception {
    relay(1);
    Socket socket = dial();
    roundTripMillis(socket);
    links.set(List.of(THERE, BACK), Condition.CUT);
    say(socket);
    hearsNothing(socket);
    assertThat(heard).hasValue(WORD.length);
    links.heal(List.of(THERE, BACK));
    assertThat(hear(socket)).isEqualTo(WORD);
  }

  @Test
  void whoIsCutOffInOneDirectionIsHeardAndHearsNothing() throws Exception {
    relay(1);
    Socket socket = dial();
    roundTripMillis(socket);
    links.set(List.of(BACK), Condition.CUT);
    say(socket);
    isHeard(2 * WORD.length);
    hearsNothing(socket);
    links.heal(List.of(BACK));
    assertThat(hear(socket)).isEqualTo(WORD);
  }

  @Test
  void aCutInEitherDirectionCarriesNoNewConnection() throws Exception {
    relay(1);
    for (Link link : List.of(THERE, BACK)) {
      int before = heard.get();
      links.set(List.of(link), Condition.CUT);
      Socket socket = dial();
      say(socket);
      hearsNothing(socket);
      assertThat(heard).hasValue(before);
      links.heal(List.of(link));
      assertThat(hear(socket)).isEqualTo(WORD);
    }
  }

  @Test
  void whatIsLostIsSentAgainAfterAWhileAndInOrder() throws Exception {
    relay(1);
    Socket socket = dial();
    links.set(List.of(THERE), Condition.lossy(500));
    long longest = 0;
    for (int i = 0; i < 6; i++) {
      longest = Math.max(longest, roundTripMillis(socket));
    }
    assertThat(longest).isGreaterThanOrEqualTo(200);
  }

  @Test
  void aNarrowLinkTakesItsTime() throws Exception {
    relay(1);
    Socket socket = dial();
    roundTripMillis(socket);
    links.set(List.of(THERE), Condition.narrow(WORD.length * 4));
    assertThat(roundTripMillis(socket)).isGreaterThanOrEqualTo(250);
  }

  @Test
  void aGarbledPieceHasOneBitFlippedAndASeedSaysWhich() throws Exception {
    links.set(List.of(THERE), Condition.garbling(1000));
    byte[] first = garbled(1);
    assertThat(distance(first, WORD)).isEqualTo(1);
    assertThat(garbled(1)).isEqualTo(first);
    assertThat(List.of(2, 3, 4, 5))
        .anySatisfy(seed -> assertThat(garbled(seed)).isNotEqualTo(first));
  }

  private byte[] garbled(long seed) throws IOException {
    try (Relay relay = relay(seed)) {
      assertThat(relay).isNotNull();
      Socket socket = dial();
      say(socket);
      return hear(socket);
    }
  }

  private static int distance(byte[] one, byte[] other) {
    assertThat(one).hasSameSizeAs(other);
    int bits = 0;
    for (int i = 0; i < one.length; i++) {
      bits += Integer.bitCount((one[i] ^ other[i]) & 0xff);
    }
    return bits;
  }

  @Test
  void aResetEndsTheConnectionsOfItsLinkWithoutAFarewell() throws Exception {
    Relay relay = relay(1);
    Socket socket = dial();
    roundTripMillis(socket);
    assertThat(relay.reset(BACK::equals)).as("of others").isZero();
    roundTripMillis(socket);
    assertThat(relay.reset(THERE::equals)).isEqualTo(1);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(SocketTimeoutException.class);
    roundTripMillis(dial());
  }

  @Test
  void aStrangerIsNotCarried() throws Exception {
    Relay relay =
        Relay.open(
            List.of(new Relay.Door("server", shownPort, port)),
            links,
            holdsIt -> Optional.empty(),
            1);
    open.add(relay);
    Socket socket = dial();
    assertThatThrownBy(
            () -> {
              if (socket.getInputStream().read() < 0) {
                throw new IOException("ended");
              }
            })
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(SocketTimeoutException.class);
    assertThat(heard).hasValue(0);
  }

  @Test
  void aPortInUseIsToldAndNothingStaysOpen() throws Exception {
    int free = FreePorts.choose(1).getFirst();
    List<Relay.Door> doors =
        List.of(new Relay.Door("one", free, port), new Relay.Door("two", port, port));
    assertThatThrownBy(() -> Relay.open(doors, links, holdsIt -> Optional.empty(), 1))
        .isInstanceOf(IOException.class);
    new ServerSocket(free, 1, InetAddress.getLoopbackAddress()).close();
  }

  @Test
  void theOwnerOfASocketIsTheProcessThatHoldsIt() throws Exception {
    relay(1);
    Socket socket = dial();
    Path known = Owners.socket(socket.getLocalPort(), shownPort).orElseThrow();
    assertThat(Owners.holds(ProcessHandle.current().pid(), known)).isTrue();
    assertThat(Owners.holds(Long.MAX_VALUE, known)).as("of a process that is gone").isFalse();
    Process other = new ProcessBuilder("sleep", "30").start();
    try {
      assertThat(Files.exists(Path.of("/proc/" + other.pid()))).isTrue();
      assertThat(Owners.holds(other.pid(), known)).isFalse();
    } finally {
      other.destroyForcibly().waitFor();
    }
  }
}
