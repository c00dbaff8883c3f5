package org.undchain.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.undchain.bench.peers.Peer;
import org.undchain.bench.peers.PeerRow;
import org.undchain.bench.peers.PeersBench;
import org.undchain.node.config.ConfigException;
import org.undchain.node.runtime.Machinery;
import org.undchain.sim.Options;

/** {@code bench peers}: other systems and, if asked for, ours in the same run. */
final class PeersCommand {
  static final List<String> USAGE =
      List.of(
          "  undchain bench peers [--only ratis|zookeeper] [--warm-up SECONDS] [--seconds S]",
          "      [--unanswered N] [--with-agree] [--batch 1..16] [--json]",
          "      committed commands of 256 bytes a second by three servers of Apache Ratis and of",
          "      ZooKeeper, each forced to three disks; --with-agree: bench agree in the same run");
  private static final List<String> OPTIONS =
      List.of(
          "--only", "--warm-up", "--seconds", "--unanswered", "--with-agree", "--batch", "--json");
  private static final int VALIDATORS = 4;
  private static final int PAYERS = 1024;
  private static final int CLIENTS = 2;
  private static final List<Integer> AGREE_UNANSWERED = List.of(64, 1000);

  private PeersCommand() {}

  /**
   * @param words behind {@code bench peers}
   * @throws IllegalArgumentException if the words are no command
   */
  static int run(List<String> words) throws ConfigException, IOException, InterruptedException {
    Options options = Options.of(words, OPTIONS);
    List<Peer> peers =
        options.has("--only")
            ? List.of(Peer.of(options.text("--only").orElse("")))
            : List.of(Peer.values());
    int warmUp = (int) options.number("--warm-up", 60, 0, 3600);
    int seconds = (int) options.number("--seconds", 20, 1, 3600);
    int unanswered = (int) options.number("--unanswered", 0, 0, 16_000);
    int batch = (int) options.number("--batch", 1, 1, 16);
    List<Integer> loops = unanswered == 0 ? List.of() : List.of(unanswered);
    boolean isJson = options.has("--json");

    SignatureSpeed signatures;
    try (Machinery machinery = Machinery.start()) {
      signatures = SignatureSpeed.measure(machinery);
    }
    List<PeerRow> rows =
        PeersBench.run(
            new PeersBench.Setting(peers, warmUp, seconds, loops),
            Path.of(System.getProperty("java.io.tmpdir")),
            System.err);
    print(rows, signatures, isJson);
    if (options.has("--with-agree")) {
      AgreeBench.Setting agree =
          new AgreeBench.Setting(
              VALIDATORS,
              batch,
              PAYERS,
              CLIENTS,
              new AgreeBench.Phases(
                  warmUp, seconds, loops.isEmpty() ? AGREE_UNANSWERED : loops, Optional.empty(), 0),
              Optional.empty());
      compare(rows, AgreeBench.run(agree, System.err), isJson);
    }
    return 0;
  }

  private static void print(List<PeerRow> rows, SignatureSpeed signatures, boolean isJson) {
    double checks = 1e9 / signatures.checkNanos();
    int cores = Runtime.getRuntime().availableProcessors();
    if (isJson) {
      rows.forEach(row -> System.out.println(row.json()));
      System.out.printf(
          Locale.ROOT, "{\"ed25519ChecksPerSecondAndCore\":%.0f,\"cores\":%d}%n", checks, cores);
      return;
    }
    System.out.println(PeerRow.head());
    rows.forEach(row -> System.out.println(row.line()));
    System.out.printf(Locale.ROOT, "Ed25519 checks/s: %.0f a core, %d cores%n", checks, cores);
  }

  /** Our best closed loop beside the best one of each peer. */
  private static void compare(List<PeerRow> rows, AgreeResult ours, boolean isJson) {
    if (!isJson) {
      System.out.println(AgreeRow.head());
    }
    ours.rows().forEach(row -> System.out.println(isJson ? row.json() : row.line()));
    double best = ours.best();
    for (Peer peer : Peer.values()) {
      double theirs =
          rows.stream()
              .filter(row -> row.peer() == peer)
              .mapToDouble(PeerRow::committedPerSecond)
              .max()
              .orElse(0);
      if (theirs > 0) {
        System.out.printf(
            Locale.ROOT,
            isJson
                ? "{\"agreePerSecond\":%.1f,\"peer\":\"%s\",\"peerPerSecond\":%.1f,\"ratio\":%.4f}%n"
                : "agree %.0f/s beside %s %.0f/s: %.3f times as many%n",
            best,
            peer.label(),
            theirs,
            best / theirs);
      }
    }
  }
}
