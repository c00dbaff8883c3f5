package org.undchain.node.cli.nemesis.relay;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * Listens where others look for a node, and carries each connection on to where the node listens,
 * in the condition of the link between the two.
 */
public final class Relay implements AutoCloseable {
  private final Links links;
  private final Who who;
  private final SplittableRandom random; // guarded by this
  private final List<ServerSocketChannel> doors = new ArrayList<>();
  private final List<Thread> listeners = new ArrayList<>();
  private final Set<Carried> connections = ConcurrentHashMap.newKeySet();

  /** Names of the processes that may connect. */
  @FunctionalInterface
  public interface Who {
    /** Name of the process that fits; empty if none does. */
    Optional<String> first(java.util.function.LongPredicate holdsIt);
  }

  /**
   * @param name of the node
   * @param shownPort where others look for it
   * @param port where it listens
   */
  public record Door(String name, int shownPort, int port) {}

  /** A connection on both of its sides. */
  private final class Carried {
    private final Links.Link link;
    private final SocketChannel near;
    private final SocketChannel far;
    private final AtomicBoolean isOver = new AtomicBoolean();

    Carried(Links.Link link, SocketChannel near, SocketChannel far) {
      this.link = link;
      this.near = near;
      this.far = far;
    }

    /** Ends it at both sides at once, with a reset rather than a farewell. */
    void reset() {
      if (isOver.compareAndSet(false, true)) {
        connections.remove(this);
        abort(near);
        abort(far);
      }
    }
  }

  private Relay(Links links, Who who, long seed) {
    this.links = links;
    this.who = who;
    this.random = new SplittableRandom(seed);
  }

  /**
   * Opens all doors.
   *
   * @throws IOException if a port is in use
   */
  public static Relay open(Collection<Door> doors, Links links, Who who, long seed)
      throws IOException {
    Relay relay = new Relay(links, who, seed);
    try {
      for (Door door : doors) {
        ServerSocketChannel listening = ServerSocketChannel.open();
        relay.doors.add(listening);
        listening.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        listening.bind(at(door.shownPort()));
        relay.listeners.add(
            Thread.ofVirtual()
                .name("relay-" + door.name())
                .start(() -> relay.accept(listening, door)));
      }
      return relay;
    } catch (IOException taken) {
      relay.close();
      throw taken;
    }
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private void accept(ServerSocketChannel listening, Door door) {
    try {
      while (true) {
        SocketChannel near = listening.accept();
        Thread.ofVirtual().name("relay-dial").start(() -> carry(near, door));
      }
    } catch (IOException closed) {
      // the relay ends
    }
  }

  private void carry(SocketChannel near, Door door) {
    try {
      Optional<String> from = callerOf(near, door);
      if (from.isEmpty()) {
        abort(near); // it is gone already
        return;
      }
      Links.Link link = new Links.Link(from.get(), door.name());
      links.awaitOpen(link); // a cut link carries no handshake, in either direction
      links.awaitOpen(link.back());
      join(link, near, SocketChannel.open(at(door.port())));
    } catch (IOException refused) {
      abort(near);
    } catch (InterruptedException stopping) {
      abort(near);
      Thread.currentThread().interrupt();
    }
  }

  private Optional<String> callerOf(SocketChannel near, Door door) throws IOException {
    int port = ((InetSocketAddress) near.getRemoteAddress()).getPort();
    Optional<Path> socket = Owners.socket(port, door.shownPort());
    return socket.flatMap(known -> who.first(pid -> Owners.holds(pid, known)));
  }

  private void join(Links.Link link, SocketChannel near, SocketChannel far) throws IOException {
    near.setOption(StandardSocketOptions.TCP_NODELAY, true);
    far.setOption(StandardSocketOptions.TCP_NODELAY, true);
    Carried carried = new Carried(link, near, far);
    connections.add(carried);
    new Pump(links, link, near, far, split(), carried::reset).start();
    new Pump(links, link.back(), far, near, split(), carried::reset).start();
  }

  private synchronized SplittableRandom split() {
    return random.split();
  }

  /**
   * Ends the connections of some links.
   *
   * @return how many
   */
  public int reset(Predicate<Links.Link> which) {
    List<Carried> chosen =
        connections.stream().filter(carried -> which.test(carried.link)).toList();
    chosen.forEach(Carried::reset);
    return chosen.size();
  }

  private static void abort(SocketChannel channel) {
    try (channel) {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException over) {
      // it is over anyway
    }
  }

  /** All ports are free when this returns. */
  @Override
  public void close() throws IOException {
    for (ServerSocketChannel door : doors) {
      door.close();
    }
    reset(link -> true);
    try {
      for (Thread listener : listeners) {
        listener.join(); // it is the one that gives the port back
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
