package org.undchain.node.devnet;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.KeyRatchet;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.membership.BeatChain;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Genesis;
import org.undchain.core.message.GenesisAccount;
import org.undchain.core.message.GenesisValidator;
import org.undchain.core.message.ValidatorClass;
import org.undchain.core.rules.Calendar;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Grains;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.config.NodeFile;
import org.undchain.node.config.RulesFile;
import org.undchain.node.devnet.DevnetNode.Standing;
import org.undchain.node.runtime.Addresses;

/**
 * Everything a devnet consists of. It follows from its shape, the ports of its nodes and the block
 * time of its first slot: made again from the same three it is the same to the last byte.
 */
public final class DevnetPlan {
  static final String HOST = "127.0.0.1";

  private static final List<String> ACCOUNTS = List.of("alice", "bob", "carol");
  private static final String OWNER = "owner";
  private static final long ACCOUNT_GRAINS = 1000 * Grains.PER_UND;
  private static final long BOND_GRAINS = 100 * Grains.PER_UND;
  private static final long QUOTA_BYTES = 8L << 30;

  /** Price of the first partner for 1 MiB; the others ask a little more, so that bids differ. */
  private static final long UNIT_PRICE_GRAINS = 100_000;

  private static final long PRICE_STEP_GRAINS = 1000;

  private final DevnetShape shape;
  private final BlockTime t0;
  private final TestKeys keys;
  private final List<DevnetNode> nodes;

  /**
   * A key somebody acts with.
   *
   * @param balanceGrains what the genesis gives it
   */
  public record Account(String name, NodeId id, Bytes secret, long balanceGrains) {}

  private DevnetPlan(DevnetShape shape, BlockTime t0, TestKeys keys, List<DevnetNode> nodes) {
    this.shape = shape;
    this.t0 = t0;
    this.keys = keys;
    this.nodes = List.copyOf(nodes);
  }

  /**
   * @param shape a checked one
   * @param ports one for each node, validators first
   */
  public static DevnetPlan of(DevnetShape shape, List<Integer> ports, BlockTime t0) {
    TestKeys keys = new TestKeys(shape.seed());
    List<DevnetNode> nodes = new ArrayList<>();
    for (int i = 0; i < ports.size(); i++) {
      Standing standing = standing(shape, i);
      int count = shape.validators() + shape.passives();
      String name = standing == Standing.PARTNER ? "p" + (i - count + 1) : "v" + (i + 1);
      NodeId id = signer(keys.identity(name)).id();
      nodes.add(new DevnetNode(name, standing, id, ports.get(i)));
    }
    return new DevnetPlan(shape, t0, keys, nodes);
  }

  private static Standing standing(DevnetShape shape, int index) {
    if (index < shape.known()) {
      return Standing.KNOWN;
    }
    if (index < shape.validators()) {
      return Standing.UNKNOWN;
    }
    return index < shape.validators() + shape.passives() ? Standing.PASSIVE : Standing.PARTNER;
  }

  public static int nodeCount(DevnetShape shape) {
    return shape.validators() + shape.passives() + shape.partners();
  }

  public DevnetShape shape() {
    return shape;
  }

  public BlockTime t0() {
    return t0;
  }

  /** Validators, the known first, then passives, then partners. */
  public List<DevnetNode> nodes() {
    return nodes;
  }

  public Optional<DevnetNode> node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  /** Those whose keys lie ready for whoever tries the network. */
  public List<Account> accounts() {
    return ACCOUNTS.stream().map(name -> account(name, ACCOUNT_GRAINS)).toList();
  }

  /** Who signed genesis and rules. */
  public Account owner() {
    return account(OWNER, 0);
  }

  private Account account(String name, long grains) {
    Bytes secret = keys.identity(name);
    return new Account(name, signer(secret).id(), secret, grains);
  }

  Bytes identitySecret(DevnetNode node) {
    return keys.identity(node.name());
  }

  KeyRatchet ratchet(DevnetNode node) {
    return new KeyRatchet(0, keys.ratchet(node.name()));
  }

