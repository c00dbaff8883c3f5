package org.undchain.node.runtime;

import io.grpc.BindableService;
import io.grpc.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.undchain.core.crypto.Signer;
import org.undchain.core.handshake.Greeting;
import org.undchain.core.handshake.KnownPeer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Command;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Machine;
import org.undchain.core.machine.Notice;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.GenesisValidator;
import org.undchain.core.message.Opened;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Role;
import org.undchain.core.message.Route;
import org.undchain.core.value.NodeId;
import org.undchain.node.config.ConfigException;
import org.undchain.node.log.LogFile;
import org.undchain.node.transport.PeerListener;
import org.undchain.node.transport.TransportIdentity;
import org.undchain.node.transport.grpc.GrpcTransport;

/**
 * A node: one machine of the core, its clock, disk and peers. Validator, partner and client alike.
 */
public final class Host implements AutoCloseable {
  private static final Runnable NOTHING = () -> {};

  private final Loop loop;
  private final GrpcTransport transport;
  private final EffectRunner effects;
  private final Setting setting;
  private final Logger log;

  /**
   * @param name in thread names
   * @param greeting what the node says of itself now; called by any thread
   * @param sets validator sets whose certificates may arrive now; called by any thread
   * @param listen empty for a node that only dials
   * @param services what else is served on the same port
   * @param durable where the machine's records go
   * @param notices hears what the machine tells, on the machine's thread: quick, and what it throws
   *     stops the node
   * @param dialFailed hears why a dialled connection came to nothing; called by any thread
   * @param onFatal the machine has a bug or the disk failed: the node has stopped itself
   */
  public record Setting(
      String name,
      Chain chain,
      Signer identity,
      TransportIdentity certificate,
      BlockClock clock,
      Supplier<Greeting> greeting,
      Supplier<List<ValidatorSet>> sets,
      Optional<InetSocketAddress> listen,
      List<BindableService> services,
      Durable durable,
      Consumer<Notice> notices,
      Consumer<DialFailure> dialFailed,
      Consumer<Throwable> onFatal,
      NodeMeter meter) {
    public Setting {
      services = List.copyOf(services);
    }
  }

  /** Why a connection that was dialled came to nothing. */
  public record DialFailure(NodeId expected, RejectCode why, String detail) {}

  public Host(Machinery machinery, Setting setting, Machine machine) {
    this.setting = setting;
    this.log = LogFile.of(setting.name());
    this.loop =
        new Loop(
            machine,
            new Loop.Setting(
                setting.name(), setting.clock(), setting.durable(), this::fail, setting.meter()));
    this.transport =
        new GrpcTransport(
            new GrpcTransport.Setting(
                setting.chain().context(),
                setting.identity(),
                setting.certificate(),
                setting.greeting(),
                setting.clock()::now,
                setting.sets(),
                setting.chain().signatures(),
                machinery.pool(),
                machinery.threads(),
                setting.listen(),
                setting.services(),
                new Ears(),
                setting.meter()));
    this.effects = new EffectRunner(setting, transport, loop);
  }

  /** Starts the machine, then listens. What happens is logged under {@link LogFile#of}. */
  public void start() throws ConfigException {
    loop.start(effects::run);
    post(new Event.Started());
    try {
      transport.start();
    } catch (IOException refused) {
      close();
      throw new ConfigException(
          1312,
          "cannot listen on " + setting.listen().map(InetSocketAddress::toString).orElse("-"),
          String.valueOf(
              Optional.ofNullable(refused.getCause())
                  .map(Throwable::getMessage)
                  .orElse(refused.getMessage())),
          List.of("name another port", "stop what listens there: ss -ltnp"));
    }
  }

  /** What the node's user wants of the machine. Waits while the inbox is full. */
  public void command(Command command) {
    post(new Event.CommandIn(command));
  }

  /**
   * Keeps all validators of the genesis that name an address connected, but itself.
   *
   * @param patience how long each of them may dial us first
   */
  public void dialValidators(Function<NodeId, Duration> patience) throws ConfigException {
    for (GenesisValidator validator : setting.chain().genesis().getValidatorsList()) {
      NodeId id = NodeId.of(validator.getId());
      Optional<Route> route = Addresses.dialled(validator.getRoutesList());
      if (route.isPresent() && !id.equals(setting.identity().id())) {
        dial(id, route.get(), patience.apply(id));
      }
    }
  }

  /** Keeps a peer connected until {@link #undial}. */
  public void dial(NodeId expected, Route route) throws ConfigException {
    dial(expected, route, Duration.ZERO);
  }

  private void dial(NodeId expected, Route route, Duration patience) throws ConfigException {
    transport.dial(
        expected, Addresses.parse(route.getAddress()), Addresses.certificate(route), patience);
  }

  public void undial(NodeId peer) {
    transport.undial(peer);
  }

  public boolean isConnected(NodeId peer) {
    return transport.isConnected(peer);
  }

  /**
   * The transport of a peer that was dialled and has said Hello, for calls of other services on the
   * same port; empty while it is not connected.
   */
  public Optional<Channel> channel(NodeId peer) {
    return transport.channel(peer);
  }

  /** Who is connected, ascending. */
  public List<NodeId> peers() {
    return transport.peers();
  }

  /** The port it listens on; 0 if it does not. */
  public int boundPort() {
    return transport.port();
  }

  /** Events that wait for the machine. */
  public int inboxDepth() {
    return loop.depth();
  }

  @Override
  public void close() {
    loop.stop();
    transport.close();
  }

  private void fail(Throwable bug) {
    log.error("event=stopped reason=bug_or_disk", bug);
    transport.close();
    setting.onFatal().accept(bug);
  }

  private void post(Event event) {
    try {
      loop.put(event, event instanceof Event.Started, NOTHING);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** Brings what peers say to the machine. */
  private final class Ears implements PeerListener {
    /** What one of these says goes before what others say. */
    private final Set<NodeId> validators = ConcurrentHashMap.newKeySet();

    @Override
    public void up(KnownPeer peer) throws InterruptedException {
      log.info("event=peer_up peer={} role={}", peer.id().hex(), peer.role());
      if (peer.role() == Role.ROLE_VALIDATOR) {
        validators.add(peer.id());
      }
      put(peer.id(), new Event.PeerUp(peer.id(), peer.role()), NOTHING);
    }

    @Override
    public void message(NodeId peer, Opened message, Runnable handled) throws InterruptedException {
      put(peer, new Event.MessageIn(peer, message), handled);
    }

    @Override
    public void giveWay(NodeId peer) throws InterruptedException {
      if (!validators.contains(peer)) {
        loop.giveWay();
      }
    }

    @Override
    public boolean isBusy(NodeId peer) {
      return !validators.contains(peer) && loop.isBusy();
    }

    @Override
    public long busyMillis(NodeId account) {
      return loop.busyMillis(account);
    }

    @Override
    public void down(NodeId peer) throws InterruptedException {
      log.info("event=peer_down peer={}", peer.hex());
      put(peer, new Event.PeerDown(peer), NOTHING);
      validators.remove(peer);
    }

    private void put(NodeId peer, Event event, Runnable handled) throws InterruptedException {
      loop.put(event, validators.contains(peer), handled);
    }

    @Override
    public void failed(NodeId expected, RejectCode why, String detail) {
      setting.dialFailed().accept(new DialFailure(expected, why, detail));
    }
  }
}
