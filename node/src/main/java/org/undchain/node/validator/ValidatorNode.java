package org.undchain.node.validator;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.undchain.core.handshake.Greeting;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.DamagedRecords;
import org.undchain.core.machine.Notice;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Role;
import org.undchain.core.sync.Archive;
import org.undchain.core.time.ClockNotice;
import org.undchain.core.time.Synchronising;
import org.undchain.core.validator.Validator;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.NodeId;
import org.undchain.node.config.ConfigException;
import org.undchain.node.log.LogFile;
import org.undchain.node.runtime.BlockClock;
import org.undchain.node.runtime.Host;
import org.undchain.node.runtime.Machinery;
import org.undchain.node.runtime.Metrics;
import org.undchain.node.store.Journal;
import org.undchain.node.store.SigningGuard;
import org.undchain.node.store.StoreException;
import org.undchain.node.store.StoreOwner;
import org.undchain.node.transport.TransportIdentity;

/**
 * A validator on a real disk and real sockets: opens its journal, replays it, listens, and keeps
 * the other validators of the genesis connected.
 *
 * <p>Its folder holds {@code keys/} (which alone must never be lost), {@code store/}, {@code
 * signing-guard} and the transport certificate.
 */
public final class ValidatorNode implements AutoCloseable {
  /**
   * How long the validator with the lower id may dial first: a handshake of both sides. Longer, and
   * one that was started again waits for the pauses of those that dialled it while it was off.
   */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private static final String KEYS = "keys";

  private final Setting setting;
  private final DiskValidatorKeys keys;
  private final Journal journal;
  private final Archive archive;
  private final Host host;
  private final Metrics metrics = new Metrics();
  private final ValidatorLog log;
  private final BlockClock clock;
  private final ValidatorNotice.Began began;
  private volatile @Nullable Standing standing;
  private volatile boolean isSynchronised;

  /**
   * @param name in logs and thread names
   * @param data the node's folder, prepared by {@link #initialise}
   * @param clock block time as far as is known; the node brings its own copy to that of the others
   * @param listeners hear every notice on the machine's thread; what they throw stops the node
   * @param onFatal the node has stopped itself because of a bug or its disk
   */
  public record Setting(
      String name,
      Path data,
      Chain chain,
      InetSocketAddress listen,
      BlockClock clock,
      List<Consumer<ValidatorNotice>> listeners,
      Consumer<Throwable> onFatal) {
    public Setting {
      listeners = List.copyOf(listeners);
    }
  }

  /** Folder of the keys in a validator's folder. */
  public static Path keysOf(Path data) {
    return data.resolve(KEYS);
  }

  /**
   * Prepares the folder of a new validator whose keys never signed. Only when the node is made: a
   * node whose guard is missing later must count as one that forgot (R4.41).
   */
  public static void initialise(Path data, Chain chain, NodeId identity) throws StoreException {
    Journal.initialise(data, new StoreOwner(chain.context().chainId(), identity));
  }

  /**
   * Opens the disk, replays, listens and dials.
   *
   * @throws ConfigException if keys, port or an address cannot be used
   * @throws StoreException if the folder belongs to another chain, a newer version or another
   *     process, or is damaged
   */
  public static ValidatorNode start(Machinery machinery, Setting setting)
      throws ConfigException, StoreException {
    DiskValidatorKeys keys =
        DiskValidatorKeys.load(
            keysOf(setting.data()), machinery::signer, setting.chain().calendar().beatsPerPeriod());
    TransportIdentity certificate = TransportIdentity.in(setting.data());
    StoreOwner owner = new StoreOwner(setting.chain().context().chainId(), keys.identity().id());
    Journal journal = Journal.open(setting.data(), owner);
    try {
      ValidatorNode node = new ValidatorNode(machinery, setting, keys, journal, certificate);
      node.onNotice(node.began);
      node.host.start();
      node.host.dialValidators(node::patience);
      return node;
    } catch (ConfigException | StoreException | RuntimeException failure) {
      journal.close();
      throw failure;
    }
  }

