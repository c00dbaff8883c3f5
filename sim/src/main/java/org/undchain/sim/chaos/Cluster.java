package org.undchain.sim.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Role;
import org.undchain.core.time.Synchronising;
import org.undchain.core.validator.Validator;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Agents;
import org.undchain.sim.Caller;
import org.undchain.sim.Delay;
import org.undchain.sim.DiskArchive;
import org.undchain.sim.NamedKeys;
import org.undchain.sim.NodeSpec;
import org.undchain.sim.Signatures;
import org.undchain.sim.Simulation;
import org.undchain.sim.World;

/**
 * The chain of a run: real validators, lying ones among them, and clients that say what they are
 * told.
 */
public final class Cluster {
  private static final long GRAINS = 1_000_000_000_000L;
  private static final String TENANT = "tenant";
  private static final String PAUPER = "pauper";
  private static final List<String> PARTNERS = List.of("partner 0", "partner 1", "partner 2");
  private static final long ROOM = 1_000;

  private final FaultPlan plan;
  private final List<NamedKeys> keys;
  private final World world;
  private final Simulation simulation;
  private final List<NodeId> validators = new ArrayList<>();
  private final List<NodeId> clients = new ArrayList<>();
  private final List<NodeId> partners = new ArrayList<>();
  private final Set<NodeId> traitors = new TreeSet<>();
  private final Set<NodeId> twoTongued = new TreeSet<>();
  private final Map<NodeId, NodeId> owners = new HashMap<>(); // of consensus keys, once found
  private boolean isCalm;

  public Cluster(FaultPlan plan, Signatures signatures) {
    this.plan = plan;
    Swarm swarm = plan.swarm();
    this.keys =
        IntStream.range(0, swarm.n())
            .mapToObj(i -> new NamedKeys(signatures, "validator " + i, swarm.periodSlots()))
            .sorted(Comparator.comparing(key -> key.identity().id()))
            .toList();
    List<World.Holder> holders = new ArrayList<>();
    for (int i = 0; i < swarm.clients(); i++) {
      holders.add(new World.Holder("client " + i, GRAINS));
    }
    holders.add(new World.Holder(TENANT, GRAINS));
    holders.add(new World.Holder(PAUPER, 1));
    this.world =
        World.of(
            signatures,
            keys,
            swarm.known(),
            holders,
            swarm
                .times()
                .or("period_slots", swarm.periodSlots())
                .or("stage_ms", swarm.distance().stageMillis()));
    this.simulation = new Simulation(plan.seed(), world.setting(), World.T0, false);
    simulation.network().profile(swarm.distance().profile());
    keys.forEach(this::addValidator);
    IntStream.range(0, swarm.clients()).forEach(i -> addClient("client " + i));
    if (swarm.hasJobs()) {
      addTenant();
      PARTNERS.forEach(this::addPartner);
    }
    plan.traitors().forEach(place -> traitors.add(validators.get(place)));
    plan.twoTongued().forEach(place -> twoTongued.add(validators.get(place)));
  }

  /** Starts everybody; observers must be there before. */
  void start() {
    simulation.nodes().forEach(simulation::start);
  }

  private void addValidator(NamedKeys keys) {
    int place = validators.size();
    NodeId id = keys.identity().id();
    Chain chain = world.chain();
    NodeSpec.Boot honest =
        start -> {
          Validator validator =
              new Validator(
                  chain,
                  keys,
                  new DiskArchive(start.disk()),
                  start.recovered(),
                  start.hasLostDisk());
          simulation.told(id, validator.began());
          return plan.swarm().measuresTime()
              ? new Synchronising(
                  chain,
                  keys.identity(),
                  ValidatorSet.of(validator.began().set()).orElseThrow(),
                  validator)
              : validator;
        };
    NodeSpec.Boot boot =
        plan.faults().stream()
            .filter(
                fault -> fault.kind().group() == FaultKind.Group.TRAITOR && fault.victim() == place)
            .findFirst()
            .map(fault -> new Liar(fault, this, keys).boot(honest))
            .orElse(honest);
    simulation.add(
        new NodeSpec("validator " + place, Role.ROLE_VALIDATOR, keys.identity(), boot), disk());
    validators.forEach(other -> simulation.network().join(id, other));
    validators.add(id);
  }

