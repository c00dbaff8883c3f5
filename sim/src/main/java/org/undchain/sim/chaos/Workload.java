package org.undchain.sim.chaos;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Transfer;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Caller;
import org.undchain.sim.Chance;
import org.undchain.sim.Chronicle;
import org.undchain.sim.Simulation;

/** Clients that move money: honestly at random times, and wrongly when a fault says so. */
final class Workload {
  private static final int MINUTE_MILLIS = 60_000;
  private static final int WINDOW = 48;
  private static final long NONE = -1;
  private static final int REPEATS = 20;
  private static final long SMALL = 5_000;

  private final Cluster cluster;
  private final Chronicle chronicle;
  private final Simulation simulation;
  private final Chance chance;
  private final List<SortedMap<Long, Long>> inFlight = new ArrayList<>();
  private final Map<Hash, Long> validTo = new TreeMap<>();
  private final Consumer<Hash> excuse;
  private boolean isOver;

  /**
   * @param excuse takes entries that a client spoils by another one under the same nonce
   */
  Workload(Cluster cluster, Chronicle chronicle, Consumer<Hash> excuse) {
    this.excuse = excuse;
    this.cluster = cluster;
    this.chronicle = chronicle;
    this.simulation = cluster.simulation();
    this.chance = Chance.of(cluster.plan().seed(), "workload");
    cluster.clients().forEach(client -> inFlight.add(new TreeMap<>()));
  }

  void begin() {
    int perMinute = cluster.plan().swarm().entriesPerMinute();
    if (perMinute > 0) {
      tick(MINUTE_MILLIS / perMinute);
    }
  }

  void end() {
    isOver = true;
  }

  /** Last slot in which each honest entry may be committed. */
  Map<Hash, Long> validTo() {
    return validTo;
  }

  /** An entry that one validator alone gets. */
  void alone(NodeId validator) {
    transfer((int) chance.below(cluster.clients().size()), List.of(validator));
  }

  private void tick(long meanMillis) {
    simulation.at(
        simulation.now().plusMillis(1 + chance.exponential(meanMillis)),
        () -> {
          if (!isOver) {
            transfer((int) chance.below(cluster.clients().size()), contacts(2));
            tick(meanMillis);
          }
        });
  }

  void inflict(Fault fault) {
    int client = fault.victim() % cluster.clients().size();
    switch (fault.kind()) {
      case DOUBLE_NONCE -> doubleNonce(client);
      case ONE_VALIDATOR -> transfer(client, contacts(1));
      case AT_CUTOFF -> atCutoff(client, fault);
      case LAST_MOMENT -> lastMoment(client);
      case REPEATED -> repeat(client, fault);
      case OVERDRAFT -> send(client, Long.MAX_VALUE / 4, slot(), slot() + 8, contacts(3));
      case PAUPER ->
          submit(
              client, entry(cluster.pauper(), client, SMALL, 1, slot(), slot() + 8), contacts(3));
      case SPENT_TWICE -> spendTwice(client);
      case NONCE_AGAIN -> nonceAgain(client);
      case FORGED -> {
        Envelope entry = entry(client, SMALL, 1, slot(), slot() + 8);
        submit(
            client,
            entry.toBuilder().setSig(ByteString.copyFrom(new byte[64])).build(),
            contacts(3));
      }
      case FUTURE ->
          submit(client, entry(client, SMALL, nonce(client), slot() + 3, slot() + 12), contacts(3));
      case BURST -> {
        List<NodeId> one = contacts(1); // so that it can be too much for it
        for (int i = 0; i < fault.amount() / 10; i++) {
          transfer(client, one);
        }
      }
      default -> throw new IllegalArgumentException("no fault of a client: " + fault.kind());
    }
  }

  private void repeat(int client, Fault fault) {
    transfer(client, contacts(1))
        .ifPresent(entry -> {
          for (int i = 1; i <= REPEATS; i++) {
            simulation.at(
                simulation.now().plusMillis(i * fault.amount()),
                () -> submit(client, entry, cluster.validators()));
          }
        });
  }

