package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.undchain.node.cli.nemesis.relay.Links;
import org.undchain.node.cli.nemesis.relay.Relay;
import org.undchain.node.config.ConfigException;
import org.undchain.node.config.NodeFile;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetNode;
import org.undchain.node.devnet.FreePorts;

/**
 * Puts a relay between the nodes of a network that is off. Each gets another port to listen at; at
 * the one that the genesis names, and that it still advertises, the relay stands.
 */
final class Wiring {
  private final DevnetFolder folder;
  private final List<DevnetNode> nodes;
  private final Map<String, Integer> ports = new HashMap<>();

  Wiring(DevnetFolder folder, List<DevnetNode> nodes) throws ConfigException, IOException {
    this.folder = folder;
    this.nodes = nodes;
    List<Integer> shown = nodes.stream().map(DevnetNode::port).toList();
    List<Integer> free =
        FreePorts.choose(2 * nodes.size()).stream().filter(port -> !shown.contains(port)).toList();
    for (int i = 0; i < nodes.size(); i++) {
      ports.put(nodes.get(i).name(), free.get(i));
      write(nodes.get(i), Optional.of(folder.clockFile()));
    }
  }

  /** A node's configuration; the node reads it when it starts. */
  void write(DevnetNode node, Optional<Path> clock) throws ConfigException, IOException {
    Path file = folder.nodeFile(node.name());
    NodeFile now = NodeFile.load(file);
    NodeFile rewired =
        new NodeFile(
            now.role(),
            now.name(),
            now.data(),
            now.genesis(),
            now.rules(),
            clock,
            now.logLevel(),
            InetSocketAddress.createUnresolved(now.listen().getHostString(), port(node)),
            now.advertise(),
            now.apiSocket(),
            now.offering(),
            now.names());
    Files.writeString(file, rewired.text(folder.nodeFolder(node.name())));
  }

  private int port(DevnetNode node) {
    return Optional.ofNullable(ports.get(node.name())).orElseThrow();
  }

  Relay open(Links links, Relay.Who who, long seed) throws IOException {
    List<Relay.Door> doors = new ArrayList<>();
    for (DevnetNode node : nodes) {
      doors.add(new Relay.Door(node.name(), node.port(), port(node)));
    }
    return Relay.open(doors, links, who, seed);
  }

  /** Every link in the network, in both directions, with those of the clients. */
  List<Links.Link> links() {
    List<String> ends =
        Stream.concat(nodes.stream().map(DevnetNode::name), Stream.of(Fleet.CLIENTS)).toList();
    return ends.stream()
        .flatMap(from ->
            ends.stream().filter(to -> !to.equals(from)).map(to -> new Links.Link(from, to)))
        .toList();
  }
}