  private void addClient(String name) {
    Signer signer = world.signer(name);
    simulation.add(
        new NodeSpec(
            name,
            Role.ROLE_CLIENT,
            signer,
            start -> new Caller(world.chain().context(), signer.id())),
        disk());
    validators.forEach(validator -> simulation.network().join(signer.id(), validator));
    clients.add(signer.id());
  }

  /** A client with a real agent: rents from the partners. */
  private void addTenant() {
    add(Agents.client(world, TENANT));
  }

  private void addPartner(String name) {
    NodeSpec partner = Agents.partner(world, name, ROOM);
    add(partner);
    simulation.network().join(tenant().id(), partner.id());
    partners.add(partner.id());
  }

  private void add(NodeSpec spec) {
    simulation.add(spec, disk());
    validators.forEach(validator -> simulation.network().join(spec.id(), validator));
  }

  /** Somebody who cannot pay a fee. */
  Signer pauper() {
    return world.signer(PAUPER);
  }

  Signer tenant() {
    return world.signer(TENANT);
  }

  /** Partners with a real agent, if there are jobs. */
  List<NodeId> partners() {
    return partners;
  }

  /** How long a disk takes while nothing is wrong with it. */
  Delay disk() {
    long micros = plan.swarm().diskMicros();
    return new Delay(micros, micros, micros);
  }

  World world() {
    return world;
  }

  FaultPlan plan() {
    return plan;
  }

  public Simulation simulation() {
    return simulation;
  }

  Chain chain() {
    return world.chain();
  }

  Signer client(int number) {
    return world.signer("client " + number);
  }

  /** In the order of the set. */
  List<NodeId> validators() {
    return validators;
  }

  NodeId validator(int place) {
    return validators.get(place);
  }

  List<NodeId> clients() {
    return clients;
  }

  /** Validators that lie or lose their disk. */
  Set<NodeId> traitors() {
    return traitors;
  }

  /** Whether a consensus or identity key belongs to one of them. */
  boolean isKeyOfTraitor(NodeId key) {
    return isKeyOf(traitors, key);
  }

  /** Validators that may sign two things for one place. */
  Set<NodeId> twoTongued() {
    return twoTongued;
  }

  /** Whether a consensus or identity key belongs to one of them. */
  boolean isKeyOfTwoTongued(NodeId key) {
    return isKeyOf(twoTongued, key);
  }

  private boolean isKeyOf(Set<NodeId> owners, NodeId key) {
    return owners.contains(key) || ownerOf(key).filter(owners::contains).isPresent();
  }

  /** Whether a consensus key belongs to this validator. */
  boolean isKeyOf(NodeId validator, NodeId key) {
    return ownerOf(key).filter(validator::equals).isPresent();
  }

  /** The validator of a consensus key. */
  Optional<NodeId> ownerOf(NodeId key) {
    NodeId known = owners.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<NodeId> owner =
        keys.stream()
            .filter(it -> it.consensus(key).isPresent())
            .map(it -> it.identity().id())
            .findFirst();
    owner.ifPresent(id -> owners.put(key, id));
    return owner;
  }

  List<NodeId> honest() {
    return validators.stream().filter(id -> !traitors.contains(id)).toList();
  }

  /** Whether the chaos is over: nobody lies any more. */
  boolean isCalm() {
    return isCalm;
  }

  /** Until the chaos ends. */
  long leftMillis() {
    return Math.max(0, World.T0.plusMillis(plan.swarm().chaosMillis()).minus(simulation.now()));
  }

  void calm() {
    isCalm = true;
  }
}