  private void doubleNonce(int client) {
    long nonce = nonce(client);
    if (nonce == NONE) {
      return;
    }
    inFlight.get(client).put(nonce, slot() + 8);
    for (int i = 0; i < 2; i++) {
      Envelope entry = entry(client, SMALL + i, nonce, slot(), slot() + 8);
      excuse.accept(Envelopes.id(cluster.chain().context(), entry));
      submit(client, entry, contacts(1));
    }
  }

  /** A first nonce that is still free would make another entry with it a broken promise. */
  private void nonceAgain(int client) {
    if (account(client).filter(account -> account.getNonceFloor() > 0).isPresent()) {
      submit(client, entry(client, SMALL, 1, slot(), slot() + 8), contacts(3));
    }
  }

  /** The account as the newest block leaves it. */
  private Optional<AccountLeaf> account(int client) {
    return chronicle.slot() < 0
        ? Optional.empty()
        : chronicle.state().account(cluster.clients().get(client));
  }

  /** Two transfers of two thirds of the account each, at two validators in one slot. */
  private void spendTwice(int client) {
    long balance = account(client).map(AccountLeaf::getBalance).orElse(0L);
    for (int i = 0; i < 2 && balance > SMALL; i++) {
      send(client, balance / 3 * 2, slot(), slot() + 8, contacts(1));
    }
  }

  private void atCutoff(int client, Fault fault) {
    long before = fault.amount() % 40 - 20;
    var cutoff = cluster.chain().calendar().cutoffOf(slot() + 1).plusMillis(before);
    simulation.at(cutoff, () -> transfer(client, contacts(1)));
  }

  /** Good for the slot that is open now and no other. */
  private void lastMoment(int client) {
    send(client, SMALL, slot(), slot(), contacts(2));
  }

  private Optional<Envelope> transfer(int client, List<NodeId> to) {
    return send(client, SMALL, slot(), slot() + chance.between(4, 12), to);
  }

  /** Sends an entry under a free nonce; empty if the client has too many on their way. */
  private Optional<Envelope> send(
      int client, long grains, long from, long to, List<NodeId> contacts) {
    long nonce = nonce(client);
    if (nonce == NONE) {
      return Optional.empty();
    }
    Envelope entry = entry(client, grains, nonce, from, to);
    inFlight.get(client).put(nonce, to);
    validTo.put(Envelopes.id(cluster.chain().context(), entry), to);
    submit(client, entry, contacts);
    return Optional.of(entry);
  }

  private void submit(int client, Envelope entry, List<NodeId> contacts) {
    simulation.command(cluster.clients().get(client), new Caller.Call(contacts, entry));
  }

  /** The lowest nonce above the floor that no entry on its way has, or {@link #NONE}. */
  private long nonce(int client) {
    SortedMap<Long, Long> busy = inFlight.get(client);
    long newest = chronicle.slot();
    busy.values().removeIf(last -> last < newest);
    Optional<AccountLeaf> account = account(client);
    long floor = account.map(AccountLeaf::getNonceFloor).orElse(0L);
    long bits = account.map(AccountLeaf::getNonceBits).orElse(0L);
    for (int i = 0; i < WINDOW; i++) {
      if ((bits >>> i & 1) == 0 && !busy.containsKey(floor + 1 + i)) {
        return floor + 1 + i;
      }
    }
    return NONE;
  }

  private Envelope entry(int client, long grains, long nonce, long from, long to) {
    return entry(cluster.client(client), client, grains, nonce, from, to);
  }

  private Envelope entry(Signer signer, int client, long grains, long nonce, long from, long to) {
    Chain chain = cluster.chain();
    int payee = (client + 1) % cluster.clients().size();
    Transfer body =
        Transfer.newBuilder()
            .setNonce(nonce)
            .setValidFrom(from)
            .setValidTo(to)
            .setTo(cluster.clients().get(payee).toByteString())
            .setAmount(grains)
            .build();
    long period = chain.calendar().periodOf(from);
    return Envelopes.sealEntry(chain.context(), signer, period, body);
  }

  private long slot() {
    return Math.max(0, cluster.chain().calendar().slotAt(simulation.now()));
  }

  private List<NodeId> contacts(int most) {
    int count = (int) chance.between(1, Math.min(most, cluster.validators().size()));
    return chance.sample(cluster.validators(), count);
  }
}
