package org.undchain.sim;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Command;
import org.undchain.core.machine.Machine;
import org.undchain.core.machine.Notice;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Ack;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Reject;
import org.undchain.core.message.Role;
import org.undchain.core.message.Status;
import org.undchain.core.message.Transfer;
import org.undchain.core.rules.RunRules;
import org.undchain.core.time.Synchronising;
import org.undchain.core.validator.Validator;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.checker.AgreementChecker;
import org.undchain.sim.checker.OnceChecker;
import org.undchain.sim.checker.PayoutChecker;
import org.undchain.sim.checker.PromiseChecker;
import org.undchain.sim.checker.QuorumChecker;
import org.undchain.sim.checker.SigningChecker;

/**
 * A story on a whole chain of real machines: who plays, what the network is like, and every checker
 * watching from the first event on. Slots last 2 s; block time starts with slot 0.
 */
public final class Scenario {
  private static final Delay DISK = new Delay(500, 500, 1_000);

  private final Plan plan;
  private final World world;
  private final Simulation simulation;
  private final List<NodeId> validators = new ArrayList<>();
  private final List<NodeId> clients = new ArrayList<>();
  private final List<NodeId> partners = new ArrayList<>();
  private final Chronicle chronicle;
  private final PromiseChecker promises;
  private final PayoutChecker payouts;
  private final QuorumChecker quorums;

  /** What a scenario is made of; every part has a default. */
  public record Plan(
      long seed,
      LinkProfile network,
      long periodSlots,
      long stageMillis,
      List<Cast> cast,
      SortedMap<Integer, Traitor.Lie> traitors,
      List<Long> clocks) {
    public Plan {
      cast = List.copyOf(cast);
      clocks = List.copyOf(clocks);
      traitors = Collections.unmodifiableSortedMap(new TreeMap<>(traitors));
    }

    public Plan seed(long other) {
      return new Plan(other, network, periodSlots, stageMillis, cast, traitors, clocks);
    }

    public Plan network(LinkProfile other) {
      return new Plan(seed, other, periodSlots, stageMillis, cast, traitors, clocks);
    }

    public Plan period(long slots) {
      return new Plan(seed, network, slots, stageMillis, cast, traitors, clocks);
    }

    /** Length D of a reconciliation stage: longer than a message takes. */
    public Plan stage(long millis) {
      return new Plan(seed, network, periodSlots, millis, cast, traitors, clocks);
    }

    /** The validator at this place of the set lies. */
    public Plan traitor(int place, Traitor.Lie lie) {
      SortedMap<Integer, Traitor.Lie> more = new TreeMap<>(traitors);
      more.put(place, lie);
      return new Plan(seed, network, periodSlots, stageMillis, cast, more, clocks);
    }

    /**
     * Validators start with clocks this far ahead, in order of the set, and measure first (R3.1).
     */
    public Plan clocks(Long... offsetsMillis) {
      return new Plan(
          seed, network, periodSlots, stageMillis, cast, traitors, List.of(offsetsMillis));
    }

    /** Starts everybody at slot 0. */
    public Scenario begin() {
      return begin(Signatures.fake());
    }

    /** With signatures that others can check too. */
    public Scenario begin(Signatures signatures) {
      return new Scenario(this, signatures);
    }
  }

  public static Plan with(Cast... cast) {
    return new Plan(1, LinkProfile.LAN, 60, 100, List.of(cast), new TreeMap<>(), List.of());
  }

