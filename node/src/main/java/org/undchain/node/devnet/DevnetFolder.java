package org.undchain.node.devnet;

import java.nio.file.Path;
import org.undchain.node.config.ChainFiles;
import org.undchain.node.config.NodeFile;

/**
 * The data folder of a devnet: where everything lies in it. All of it can be moved as a whole while
 * no node runs.
 */
public record DevnetFolder(Path root) {

  public DevnetFolder {
    root = root.toAbsolutePath().normalize();
  }

  /** What the network consists of; with it a folder is a devnet's. */
  public Path planFile() {
    return root.resolve("network.json");
  }

  /** The document of the running network; absent while it is off. */
  public Path documentFile() {
    return root.resolve("devnet.json");
  }

  public Path genesisFile() {
    return root.resolve(ChainFiles.GENESIS);
  }

  public Path rulesFile() {
    return root.resolve(ChainFiles.RULES);
  }

  /** Offset of block time against the system's clock, see {@link ClockFile}. */
  public Path clockFile() {
    return root.resolve("clock");
  }

  /** Held by whoever starts or runs the network. */
  Path lockFile() {
    return root.resolve("lock");
  }

  /** Log of a process that runs all nodes: what no node says for itself. */
  public Path processLog() {
    return root.resolve("process.log");
  }

  /** What a detached network says. */
  public Path logFile() {
    return root.resolve("devnet.log");
  }

  public Path accountKey(String account) {
    return root.resolve("keys").resolve(account + ".key");
  }

  public Path nodeFolder(String node) {
    return root.resolve("nodes").resolve(node);
  }

  public Path nodeFile(String node) {
    return nodeFolder(node).resolve("node.toml");
  }

  public Path nodeLog(String node) {
    return nodeFolder(node).resolve(NodeFile.LOG);
  }

  public Path apiSocket(String node) {
    return nodeFolder(node).resolve("api.sock");
  }

  /** Process id and start of the process that runs a node. */
  Path pidFile(String node) {
    return nodeFolder(node).resolve("pid");
  }
}
