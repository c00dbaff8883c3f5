package org.undchain.node.partner;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.undchain.core.agent.SessionMemory;
import org.undchain.core.crypto.Signer;
import org.undchain.core.handshake.Greeting;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Contract;
import org.undchain.core.message.Filter;
import org.undchain.core.message.FilterNode;
import org.undchain.core.message.FilterOp;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Role;
import org.undchain.core.message.UtilityClass;
import org.undchain.core.partner.PartnerAgent;
import org.undchain.core.partner.PartnerCommand;
import org.undchain.core.partner.PartnerKeys;
import org.undchain.core.partner.PartnerNotice;
import org.undchain.core.partner.PartnerProfile;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.config.ConfigException;
import org.undchain.node.config.KeyFile;
import org.undchain.node.log.LogFile;
import org.undchain.node.runtime.Addresses;
import org.undchain.node.runtime.BlockClock;
import org.undchain.node.runtime.Host;
import org.undchain.node.runtime.Machinery;
import org.undchain.node.runtime.Metrics;
import org.undchain.node.store.SessionLog;
import org.undchain.node.store.StoreException;
import org.undchain.node.transport.TransportIdentity;
import org.undchain.node.transport.grpc.ConnectedPeer;
import org.undchain.utilities.storage.ShardStore;
import org.undchain.utilities.storage.StorageException;

/**
 * A storage partner on a real disk and real sockets.
 *
 * <p>Its folder holds {@code identity.key} and {@code session.key} (0600; without them it is
 * another partner), {@code sessions} (what it signed), {@code storage/} (what it keeps), {@code
 * seats/} (which seat brought what) and the transport certificate.
 */
public final class PartnerNode implements AutoCloseable {
  private static final String IDENTITY = "identity.key";
  private static final String SECRET = "session.key";
  private static final String SHARDS = "storage";
  private static final String SEATS = "seats";
  private static final String UNIT = "MiB";

  private final Metrics metrics = new Metrics();
  private final Setting setting;
  private final Signer identity;
  private final PartnerLog log;
  private final SessionLog sessions;
  private final ShardStore store;
  private final StorageSeats seats;
  private final Host host;
  private final ScheduledExecutorService housekeeping;

  /**
   * What a partner offers.
   *
   * @param quotaBytes of shards on its disk at most
   * @param unitPrice grains per MiB for the whole keeping time
   * @param creditUnits MiB it takes ahead of payment
   * @param keepSlots slots a shard is kept at most
   * @param readBytesPerSecond all readers together
   */
  public record Offer(
      long quotaBytes, long unitPrice, long creditUnits, long keepSlots, long readBytesPerSecond) {
    /** 10 GiB at a thousandth of an UND for a MiB, 8 MiB ahead, a month of two-second slots. */
    public static final Offer USUAL = new Offer(10L << 30, 1_000_000, 8, 1_300_000, 256L << 20);
  }

  /**
   * @param name in logs and thread names
   * @param data the partner's folder, made and filled with new keys if it is not there
   * @param advertised host:port at which clients reach it; the address it listens on if empty
   * @param listeners hear every notice on the machine's thread; what they throw stops the node
   * @param onTaken hears how many bytes each piece of a shard brought, once they are on disk and
   *     before their client hears; called by any thread
   * @param onFatal the node has stopped itself because of a bug or its disk
   */
  public record Setting(
      String name,
      Path data,
      Chain chain,
      InetSocketAddress listen,
      Optional<String> advertised,
      Offer offer,
      BlockClock clock,
      List<Consumer<PartnerNotice>> listeners,
      IntConsumer onTaken,
      Consumer<Throwable> onFatal) {
    public Setting {
      listeners = List.copyOf(listeners);
    }
  }

  /** Makes the keys of a new partner; a folder that has some is left as it is. */
  public static void initialise(Path data) throws ConfigException {
    for (String name : List.of(IDENTITY, SECRET)) {
      if (!Files.exists(data.resolve(name))) {
        KeyFile.create(data.resolve(name));
      }
    }
  }

  /** The identity key in a partner's folder. */
  public static Path identityOf(Path data) {
    return data.resolve(IDENTITY);
  }

