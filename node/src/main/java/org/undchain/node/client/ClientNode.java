package org.undchain.node.client;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.Channel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.undchain.core.agent.SessionMemory;
import org.undchain.core.client.ClientAgent;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.crypto.Signer;
import org.undchain.core.handshake.Greeting;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.ledger.Table;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.ContactRecord;
import org.undchain.core.message.Contract;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Request;
import org.undchain.core.message.Role;
import org.undchain.core.message.Route;
import org.undchain.core.message.SessionRecord;
import org.undchain.core.session.SessionObjects;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.config.ConfigException;
import org.undchain.node.runtime.Addresses;
import org.undchain.node.runtime.BlockClock;
import org.undchain.node.runtime.Host;
import org.undchain.node.runtime.Machinery;
import org.undchain.node.runtime.NodeMeter;
import org.undchain.node.store.SessionLog;
import org.undchain.node.store.StoreException;
import org.undchain.node.transport.TransportIdentity;
import org.undchain.utilities.storage.StorageException;
import org.undchain.utilities.storage.StorageReason;

/**
 * A client in the process of its user: the agent with the user's key, connected to the validators
 * of the genesis, and to partners as the user's jobs need them.
 */
public final class ClientNode implements AutoCloseable {
  /** How long validators may take to answer before they count as unreachable. */
  static final Duration ANSWER = Duration.ofSeconds(20);

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final String NONCES = "nonces";

  private final Setting setting;
  private final NoticeBoard board = new NoticeBoard();
  private final Map<NodeId, Host.DialFailure> failures = new ConcurrentHashMap<>();
  private final SessionLog log;
  private final Host host;

  /**
   * @param folder of the sessions this process works with, for its owner alone; beside it lies what
   *     all processes of this user share
   */
  public record Setting(Path folder, Chain chain, Signer identity, BlockClock clock) {}

  /**
   * Recovers the sessions of the folder, which go on by themselves, and dials the validators.
   *
   * @throws StoreException if another process has the folder open
   */
  public static ClientNode start(Machinery machinery, Setting setting)
      throws ConfigException, StoreException {
    SessionLog log = SessionLog.open(setting.folder());
    ClientNode node = new ClientNode(machinery, setting, log);
    try {
      node.host.start();
      node.host.dialValidators(validator -> Duration.ZERO);
      return node;
    } catch (ConfigException | RuntimeException failure) {
      node.close();
      throw failure;
    }
  }

  private ClientNode(Machinery machinery, Setting setting, SessionLog log) {
    this.setting = setting;
    this.log = log;
    Chain chain = setting.chain();
    ValidatorSet first = ValidatorSet.of(GenesisBlock.firstSet(chain)).orElseThrow();
    ClientAgent agent =
        new ClientAgent(
            chain, setting.identity(), first, SessionMemory.of(machinery::signer, log.recovered()));
    this.host =
        new Host(
            machinery,
            new Host.Setting(
                "client",
                chain,
                setting.identity(),
                TransportIdentity.create(),
                setting.clock(),
                () ->
                    Greeting.newcomer(
                        chain.context(),
                        setting.identity(),
                        Role.ROLE_CLIENT,
                        chain.rules().devnet()),
                () -> List.of(first),
                Optional.empty(),
                List.of(),
                (records, now) -> log.commit(records),
                notice -> board.add((ClientNotice) notice),
                failure -> failures.put(failure.expected(), failure),
                board::fail,
                NodeMeter.NONE),
            agent);
  }

  public NodeId id() {
    return setting.identity().id();
  }

  public Chain chain() {
    return setting.chain();
  }

  /** The slot of now. */
  public long slot() {
    return Math.max(0, chain().calendar().slotAt(setting.clock().now()));
  }

  public void command(ClientCommand command) {
    host.command(command);
  }

  /** Signs an entry for the pay period of now. */
  public Envelope sealed(Message entry) {
    return Envelopes.sealEntry(
        chain().context(), setting.identity(), chain().calendar().periodOf(slot()), entry);
  }

  public Hash idOf(Envelope entry) {
    return Envelopes.id(chain().context(), entry);
  }

  /** The newest record of each session of an earlier process in this folder. */
  List<SessionRecord> recovered() {
    return log.recovered().stream().map(LogRecord::getSession).toList();
  }

  /** The contract of a session of this client. */
  Contract contractOf(SessionRecord record) {
    return SessionObjects.contractOf(chain().context(), chain().signatures(), record.getContract())
        .orElseThrow(() -> new IllegalStateException("the log holds a malformed contract"))
        .body();
  }

  /** The request that this client signed before. */
  Request requestOf(Envelope entry) {
    return Envelopes.openEntry(chain().context(), chain().signatures(), entry)
        .good()
        .orElseThrow(() -> new IllegalStateException("the job's folder holds a malformed entry"))
        .body()
        .getRequest();
  }

  /** The nonces of this key that are on their way. */
  NonceBook nonces() {
    return new NonceBook(setting.folder().resolveSibling(NONCES), id());
  }