  private Scenario(Plan plan, Signatures signatures) {
    this.plan = plan;
    Cast.Validators seats =
        plan.cast().stream()
            .filter(Cast.Validators.class::isInstance)
            .map(Cast.Validators.class::cast)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("a chain needs validators"));
    List<NamedKeys> keys =
        IntStream.range(0, seats.count())
            .mapToObj(i -> new NamedKeys(signatures, "validator " + i, plan.periodSlots()))
            .sorted(Comparator.comparing(key -> key.identity().id()))
            .toList();
    this.world = world(signatures, plan, seats, keys);
    this.simulation = new Simulation(plan.seed(), world.setting(), World.T0);
    simulation.network().profile(plan.network());
    Chain chain = world.chain();
    this.chronicle = new Chronicle(chain);
    this.promises = new PromiseChecker(chain.context(), RunRules.faulty(seats.count()) + 1);
    this.payouts = new PayoutChecker(chain.context());
    this.quorums = new QuorumChecker(chain.context(), chain.signatures(), world.firstSet());
    simulation.observe(chronicle);
    Set<NodeId> traitors = new TreeSet<>();
    plan.traitors().keySet().forEach(place -> traitors.add(keys.get(place).identity().id()));
    simulation.observe(new Honest(promises, traitors));
    simulation.observe(payouts);
    simulation.observe(quorums);
    simulation.observe(new AgreementChecker(chain.context().chainId()));
    simulation.observe(new OnceChecker(chain.context()));
    simulation.observe(new Honest(new SigningChecker(), traitors));
    keys.forEach(this::addValidator);
    plan.cast().forEach(this::addOther);
    for (int place = 0; place < plan.clocks().size(); place++) {
      simulation.clock(validators.get(place), VirtualClock.TRUE.stepped(plan.clocks().get(place)));
    }
    simulation.nodes().forEach(simulation::start);
  }

  private static World world(
      Signatures signatures, Plan plan, Cast.Validators seats, List<NamedKeys> keys) {
    List<World.Holder> holders = new ArrayList<>();
    for (Cast member : plan.cast()) {
      switch (member) {
        case Cast.Client(String name, long grains) -> holders.add(new World.Holder(name, grains));
        case Cast.LiveClient(String name, long grains) ->
            holders.add(new World.Holder(name, grains));
        case Cast.Validators none -> {}
        case Cast.Partner none -> {}
        case Cast.LivePartner none -> {}
      }
    }
    return World.of(
        signatures, keys, seats.known(), holders, plan.periodSlots(), plan.stageMillis());
  }

  private void addValidator(NamedKeys keys) {
    Chain chain = world.chain();
    NodeId id = keys.identity().id();
    int place = validators.size();
    simulation.add(
        new NodeSpec(
            "validator " + validators.size(),
            Role.ROLE_VALIDATOR,
            keys.identity(),
            start ->
                faithfulOrNot(
                    place,
                    keys,
                    new Validator(
                        chain,
                        keys,
                        new DiskArchive(start.disk()),
                        start.recovered(),
                        start.hasLostDisk()))),
        DISK);
    validators.forEach(other -> simulation.network().join(id, other));
    validators.add(id);
  }

  private Machine faithfulOrNot(int place, NamedKeys keys, Validator validator) {
    Traitor.Lie lie = plan.traitors().get(place);
    Machine machine =
        plan.clocks().isEmpty()
            ? validator
            : new Synchronising(
                world.chain(),
                keys.identity(),
                ValidatorSet.of(validator.began().set()).orElseThrow(),
                validator);
    return lie == null ? machine : new Traitor(machine, world.chain(), keys, lie);
  }

  private void addOther(Cast member) {
    switch (member) {
      case Cast.Validators already -> {}
      case Cast.Client(String name, long grains) -> addCaller(name, Role.ROLE_CLIENT);
      case Cast.Partner(String name) -> addCaller(name, Role.ROLE_PARTNER);
      case Cast.LiveClient(String name, long grains) -> addClient(name);
      case Cast.LivePartner(String name, long units) -> addPartner(name, units);
    }
  }

  private void addClient(String name) {
    NodeSpec client = Agents.client(world, name);
    add(client);
    clients.add(client.id());
    partners.forEach(partner -> simulation.network().join(client.id(), partner));
  }

  private void addPartner(String name, long units) {
    NodeSpec partner = Agents.partner(world, name, units);
    add(partner);
    partners.add(partner.id());
    clients.forEach(client -> simulation.network().join(client, partner.id()));
  }

  private void add(NodeSpec spec) {
    simulation.add(spec, DISK);
    validators.forEach(validator -> simulation.network().join(spec.id(), validator));
  }

  private void addCaller(String name, Role role) {
    Signer signer = world.signer(name);
    add(
        new NodeSpec(
            name, role, signer, start -> new Caller(world.chain().context(), signer.id())));
  }

  public Simulation simulation() {
    return simulation;
  }

  public Chain chain() {
    return world.chain();
  }

  public Chronicle chronicle() {
    return chronicle;
  }

  public PromiseChecker promises() {
    return promises;
  }

  public PayoutChecker payouts() {
    return payouts;
  }

  /** Round in which each height was decided. */
  public Map<Long, Integer> rounds() {
    return quorums.rounds();
  }

  public List<NodeId> validators() {
    return List.copyOf(validators);
  }

  public NodeId validator(int place) {
    return validators.get(place);
  }

  public NodeId id(String name) {
    return world.signer(name).id();
  }

  // ------------------------------------------------------------------- time

  /** The moment this many milliseconds after the start of a slot. */
  public BlockTime at(long slot, long millis) {
    return chain().calendar().startOf(slot).plusMillis(millis);
  }

  /** Runs to this many milliseconds after the start of a slot. */
  public void until(long slot, long millis) {
    simulation.runUntil(at(slot, millis));
  }

  /** Runs until every running validator committed the block of this height, or fails. */
  public void untilHeight(long height, long patienceMillis) {
    simulation.runUntilOrFail(
        () ->
            validators.stream()
                .filter(simulation::isRunning)
                .allMatch(validator -> chronicle.height(validator) >= height),
        simulation.now().plusMillis(patienceMillis),
        "block " + height + " at all validators");
  }

  // ------------------------------------------------------------ live agents

  /** The user or edge of a live agent asks something of it. */
  public void ask(String name, Command command) {
    simulation.command(id(name), command);
  }

  /** What a live agent told its user or edge, over all its restarts. */
  public <N extends Notice> List<N> told(String name, Class<N> type) {
    return simulation.notices(id(name)).stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Runs until a live agent told something that fits, or fails. */
  public <N extends Notice> N await(
      String name, Class<N> type, Predicate<N> fits, long patienceMillis) {
    simulation.runUntilOrFail(
        () -> told(name, type).stream().anyMatch(fits),
        simulation.now().plusMillis(patienceMillis),
        type.getSimpleName() + " at " + name);
    return told(name, type).stream().filter(fits).findFirst().orElseThrow();
  }

  // ----------------------------------------------------------------- entries

  /** A transfer as {@code from} signs it now, good for the next slots. */
  public Envelope transfer(String from, String to, long grains, long nonce) {
    long slot = Math.max(0, chain().calendar().slotAt(simulation.now()));
    Transfer body =
        Transfer.newBuilder()
            .setNonce(nonce)
            .setValidFrom(slot)
            .setValidTo(slot + chain().rules().validitySlots() - 1)
            .setTo(id(to).toByteString())
            .setAmount(grains)
            .build();
    return seal(from, body);
  }

  /** An entry of any type as {@code from} signs it now. */
  public Envelope seal(String from, Message entry) {
    long slot = Math.max(0, chain().calendar().slotAt(simulation.now()));
    long period = chain().calendar().periodOf(slot);
    return Envelopes.sealEntry(chain().context(), world.signer(from), period, entry);
  }

  public Hash idOf(Envelope entry) {
    return Envelopes.id(chain().context(), entry);
  }

  /** {@code from} signs a message and sends it to one node. */
  public void tell(String from, NodeId to, Message message) {
    long period = chain().calendar().periodOf(chain().calendar().slotAt(simulation.now()));
    simulation.command(
        id(from),
        new Caller.Tell(
            to, Envelopes.sealMessage(chain().context(), signer(from), period, message)));
  }

  public Signer signer(String name) {
    return world.signer(name);
  }

  /** {@code from} hands an entry to validators. */
  public void submit(String from, Envelope entry, List<NodeId> to) {
    simulation.command(id(from), new Caller.Call(to, entry));
  }

  // ----------------------------------------------------------------- answers

  public List<Ack> acks(String name, Hash entryId) {
    return answers(name).stream()
        .filter(answer -> answer.body().hasAck())
        .map(answer -> answer.body().getAck())
        .filter(ack -> Hash.of(ack.getEntryId()).equals(entryId))
        .toList();
  }

  public List<Status> statuses(String name, Hash entryId) {
    return answers(name).stream()
        .filter(answer -> answer.body().hasStatus())
        .map(answer -> answer.body().getStatus())
        .filter(status -> Hash.of(status.getEntryId()).equals(entryId))
        .toList();
  }

  public List<Reject> rejects(String name) {
    return answers(name).stream()
        .filter(answer -> answer.body().hasReject())
        .map(answer -> answer.body().getReject())
        .toList();
  }

  /** Whatever came to a client or partner, in order. */
  public List<Caller.Answer> answers(String name) {
    return simulation.notices(id(name)).stream()
        .filter(Caller.Answer.class::isInstance)
        .map(Caller.Answer.class::cast)
        .toList();
  }

  /** What an account holds after the newest block. */
  public long balance(String name) {
    return chronicle.state().account(id(name)).map(account -> account.getBalance()).orElse(0L);
  }
}
