package org.undchain.node.transport.grpc;

import io.grpc.BindableService;
import io.grpc.Channel;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.handshake.Greeting;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.crypto.SignaturePool;
import org.undchain.node.transport.PeerListener;
import org.undchain.node.transport.TransportIdentity;

/** All connections of one node over gRPC: it listens, dials, sends and hears. */
public final class GrpcTransport implements AutoCloseable {
  private final Setting setting;
  private final Door door;
  private final SslContext clientTls;
  private final Map<NodeId, Dialer> dialers = new TreeMap<>(); // guarded by itself
  private @Nullable Acceptor acceptor;

  /**
   * @param greeting what this side says of itself now
   * @param now block time
   * @param sets those whose certificates may arrive now
   * @param listen empty for a node that only dials
   * @param services what else is served on the same port; calls find {@link ConnectedPeer#KEY}
   */
  public record Setting(
      ChainContext chain,
      Signer identity,
      TransportIdentity certificate,
      Supplier<Greeting> greeting,
      Supplier<BlockTime> now,
      Supplier<List<ValidatorSet>> sets,
      SignatureCheck signatures,
      SignaturePool pool,
      GrpcThreads threads,
      Optional<InetSocketAddress> listen,
      List<BindableService> services,
      PeerListener listener,
      TransportMeter meter) {
    public Setting {
      services = List.copyOf(services);
    }
  }

  public GrpcTransport(Setting setting) {
    this.setting = setting;
    this.door = new Door(setting);
    this.clientTls = Tls.client(setting.certificate());
  }

  /**
   * @throws IOException if the port cannot be had
   */
  public void start() throws IOException {
    if (setting.listen().isPresent()) {
      Acceptor listening = new Acceptor(door, setting, setting.listen().get());
      listening.start();
      acceptor = listening;
    }
  }

  /** The port it listens on; 0 if it does not. */
  public int port() {
    return acceptor == null ? 0 : acceptor.port();
  }

  /**
   * Keeps a peer connected until {@link #undial}.
   *
   * @param expected who must answer there
   * @param certificate hash of the transport certificate it must have; any if empty
   * @param patience how long to wait before the first attempt, for the other side to dial us
   */
  public void dial(
      NodeId expected, InetSocketAddress address, Optional<Hash> certificate, Duration patience) {
    Dialer.Target target =
        new Dialer.Target(expected, address.getHostString(), address.getPort(), certificate);
    Dialer fresh = new Dialer(door, setting.threads(), clientTls, target, patience);
    synchronized (dialers) {
      Dialer before = dialers.put(expected, fresh);
      if (before != null) {
        before.close();
      }
    }
    fresh.start();
  }

  /** Stops keeping a peer connected, and ends the connection that is there. */
  public void undial(NodeId peer) {
    synchronized (dialers) {
      Dialer before = dialers.remove(peer);
      if (before != null) {
        before.close();
      }
    }
    door.peers().of(peer).ifPresent(connection -> connection.end("not needed any more"));
  }

  /**
   * The transport of a peer that was dialled and has said Hello, for calls of other services that
   * the peer serves on the same port; empty while it is not connected.
   */
  public Optional<Channel> channel(NodeId peer) {
    if (!isConnected(peer)) {
      return Optional.empty();
    }
    synchronized (dialers) {
      return Optional.ofNullable(dialers.get(peer)).flatMap(Dialer::channel);
    }
  }

  /** To one peer; dropped if it is not connected. */
  public void send(NodeId to, Envelope message) {
    door.peers().of(to).ifPresent(connection -> connection.send(Frames.segment(message)));
  }

  /** To several peers; encoded once. */
  public void send(List<NodeId> to, Envelope message) {
    byte[] segment = Frames.segment(message);
    for (NodeId peer : to) {
      door.peers().of(peer).ifPresent(connection -> connection.send(segment));
    }
  }

  /** Ends a connection behind a refusal that says why; a dialler dials again. */
  public void disconnect(NodeId peer, String why) {
    door.peers()
        .of(peer)
        .ifPresent(connection -> connection.refuse(RejectCode.REJECT_CODE_BANNED, why));
  }

  public boolean isConnected(NodeId peer) {
    return door.peers().of(peer).isPresent();
  }

  /** Who is connected, ascending. */
  public List<NodeId> peers() {
    return door.peers().ids();
  }

  @Override
  public void close() {
    List<Dialer> ending;
    synchronized (dialers) {
      ending = List.copyOf(dialers.values());
      dialers.clear();
    }
    ending.forEach(Dialer::close);
    ending.forEach(Dialer::awaitEnd);
    door.peers().all().forEach(connection -> connection.end("the node stops"));
    if (acceptor != null) {
      acceptor.close();
    }
  }
}
