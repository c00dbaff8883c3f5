package org.undchain.node.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.value.BlockTime;
import org.undchain.node.config.ClockFile;
import org.undchain.node.config.NodeFile;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetShape;
import org.undchain.node.devnet.Founding;
import org.undchain.node.runtime.Machinery;

/** What a running node tells of itself at the door of its API. */
final class ServiceMetricsTest {
  /** One validator is a chain of its own. */
  private static final DevnetShape ALONE = new DevnetShape(1, 1, 0, 1, 500, 48, 7);

  private static final long WAIT_NANOS = 60_000_000_000L;
  private static final String OK = "HTTP/1.1 200 OK";

  @TempDir Path temporary;

  @Test
  void aValidatorTellsItsHeightAndAPartnerThatItIsConnected() throws Exception {
    DevnetFolder folder = new DevnetFolder(temporary.resolve("net"));
    Founding.make(folder, ALONE, new BlockTime(System.currentTimeMillis()));
    ClockFile.write(folder.clockFile(), new ClockFile.Running(0));
    NodeFile v1 = NodeFile.load(folder.nodeFile("v1"));
    NodeFile p1 = NodeFile.load(folder.nodeFile("p1"));
    try (Machinery machinery = Machinery.start();
        NodeService validator = start(machinery, v1);
        NodeService partner = start(machinery, p1)) {
      assertThat(validator).isNotSameAs(partner);
      await(v1, "undchain_height", height -> height >= 2);
      await(v1, "undchain_peers", peers -> peers == 1);
      await(p1, "undchain_peers", peers -> peers == 1);
      await(p1, "undchain_shard_bytes_taken_total", bytes -> bytes == 0);
      assertThat(ask(p1, "/v1/status")).startsWith("HTTP/1.1 404");
    }
  }

  private static NodeService start(Machinery machinery, NodeFile file) throws Exception {
    return NodeService.start(NodeService.Shared.of(machinery, file), file, failure -> {});
  }

  /** Asks until a number is as it must become. */
  private static void await(NodeFile node, String number, DoublePredicate expected)
      throws Exception {
    long deadline = System.nanoTime() + WAIT_NANOS;
    String answer;
    do {
      answer = ask(node, "/metrics");
      assertThat(answer).startsWith(OK);
      if (value(answer, number).stream().anyMatch(expected)) {
        return;
      }
    } while (System.nanoTime() < deadline);
    throw new AssertionError(number + " is never as expected:\n" + answer);
  }

  private static OptionalDouble value(String answer, String number) {
    return answer
        .lines()
        .filter(line -> line.startsWith(number + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(number.length() + 1)))
        .findFirst();
  }

  private static String ask(NodeFile node, String path) throws Exception {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(node.apiSocket()))) {
      String question = "GET " + path + " HTTP/1.1\r\nHost: node\r\n\r\n";
      channel.write(ByteBuffer.wrap(question.getBytes(StandardCharsets.US_ASCII)));
      return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