  private ValidatorNode(
      Machinery machinery,
      Setting setting,
      DiskValidatorKeys keys,
      Journal journal,
      TransportIdentity certificate)
      throws StoreException {
    this.setting = setting;
    this.keys = keys;
    this.journal = journal;
    this.archive = new StoreArchive(journal.store());
    this.clock = setting.clock().copy();
    this.log =
        new ValidatorLog(LogFile.of(setting.name()), setting.chain(), new ChainMetrics(metrics));
    Validator machine = replayed(setting, keys, archive, journal);
    this.began = machine.began();
    this.host =
        new Host(
            machinery,
            new Host.Setting(
                setting.name(),
                setting.chain(),
                keys.identity(),
                certificate,
                clock,
                this::greeting,
                this::sets,
                Optional.of(setting.listen()),
                List.of(),
                journal::commit,
                this::onNotice,
                this::onDialFailure,
                setting.onFatal(),
                metrics),
            new Synchronising(
                setting.chain(),
                keys.identity(),
                ValidatorSet.of(began.set()).orElseThrow(),
                machine));
  }

  private static Validator replayed(
      Setting setting, DiskValidatorKeys keys, Archive archive, Journal journal)
      throws StoreException {
    try {
      return new Validator(
          setting.chain(),
          keys,
          archive,
          journal.store().recover().records(),
          journal.memory() instanceof SigningGuard.Memory.Amnesia);
    } catch (DamagedRecords damaged) {
      throw StoreException.damaged(setting.data(), damaged);
    }
  }

  public NodeId id() {
    return keys.identity().id();
  }

  public Host host() {
    return host;
  }

  /** Committed history, for reading by any thread while the node runs. */
  public Archive archive() {
    return archive;
  }

  /** The node's numbers, as {@code GET /metrics} answers. */
  public String metricsText() {
    return metrics.text();
  }

  /** Stops the machine, the connections and the disk, in this order. */
  @Override
  public void close() {
    host.close();
    journal.close();
  }

  /** Of two validators the one with the lower id dials first. */
  private Duration patience(NodeId peer) {
    return id().compareTo(peer) < 0 ? Duration.ZERO : PATIENCE;
  }

  private Greeting greeting() {
    Standing known = standing;
    return known == null
        ? Greeting.newcomer(
            setting.chain().context(),
            keys.identity(),
            Role.ROLE_VALIDATOR,
            setting.chain().rules().devnet())
        : known.greeting(setting.chain(), keys.identity(), isSynchronised);
  }

  private List<ValidatorSet> sets() {
    Standing known = standing;
    return known == null ? List.of() : known.sets();
  }

  private void onDialFailure(Host.DialFailure failure) {
    log.dialFailed(failure);
  }

  private void onNotice(Notice notice) {
    log.tell(notice, clock.now());
    if (notice instanceof ValidatorNotice told) {
      follow(told);
    } else if (notice instanceof ClockNotice.Synchronised) {
      isSynchronised = true;
    }
  }

  private void follow(ValidatorNotice told) {
    switch (told) {
      case ValidatorNotice.Began began -> {
        standing = Standing.of(setting.chain(), archive, began);
        keys.keepFor(began.set());
      }
      case ValidatorNotice.BlockCommitted committed -> {
        standing = Standing.of(committed);
        if (committed.payout().isPresent()) {
          keys.keepFor(committed.set());
        }
      }
      case ValidatorNotice.VoteBegan vote -> {}
      case ValidatorNotice.BreachFound breach -> {}
      case ValidatorNotice.Synced synced -> {}
      case ValidatorNotice.PeerTip tip -> {}
      case ValidatorNotice.PartnersChanged changed -> {}
    }
    setting.listeners().forEach(listener -> listener.accept(told));
  }
}
