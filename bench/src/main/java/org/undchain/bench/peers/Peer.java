package org.undchain.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.undchain.node.config.ConfigException;

/** The systems that are loaded. */
public enum Peer {
  /** Raft by Apache Ratis. */
  RATIS("ratis", 512) {
    @Override
    Ensemble start(int servers, int unanswered, Path data)
        throws ConfigException, IOException, InterruptedException {
      return RatisEnsemble.start(servers, unanswered, data);
    }
  },

  /** Zab by ZooKeeper. */
  ZOOKEEPER("zookeeper", 1000) {
    @Override
    Ensemble start(int servers, int unanswered, Path data)
        throws ConfigException, IOException, InterruptedException {
      return ZooKeeperEnsemble.start(servers, data);
    }
  };

  /** Bytes of a command. */
  static final int COMMAND_BYTES = 256;

  private static final int FEW = 64;

  private final String label;
  private final int many;

  Peer(String label, int many) {
    this.label = label;
    this.many = many;
  }

  public String label() {
    return label;
  }

  /** Commands that a closed loop keeps unanswered, a loop for each, unless told otherwise. */
  List<Integer> unanswered() {
    return List.of(FEW, many);
  }

  /**
   * Starts the servers, which force every command to the disk before they count it, and a client
   * that is connected.
   *
   * @param unanswered most commands on their way
   * @param data an empty folder
   */
  abstract Ensemble start(int servers, int unanswered, Path data)
      throws ConfigException, IOException, InterruptedException;

  /**
   * The peer of this name.
   *
   * @throws IllegalArgumentException if none is called so
   */
  public static Peer of(String label) {
    return Arrays.stream(values())
        .filter(peer -> peer.label.equals(label))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("there is no peer " + label + ", but " + labels()));
  }

  private static String labels() {
    return Arrays.stream(values()).map(Peer::label).collect(Collectors.joining(", "));
  }
}