  /** Waits until a slot has begun. */
  void awaitSlot(long slot) throws InterruptedException {
    long millis = chain().calendar().startOf(slot).minus(setting.clock().now());
    if (millis > 0) {
      Thread.sleep(millis);
    }
  }

  /** How many notices there are so far. */
  int told() {
    return board.size();
  }

  /** See {@link NoticeBoard#await}. */
  <T> Optional<T> await(int from, Duration patience, Function<ClientNotice, Optional<T>> fitting)
      throws InterruptedException {
    return board.await(from, patience, fitting);
  }

  /** Waits until more than f validators are connected: fewer can prove nothing. */
  public void awaitValidators() throws ClientException, InterruptedException {
    int count = chain().genesis().getValidatorsCount();
    int needed = (count - 1) / 3 + 1;
    long end = System.nanoTime() + ANSWER.toNanos();
    while (connectedValidators() < needed) {
      if (System.nanoTime() > end) {
        throw new ClientException(
            ClientException.Kind.UNREACHABLE,
            "NO_VALIDATORS",
            connectedValidators()
                + " of "
                + count
                + " validators can be reached, needed are "
                + needed,
            "the addresses are those of the genesis",
            "undchain devnet status",
            "look at the network and try again");
      }
      LockSupport.parkNanos(POLL_NANOS); // connections tell nobody when they change
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private long connectedValidators() {
    return chain().genesis().getValidatorsList().stream()
        .filter(validator -> host.isConnected(NodeId.of(validator.getId())))
        .count();
  }

  /** A leaf of the state as f + 1 validators tell it; empty if there is none of that key. */
  public <M extends Message> Optional<M> leaf(Table table, Bytes key, Parser<M> parser)
      throws ClientException, InterruptedException {
    int from = told();
    command(new ClientCommand.ReadLeaf(table.number(), key));
    Optional<ClientNotice.Leaf> leaf =
        await(
            from,
            ANSWER,
            notice ->
                notice instanceof ClientNotice.Leaf told
                        && told.table() == table.number()
                        && told.key().equals(key)
                    ? Optional.of(told)
                    : Optional.empty());
    if (leaf.isEmpty() || !leaf.get().isKnown()) {
      throw new ClientException(
          ClientException.Kind.UNREACHABLE,
          "NO_ANSWER",
          "too few validators agree on what the chain says",
          "more than a third of them must give the same answer",
          "try again in a moment");
    }
    if (leaf.get().value().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.parseFrom(leaf.get().value().unsafeArray()));
    } catch (InvalidProtocolBufferException malformed) {
      throw new IllegalStateException(
          "f + 1 validators agree on bytes that are no leaf", malformed);
    }
  }

  /** This client's account. */
  public AccountLeaf account() throws ClientException, InterruptedException {
    return leaf(Table.ACCOUNT, id().bytes(), AccountLeaf.parser())
        .orElseThrow(() ->
            new ClientException(
                ClientException.Kind.NO_FUNDS,
                "NO_ACCOUNT",
                "this key has no account yet",
                "an account begins with the first transfer to it",
                "undchain transfer to it from a key with funds"));
  }

  /** Where partners can be reached; all that the validators know if none is named. */
  public List<ContactRecord> contacts(List<NodeId> partners)
      throws ClientException, InterruptedException {
    int from = told();
    command(new ClientCommand.LookUp(partners));
    return this.<List<ContactRecord>>await(
            from,
            ANSWER,
            notice ->
                notice instanceof ClientNotice.Contacts told && told.asked().equals(partners)
                    ? Optional.of(told.records())
                    : Optional.empty())
        .orElseThrow(() ->
            new ClientException(
                ClientException.Kind.UNREACHABLE,
                "NO_ANSWER",
                "the validators do not say where partners are",
                "none of them answered in time",
                "try again in a moment"));
  }

  /** Keeps a partner connected by the first of its routes that can be dialled. */
  public void dial(NodeId partner, List<Route> routes) throws StorageException {
    Route route =
        Addresses.dialled(routes)
            .orElseThrow(() ->
                new StorageException(StorageReason.UNREACHABLE, "the partner names no address"));
    try {
      host.dial(partner, route);
    } catch (ConfigException malformed) {
      throw new StorageException(StorageReason.UNREACHABLE, malformed.what(), malformed);
    }
  }

  /** The connection to a partner that was dialled, as soon as it stands. */
  public Channel channel(NodeId partner, Duration patience)
      throws StorageException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      Optional<Channel> channel = host.channel(partner);
      if (channel.isPresent()) {
        return channel.get();
      }
      if (System.nanoTime() > end) {
        throw new StorageException(
            StorageReason.UNREACHABLE,
            "no connection within " + patience.toSeconds() + " s" + why(partner));
      }
      LockSupport.parkNanos(POLL_NANOS); // connections tell nobody when they change
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private String why(NodeId partner) {
    return Optional.ofNullable(failures.get(partner))
        .map(failure -> "; " + failure.why() + ": " + failure.detail())
        .orElse("");
  }

  @Override
  public void close() {
    host.close();
    log.close();
  }
}
