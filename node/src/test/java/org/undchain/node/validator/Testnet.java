package org.undchain.node.validator;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.membership.BeatChain;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Genesis;
import org.undchain.core.message.GenesisAccount;
import org.undchain.core.message.GenesisValidator;
import org.undchain.core.message.Route;
import org.undchain.core.message.Transfer;
import org.undchain.core.message.ValidatorClass;
import org.undchain.core.rules.Calendar;
import org.undchain.core.rules.RunRules;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;
import org.undchain.node.config.ChainFiles;
import org.undchain.node.config.RulesFile;
import org.undchain.node.devnet.FreePorts;
import org.undchain.node.runtime.BlockClock;
import org.undchain.node.runtime.Machinery;

/** Validators of one chain on loopback sockets and real disks, in this process. */
public final class Testnet implements AutoCloseable {
  static final long SLOT_MILLIS = 1000;
  static final long GRAINS = 100_000_000_000L;
  private static final long WAIT_MILLIS = 90_000;

  private final Path folder;
  private final Machinery machinery = Machinery.start();
  private final Chain chain;
  private final BlockClock clock = BlockClock.wall(0);
  private final List<Member> members = new ArrayList<>();
  private final Map<NodeId, ValidatorNode> running = new ConcurrentHashMap<>();
  private final Map<NodeId, List<ValidatorNotice.BlockCommitted>> blocks = new TreeMap<>();
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** A validator that may be running or not. */
  record Member(NodeId id, Path data, int port) {}

  public Testnet(Path folder, int validators, Map<String, Long> rules) throws Exception {
    this.folder = folder;
    List<Integer> ports = FreePorts.choose(validators);
    for (int i = 0; i < validators; i++) {
      Path data = folder.resolve("validator-" + i);
      DiskValidatorKeys.create(ValidatorNode.keysOf(data));
      members.add(new Member(keys(data, 1).identity().id(), data, ports.get(i)));
    }
    members.sort(Comparator.comparing(Member::id));
    TreeMap<String, Long> values = new TreeMap<>(rules);
    values.putIfAbsent("validators.active", (long) validators);
    values.putIfAbsent("time.slot_ms", SLOT_MILLIS);
    this.chain = writeChain(values);
    for (Member member : members) {
      ValidatorNode.initialise(member.data(), chain, member.id());
      blocks.put(member.id(), new CopyOnWriteArrayList<>());
    }
  }

  private Chain writeChain(Map<String, Long> values) throws Exception {
    Bytes rulesText =
        Bytes.wrap(
            RulesFile.text(true, signer("owner").id(), List.of(members.getFirst().id()), values)
                .getBytes(StandardCharsets.UTF_8));
    RunRules rules = ((RulesFile.Reading.Good) RulesFile.read(rulesText)).rules();
    BlockTime start = clock.now().plusMillis(SLOT_MILLIS);
    long beats = Calendar.of(rules, start).beatsPerPeriod();
    Genesis.Builder genesis =
        Genesis.newBuilder()
            .setVersion(1)
            .setHashAlg(1)
            .setNetworkName("testnet")
            .setChainName("test")
            .setOwnerKey(signer("owner").id().toByteString())
            .setRulesHash(rules.rulesHash().toByteString())
            .setT0Millis(start.millis());
    List.of("ann", "bob").stream()
        .map(name -> signer(name).id())
        .sorted()
        .forEach(id ->
            genesis.addAccounts(
                GenesisAccount.newBuilder().setId(id.toByteString()).setBalance(GRAINS)));
    for (Member member : members) {
      DiskValidatorKeys keys = keys(member.data(), beats);
      BeatChain first = keys.beatChainOf(0);
      genesis.addValidators(
          GenesisValidator.newBuilder()
              .setId(member.id().toByteString())
              .setConsensusKey(keys.consensusKeyOf(0).toByteString())
              .setBeatTip(first.tip().toByteString())
              .setActive(true)
              .setValidatorClass(
                  member == members.getFirst()
                      ? ValidatorClass.VALIDATOR_CLASS_KNOWN
                      : ValidatorClass.VALIDATOR_CLASS_UNKNOWN)
              .setBond(GRAINS)
              .addRoutes(
                  Route.newBuilder().setMedium("ip").setAddress("127.0.0.1:" + member.port())));
    }
    ChainFiles.write(folder, GenesisBlock.seal(signer("owner"), genesis.build()), rulesText);
    return ChainFiles.load(folder, machinery.signatures());
  }

  private DiskValidatorKeys keys(Path data, long beats) throws Exception {
    return DiskValidatorKeys.load(ValidatorNode.keysOf(data), machinery::signer, beats);
  }

  public Testnet startAll() throws Exception {
    for (Member member : members) {
      start(member.id());
    }
    return this;
  }

