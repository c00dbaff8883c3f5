package org.undchain.bench.peers;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.undchain.node.config.ConfigException;
import org.undchain.node.config.NodeFile;
import org.undchain.node.devnet.Folders;
import org.undchain.node.log.LogFile;

/**
 * Committed commands a second of other systems: three servers and their client in this process, as
 * the validators of {@code bench agree} are, so that the JVM warms up once.
 */
public final class PeersBench {
  private static final int SERVERS = 3;

  private final Setting setting;
  private final Path place;
  private final PrintStream messages;

  /**
   * What is loaded, and how.
   *
   * @param peers one after the other
   * @param warmUp seconds before anything is measured, of each
   * @param seconds of each row
   * @param unanswered commands that a closed loop keeps; empty for the usual ones of each peer
   */
  public record Setting(List<Peer> peers, int warmUp, int seconds, List<Integer> unanswered) {
    public Setting {
      peers = List.copyOf(peers);
      unanswered = List.copyOf(unanswered);
    }
  }

  private PeersBench(Setting setting, Path place, PrintStream messages) {
    this.setting = setting;
    this.place = place;
    this.messages = messages;
  }

  /**
   * Runs all; the data folders are removed at the end.
   *
   * @param place the folder in which they are made
   */
  public static List<PeerRow> run(Setting setting, Path place, PrintStream messages)
      throws ConfigException, IOException, InterruptedException {
    List<PeerRow> rows = new ArrayList<>();
    for (Peer peer : setting.peers()) {
      rows.addAll(new PeersBench(setting, place, messages).measure(peer));
    }
    return rows;
  }

  private List<PeerRow> measure(Peer peer)
      throws ConfigException, IOException, InterruptedException {
    List<Integer> loops = setting.unanswered().isEmpty() ? peer.unanswered() : setting.unanswered();
    int most = loops.stream().mapToInt(Integer::intValue).max().orElseThrow();
    Path data = Files.createTempDirectory(place, "undchain-peers-");
    try (LogFile log = LogFile.ofProcess(data.resolve("log.txt"), NodeFile.LogLevel.WARN);
        Ensemble ensemble = peer.start(SERVERS, most, Files.createDirectory(data.resolve("net")))) {
      messages.printf("%s: warming up for %d s%n", peer.label(), setting.warmUp());
      if (setting.warmUp() > 0) {
        new ClosedLoop(peer, most, setting.warmUp()).run(ensemble);
      }
      List<PeerRow> rows = new ArrayList<>();
      for (int unanswered : loops) {
        messages.printf("%s: %d unanswered, %d s%n", peer.label(), unanswered, setting.seconds());
        rows.add(new ClosedLoop(peer, unanswered, setting.seconds()).run(ensemble));
      }
      return rows;
    } finally {
      Folders.delete(data);
    }
  }
}
