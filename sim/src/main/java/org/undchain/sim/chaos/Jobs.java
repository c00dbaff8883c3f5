package org.undchain.sim.chaos;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.machine.Command;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Request;
import org.undchain.core.message.UtilityClass;
import org.undchain.core.partner.PartnerCommand;
import org.undchain.core.session.SeatTerms;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Agents;
import org.undchain.sim.Chance;
import org.undchain.sim.Observer;
import org.undchain.sim.Simulation;

/**
 * A tenant that rents from partners, all with their real agents: asks, takes offers, pays for work
 * as it is done, closes.
 */
final class Jobs implements Observer {
  private static final long EVERY_MILLIS = 25_000;
  private static final long WORK_MILLIS = 1_500;
  private static final int PIECES = 5;
  private static final long PRICE = Agents.PARTNER.unitPrice();
  private static final long UNITS_MAX = 100;

  private final Cluster cluster;
  private final NodeFaults nodes;
  private final Simulation simulation;
  private final Chance chance;
  private final Map<Hash, Integer> openSeats = new TreeMap<>();
  private final Map<Hash, Set<NodeId>> taken = new TreeMap<>();
  private final Map<Hash, NodeId> running = new TreeMap<>();
  private long nonce;
  private boolean isTenantGone;

  Jobs(Cluster cluster, NodeFaults nodes) {
    this.cluster = cluster;
    this.nodes = nodes;
    this.simulation = cluster.simulation();
    this.chance = Chance.of(cluster.plan().seed(), "jobs of the tenant");
  }

  void begin() {
    if (!cluster.partners().isEmpty()) {
      later(EVERY_MILLIS / 2, this::ask);
    }
  }

  void inflict(Fault fault) {
    if (cluster.partners().isEmpty()) {
      return;
    }
    NodeId partner = cluster.partners().get(fault.victim() % cluster.partners().size());
    NodeId tenant = cluster.tenant().id();
    switch (fault.kind()) {
      case CLIENT_CRASH -> nodes.crash(tenant, fault.forMillis());
      case PARTNER_CRASH -> nodes.crash(partner, fault.forMillis());
      case CLIENT_VANISHES -> isTenantGone = true;
      case PARTNER_VANISHES -> nodes.crash(partner, cluster.leftMillis());
      case SEAT_LEFT ->
          running.keySet().stream()
              .findFirst()
              .ifPresent(seat -> tell(tenant, new ClientCommand.LeaveSeat(seat)));
      default -> throw new IllegalArgumentException("no fault of a party: " + fault.kind());
    }
  }

  private void ask() {
    if (cluster.isCalm() || isTenantGone) {
      return;
    }
    long slot = Math.max(0, cluster.chain().calendar().slotAt(simulation.now()));
    int seats = (int) chance.between(1, cluster.partners().size());
    Request request =
        Request.newBuilder()
            .setNonce(++nonce)
            .setValidFrom(slot)
            .setValidTo(slot + 8)
            .setUtility(UtilityClass.UTILITY_CLASS_STORAGE)
            .setSeats(seats)
            .setMaxPerPartner(UNITS_MAX * PRICE)
            .setStartBy(slot + 20)
            .build();
    long period = cluster.chain().calendar().periodOf(slot);
    var entry = Envelopes.sealEntry(cluster.chain().context(), cluster.tenant(), period, request);
    Hash id = Envelopes.id(cluster.chain().context(), entry);
    openSeats.put(id, seats);
    taken.put(id, new TreeSet<>());
    tell(cluster.tenant().id(), new ClientCommand.SubmitEntry(entry, true));
    later(EVERY_MILLIS, this::ask);
  }

  @Override
  public void onNotice(NodeId node, BlockTime now, Notice notice) {
    switch (notice) {
      case ClientNotice.Offered offer -> later(0, () -> take(offer));
      case ClientNotice.SeatStarted seat -> {
        if (running.putIfAbsent(seat.contractId(), seat.partner()) == null) {
          later(WORK_MILLIS, () -> work(seat.contractId(), seat.partner(), 1));
        }
      }
      case ClientNotice.SeatCompleted seat -> running.remove(seat.contractId());
      default -> {}
    }
  }

  private void take(ClientNotice.Offered offer) {
    int open = openSeats.getOrDefault(offer.jobId(), 0);
    Set<NodeId> hired = taken.computeIfAbsent(offer.jobId(), job -> new TreeSet<>());
    if (open == 0 || isTenantGone || !hired.add(offer.partner())) {
      return;
    }
    openSeats.put(offer.jobId(), open - 1);
    long slot = cluster.chain().calendar().slotAt(simulation.now());
    SeatTerms terms = new SeatTerms("MiB", PRICE, UNITS_MAX * PRICE, 4, slot + 15, 1, slot + 1000);
    Bytes seed = Hashes.tagged("seat", offer.jobId().bytes(), offer.partner().bytes()).bytes();
    tell(
        cluster.tenant().id(),
        new ClientCommand.OpenSeat(offer.jobId(), open - 1, offer.envelope(), terms, seed));
  }

  private void work(Hash contractId, NodeId partner, int piece) {
    if (isTenantGone || !running.containsKey(contractId)) {
      return;
    }
    NodeId tenant = cluster.tenant().id();
    if (piece > PIECES) {
      tell(tenant, new ClientCommand.CloseSeat(contractId, Hash.ZERO.bytes()));
      return;
    }
    tell(partner, new PartnerCommand.Delivered(contractId, piece));
    tell(tenant, new ClientCommand.Pay(contractId, piece, Bytes.EMPTY));
    later(chance.between(WORK_MILLIS / 2, WORK_MILLIS), () -> work(contractId, partner, piece + 1));
  }

  private void tell(NodeId node, Command command) {
    if (simulation.isRunning(node)) {
      simulation.command(node, command);
    }
  }

  private void later(long millis, Runnable action) {
    simulation.at(simulation.now().plusMillis(millis), action);
  }
}