  /** The rules file. */
  public String rulesText() {
    List<NodeId> known =
        nodes.stream()
            .filter(node -> node.standing() == Standing.KNOWN)
            .map(DevnetNode::id)
            .toList();
    return RulesFile.text(
        true,
        owner().id(),
        known,
        Map.of(
            "time.slot_ms",
            shape.slotMillis(),
            "time.period_slots",
            shape.periodSlots(),
            "validators.active",
            (long) shape.validators(),
            "files.max_entries",
            (long) shape.fileEntries()));
  }

  public Hash rulesHash() {
    return Hashes.sha256(Bytes.wrap(rulesText().getBytes(StandardCharsets.UTF_8)));
  }

  public Genesis genesis() {
    Genesis.Builder genesis =
        Genesis.newBuilder()
            .setVersion(1)
            .setHashAlg(1)
            .setNetworkName("devnet")
            .setChainName("dev-" + shape.seed())
            .setOwnerKey(owner().id().toByteString())
            .setRulesHash(rulesHash().toByteString())
            .setT0Millis(t0.millis());
    accounts().stream()
        .sorted(Comparator.comparing(Account::id))
        .forEach(account ->
            genesis.addAccounts(
                GenesisAccount.newBuilder()
                    .setId(account.id().toByteString())
                    .setBalance(account.balanceGrains())));
    nodes.stream()
        .filter(node -> !node.isPartner())
        .sorted(Comparator.comparing(DevnetNode::id))
        .forEach(node -> genesis.addValidators(inGenesis(node)));
    return genesis.build();
  }

  /** The genesis as its owner signed it: the content of the genesis file. */
  public Envelope sealedGenesis() {
    return GenesisBlock.seal(signer(owner().secret()), genesis());
  }

  private GenesisValidator inGenesis(DevnetNode node) {
    KeyRatchet ratchet = ratchet(node);
    long beats = new Calendar(t0, shape.slotMillis(), shape.periodSlots()).beatsPerPeriod();
    return GenesisValidator.newBuilder()
        .setId(node.id().toByteString())
        .setConsensusKey(signer(ratchet.consensusSeed()).id().toByteString())
        .setBeatTip(new BeatChain(ratchet.beatSeed(), beats).tip().toByteString())
        .setValidatorClass(
            node.standing() == Standing.KNOWN
                ? ValidatorClass.VALIDATOR_CLASS_KNOWN
                : ValidatorClass.VALIDATOR_CLASS_UNKNOWN)
        .setActive(node.isActive())
        .setBond(BOND_GRAINS)
        .addRoutes(Addresses.route(node.address()))
        .build();
  }

  /** The configuration of a node whose folder lies in this data folder. */
  NodeFile nodeFile(DevnetFolder folder, DevnetNode node) {
    Path data = folder.nodeFolder(node.name());
    InetSocketAddress address = InetSocketAddress.createUnresolved(HOST, node.port());
    Map<NodeId, String> names = new TreeMap<>();
    nodes.forEach(other -> names.put(other.id(), other.name()));
    accounts().forEach(account -> names.put(account.id(), account.name()));
    return new NodeFile(
        node.isPartner() ? NodeFile.Role.PARTNER : NodeFile.Role.VALIDATOR,
        node.name(),
        data,
        folder.genesisFile(),
        folder.rulesFile(),
        Optional.of(folder.clockFile()),
        NodeFile.LogLevel.INFO,
        address,
        address,
        folder.apiSocket(node.name()),
        new NodeFile.Offering(QUOTA_BYTES, unitPrice(node)),
        names);
  }

  private static long unitPrice(DevnetNode node) {
    return node.isPartner()
        ? UNIT_PRICE_GRAINS + PRICE_STEP_GRAINS * (Long.parseLong(node.name().substring(1)) - 1)
        : 0;
  }

  private static Signer signer(Bytes seed) {
    return Ed25519.signer(seed, Optional.empty());
  }
}