  /**
   * Opens the disk, recovers the seats, listens and subscribes at the validators.
   *
   * @throws ConfigException if keys, port or an address cannot be used
   * @throws StoreException if the log is damaged or another process has the folder
   * @throws StorageException if the shards cannot be opened
   */
  public static PartnerNode start(Machinery machinery, Setting setting)
      throws ConfigException, StoreException, StorageException {
    initialise(setting.data());
    SessionLog sessions = SessionLog.open(setting.data());
    try {
      ShardStore store =
          ShardStore.open(setting.data().resolve(SHARDS), setting.offer().quotaBytes());
      return start(machinery, setting, sessions, store);
    } catch (ConfigException | StorageException | RuntimeException failure) {
      sessions.close();
      throw failure;
    }
  }

  private static PartnerNode start(
      Machinery machinery, Setting setting, SessionLog sessions, ShardStore store)
      throws ConfigException, StorageException {
    try {
      PartnerNode node = new PartnerNode(machinery, setting, sessions, store);
      node.begin();
      return node;
    } catch (ConfigException | StorageException | RuntimeException failure) {
      closeQuietly(store, logOf(setting));
      throw failure;
    }
  }

  private PartnerNode(Machinery machinery, Setting setting, SessionLog sessions, ShardStore store)
      throws ConfigException, StorageException {
    this.setting = setting;
    this.log = logOf(setting);
    this.sessions = sessions;
    this.store = store;
    this.seats = new StorageSeats(store, new SeatNotes(setting.data().resolve(SEATS)));
    this.identity = machinery.signer(KeyFile.load(identityOf(setting.data())));
    Bytes secret = KeyFile.load(setting.data().resolve(SECRET));
    Chain chain = setting.chain();
    TransportIdentity certificate = TransportIdentity.in(setting.data());
    PartnerAgent agent =
        new PartnerAgent(
            chain,
            new PartnerAgent.Setup(
                new PartnerKeys(identity, machinery::signer, secret),
                profile(certificate),
                firstSet(),
                seats.freeUnits()),
            SessionMemory.of(machinery::signer, sessions.recovered()).records());
    ShardService shards =
        new ShardService(
            new ShardService.Setting(
                store,
                seats,
                new ReadBudget(setting.offer().readBytesPerSecond()),
                () -> Optional.ofNullable(ConnectedPeer.KEY.get()).map(ConnectedPeer::id),
                this::tell,
                setting.onTaken(),
                new PartnerMetrics(metrics)));
    this.host =
        new Host(
            machinery,
            new Host.Setting(
                setting.name(),
                chain,
                identity,
                certificate,
                setting.clock(),
                this::greeting,
                () -> List.of(firstSet()),
                Optional.of(setting.listen()),
                List.of(shards),
                (records, now) -> sessions.commit(records),
                notice -> onNotice((PartnerNotice) notice),
                log::dialFailed,
                setting.onFatal(),
                metrics),
            agent);
    this.housekeeping =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("expire-" + setting.name()).factory());
  }

  private void begin() throws ConfigException {
    host.start();
    host.dialValidators(validator -> Duration.ZERO);
    long slot = setting.chain().rules().slotMillis();
    housekeeping.scheduleWithFixedDelay(this::expire, slot, slot, TimeUnit.MILLISECONDS);
  }

  public NodeId id() {
    return identity.id();
  }

  public Host host() {
    return host;
  }

  /** The node's numbers, as {@code GET /metrics} answers. */
  public String metricsText() {
    return metrics.text();
  }

  /** What it keeps, for views. */
  public ShardStore store() {
    return store;
  }

  /** Seats that run now. */
  public int seats() {
    return seats.count();
  }

  /** Takes no more jobs and tells the validators so (R6.2); running seats go on. */
  public void signOff() {
    host.command(new PartnerCommand.SignOff());
  }

  /** Signs off, then stops the machine, the connections and the disk, in this order. */
  @Override
  public void close() {
    signOff();
    stop();
  }

  /** Stops without a word, as a crash does; what is on disk is what a restart finds. */
  public void stop() {
    housekeeping.shutdownNow();
    host.close();
    sessions.close();
    closeQuietly(store, log);
  }

  private static PartnerLog logOf(Setting setting) {
    return new PartnerLog(LogFile.of(setting.name()));
  }

  private static void closeQuietly(ShardStore store, PartnerLog log) {
    try {
      store.close();
    } catch (IOException failure) {
      log.unlockFailed(String.valueOf(failure.getMessage()));
    }
  }

  private ValidatorSet firstSet() {
    return ValidatorSet.of(GenesisBlock.firstSet(setting.chain())).orElseThrow();
  }

  private Greeting greeting() {
    Chain chain = setting.chain();
    long slot = Math.max(0, chain.calendar().slotAt(setting.clock().now()));
    return new Greeting(
        chain.context(),
        identity,
        Role.ROLE_PARTNER,
        chain.rules().devnet(),
        Optional.of(
            new Greeting.Standing(
                chain.rules().rulesHash(), chain.calendar().periodOf(slot), true)),
        Optional.empty(),
        Optional.empty());
  }

  private PartnerProfile profile(TransportIdentity certificate) {
    InetSocketAddress listen = setting.listen();
    String address = setting.advertised().orElse(listen.getHostString() + ":" + listen.getPort());
    Filter storage =
        Filter.newBuilder()
            .addNodes(
                FilterNode.newBuilder()
                    .setOp(FilterOp.FILTER_OP_UTILITY_IS)
                    .setValue(UtilityClass.UTILITY_CLASS_STORAGE_VALUE))
            .build();
    return new PartnerProfile(
        UtilityClass.UTILITY_CLASS_STORAGE,
        storage,
        UNIT,
        setting.offer().unitPrice(),
        setting.offer().creditUnits(),
        setting.offer().keepSlots(),
        List.of(
            Addresses.route(address).toBuilder()
                .setTransportHash(certificate.certificateHash().toByteString())
                .build()),
        Math.max(1, setting.clock().now().millis()));
  }

  private void tell(PartnerCommand command) {
    host.command(command);
  }

  private void expire() {
    try {
      long slot = setting.chain().calendar().slotAt(setting.clock().now());
      int expired = slot > 0 ? store.expire(slot) : 0;
      if (expired > 0) {
        log.expired(expired, slot);
        tell(new PartnerCommand.SetCapacity(seats.freeUnits()));
      }
    } catch (StorageException failure) {
      log.expireFailed(String.valueOf(failure.getMessage()));
    }
  }

  /** On the machine's thread: what touches the disk longer goes to the housekeeper. */
  private void onNotice(PartnerNotice notice) {
    log.tell(notice);
    switch (notice) {
      case PartnerNotice.SeatOpened opened -> onOpened(opened.contractId(), opened.contract());
      case PartnerNotice.Credit credit ->
          seats.credited(credit.contractId(), credit.allowedUnits());
      case PartnerNotice.SeatClosed closed -> end(closed.contractId(), closed.amount() > 0);
      case PartnerNotice.SeatFailed failed -> end(failed.contractId(), false);
      case PartnerNotice.Subscribed told -> {}
      case PartnerNotice.Bidding bid -> {}
      case PartnerNotice.ReceiptSigned receipt -> {}
    }
    setting.listeners().forEach(listener -> listener.accept(notice));
  }

  private void onOpened(Hash contractId, Contract contract) {
    try {
      seats.opened(contractId, contract);
    } catch (StorageException failure) {
      String why = String.valueOf(failure.getMessage());
      log.seatRefused(contractId, why);
      housekeeping.execute(
          () -> tell(new PartnerCommand.EndSeat(contractId, RejectCode.REJECT_CODE_NO_SPACE, why)));
    }
  }

  private void end(Hash contractId, boolean isPaid) {
    housekeeping.execute(() -> {
      try {
        seats.ended(contractId, isPaid);
        tell(new PartnerCommand.SetCapacity(seats.freeUnits()));
      } catch (StorageException failure) {
        log.seatEndFailed(contractId, String.valueOf(failure.getMessage()));
      }
    });
  }
}