  ValidatorNode start(NodeId id) throws Exception {
    return start(id, 0);
  }

  /**
   * @param offMillis how far its clock is ahead of the others'
   */
  ValidatorNode start(NodeId id, long offMillis) throws Exception {
    Member member = member(id);
    ValidatorNode node =
        ValidatorNode.start(
            machinery,
            new ValidatorNode.Setting(
                "v" + members.indexOf(member),
                member.data(),
                chain,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), member.port()),
                BlockClock.from(clock.now().plusMillis(offMillis)),
                List.of(notice -> onNotice(id, notice)),
                failure -> {
                  fatal.add(failure);
                  signal();
                }));
    running.put(id, node);
    return node;
  }

  void stop(NodeId id) {
    Optional.ofNullable(running.remove(id)).orElseThrow().close();
  }

  private void onNotice(NodeId id, ValidatorNotice notice) {
    if (notice instanceof ValidatorNotice.BlockCommitted committed) {
      Optional.ofNullable(blocks.get(id)).orElseThrow().add(committed);
    }
    signal();
  }

  private void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something that the nodes tell makes the condition true. */
  void await(String what, BooleanSupplier condition) throws Exception {
    long deadline = System.nanoTime() + WAIT_MILLIS * 1_000_000L;
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        if (!fatal.isEmpty()) {
          throw new AssertionError("a node stopped itself", fatal.getFirst());
        }
        if (System.nanoTime() > deadline) {
          throw new TimeoutException("waited in vain for " + what + ": " + standings());
        }
        changed.awaitNanos(20_000_000L); // connections tell nobody when they change
      }
    } finally {
      lock.unlock();
    }
  }

  public void awaitHeight(long height) throws Exception {
    await("block " + height, () -> running.keySet().stream().allMatch(id -> height(id) >= height));
  }

  /** Waits until every running validator has committed the newest closed slot. */
  void awaitCurrent() throws Exception {
    await(
        "the newest slot",
        () -> {
          long closed = Math.max(0, chain.calendar().slotAt(clock.now()) - 1);
          return running.keySet().stream().allMatch(id -> slot(id) >= closed);
        });
  }

  /** Waits until every running validator has committed a PAYOUT. */
  void awaitPayout() throws Exception {
    await(
        "a PAYOUT",
        () ->
            running.keySet().stream()
                .allMatch(id -> blocks(id).stream().anyMatch(block -> block.payout().isPresent())));
  }

  private String standings() {
    StringBuilder text = new StringBuilder("slot ").append(chain.calendar().slotAt(clock.now()));
    running.forEach((id, node) ->
        text.append(", ")
            .append(id)
            .append(" height ")
            .append(height(id))
            .append(" slot ")
            .append(slot(id))
            .append(" peers ")
            .append(node.host().peers().size()));
    return text.toString();
  }

  private long slot(NodeId id) {
    List<ValidatorNotice.BlockCommitted> seen = blocks(id);
    return seen.isEmpty() ? -1 : seen.getLast().block().header().getSlot();
  }

  long height(NodeId id) {
    List<ValidatorNotice.BlockCommitted> seen = blocks(id);
    return seen.isEmpty() ? 0 : seen.getLast().block().header().getHeight();
  }

  List<ValidatorNotice.BlockCommitted> blocks(NodeId id) {
    return Optional.ofNullable(blocks.get(id)).orElseThrow();
  }

  List<NodeId> ids() {
    return members.stream().map(Member::id).toList();
  }

  Member member(NodeId id) {
    return members.stream().filter(member -> member.id().equals(id)).findFirst().orElseThrow();
  }

  ValidatorNode node(NodeId id) {
    return Optional.ofNullable(running.get(id)).orElseThrow();
  }

  List<Throwable> fatal() {
    return fatal;
  }

  public Machinery machinery() {
    return machinery;
  }

  public Chain chain() {
    return chain;
  }

  public BlockClock clock() {
    return clock;
  }

  public Signer signer(String name) {
    return machinery.signer(Hashes.sha256(name.getBytes(StandardCharsets.UTF_8)).bytes());
  }

  /** A transfer as {@code from} signs it now. */
  Envelope transfer(String from, String to, long grains, long nonce) {
    long slot = Math.max(0, chain.calendar().slotAt(clock.now()));
    Transfer body =
        Transfer.newBuilder()
            .setNonce(nonce)
            .setValidFrom(slot)
            .setValidTo(slot + chain.rules().validitySlots() - 1)
            .setTo(signer(to).id().toByteString())
            .setAmount(grains)
            .build();
    return Envelopes.sealEntry(
        chain.context(), signer(from), chain.calendar().periodOf(slot), body);
  }

  @Override
  public void close() {
    running.values().forEach(ValidatorNode::close);
    machinery.close();
  }
}
