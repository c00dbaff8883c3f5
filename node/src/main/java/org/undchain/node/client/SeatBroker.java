package org.undchain.node.client;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.message.ContactRecord;
import org.undchain.core.session.SeatTerms;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.utilities.storage.Patience;
import org.undchain.utilities.storage.StorageException;
import org.undchain.utilities.storage.StorageReason;

/** Hires partners for the seats of one job: gathers bids, opens seats, finds those of before. */
final class SeatBroker {
  /** MiB that a partner works ahead of payment, as far as it agrees. */
  static final long CREDIT_UNITS = 4;

  private static final int SEED_BYTES = 32;

  private final ClientNode node;
  private final Hash jobId;
  private final StoreWish.Plan plan;
  private final long keepSlots;
  private final SecureRandom random = new SecureRandom();
  private final Map<NodeId, ClientNotice.Offered> offers = new LinkedHashMap<>();
  private final EarlierSeats earlier;
  private final Deque<Integer> freeSeats = new ArrayDeque<>(); // guarded by itself

  /**
   * @param earlier seats of the job
   */
  SeatBroker(
      ClientNode node, Hash jobId, StoreWish.Plan plan, EarlierSeats earlier, long keepSlots) {
    this.node = node;
    this.jobId = jobId;
    this.plan = plan;
    this.earlier = earlier;
    this.keepSlots = keepSlots;
    for (int seat = 0; seat < plan.seats(); seat++) {
      if (!earlier.numbers().contains(seat)) {
        freeSeats.add(seat);
      }
    }
  }

  ClientNode node() {
    return node;
  }

  /** Dials the partners of earlier seats. */
  void reach(List<NodeId> partners) throws ClientException, InterruptedException {
    if (!partners.isEmpty()) {
      for (ContactRecord contact : node.contacts(partners)) {
        dialQuietly(contact);
      }
    }
  }

  private void dialQuietly(ContactRecord contact) {
    try {
      node.dial(NodeId.of(contact.getId()), contact.getRoutesList());
    } catch (StorageException noAddress) {
      // without a connection its seat fails in its own time and is told
    }
  }

  /**
   * Waits for bids until there are as many as seats or {@code patience} is over.
   *
   * @return partners in the order they should be hired: cheapest first, then best score
   */
  List<NodeId> gather(int wanted, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (offers.size() < wanted) {
      Optional<ClientNotice.Offered> offer =
          node.await(0, Duration.ofNanos(Math.max(0, end - System.nanoTime())), this::fresh);
      if (offer.isEmpty()) {
        break;
      }
      offers.put(offer.get().partner(), offer.get());
    }
    List<ClientNotice.Offered> best = new ArrayList<>(offers.values());
    best.sort(
        Comparator.<ClientNotice.Offered>comparingLong(offer -> offer.bid().getUnitPrice())
            .thenComparing(Comparator.comparingInt(ClientNotice.Offered::score).reversed()));
    return best.stream().map(ClientNotice.Offered::partner).toList();
  }

  private Optional<ClientNotice.Offered> fresh(ClientNotice notice) {
    return notice instanceof ClientNotice.Offered offer
            && offer.jobId().equals(jobId)
            && !offers.containsKey(offer.partner())
            && earlier.of(offer.partner()).isEmpty()
            && offer.bid().getUnitPrice() >= 1
            && offer.bid().getUnitPrice() <= plan.maxPerSeat() / plan.units()
        ? Optional.of(offer)
        : Optional.empty();
  }

  /** The score of a partner as it stood with its bid. */
  Optional<ClientNotice.Offered> offerOf(NodeId partner) {
    return Optional.ofNullable(offers.get(partner));
  }

  SeatDoor door(NodeId partner, Patience patience) {
    return new SeatDoor(partner, this, patience);
  }

  /** Opens a seat with a partner, or finds the one it has; returns when START is in a block. */
  SeatDoor.OpenSeat seat(NodeId partner) throws StorageException, InterruptedException {
    Optional<EarlierSeats.Seat> before = earlier.of(partner);
    if (before.isPresent()) {
      return new SeatDoor.OpenSeat(started(partner, before.get().seatNo()), before.get().seatNo());
    }
    ClientNotice.Offered offer = offers.get(partner);
    if (offer == null) {
      throw new StorageException(StorageReason.REFUSED, "the partner made no offer");
    }
    int seatNo = takeSeat();
    node.dial(partner, offer.bid().getRoutesList());
    try {
      node.channel(partner, ClientNode.ANSWER);
    } catch (StorageException unreachable) {
      giveBack(seatNo);
      node.command(new ClientCommand.ReportUnreachable(jobId, partner));
      throw unreachable;
    }
    node.command(new ClientCommand.OpenSeat(jobId, seatNo, offer.envelope(), terms(offer), seed()));
    return new SeatDoor.OpenSeat(started(partner, seatNo), seatNo);
  }

  private int takeSeat() throws StorageException {
    synchronized (freeSeats) {
      Integer seatNo = freeSeats.poll();
      if (seatNo == null) {
        throw new StorageException(
            StorageReason.TOO_FEW_PARTNERS, "all " + plan.seats() + " seats are used");
      }
      return seatNo;
    }
  }

  private void giveBack(int seatNo) {
    synchronized (freeSeats) {
      freeSeats.add(seatNo);
    }
  }

  private SeatTerms terms(ClientNotice.Offered offer) {
    long price = offer.bid().getUnitPrice();
    long slot = node.slot();
    return new SeatTerms(
        "MiB",
        price,
        Math.multiplyExact(plan.units(), price),
        CREDIT_UNITS,
        slot + node.chain().calendar().periodSlots(),
        1,
        slot + keepSlots);
  }

  private Bytes seed() {
    byte[] seed = new byte[SEED_BYTES];
    random.nextBytes(seed);
    return Bytes.wrap(seed);
  }

  /** Waits for the start or the end of a seat. */
  private Hash started(NodeId partner, int seatNo) throws StorageException, InterruptedException {
    long slots = node.chain().rules().validitySlots() + 4L;
    Duration patience =
        Duration.ofMillis(slots * node.chain().rules().slotMillis()).plus(ClientNode.ANSWER);
    ClientNotice told =
        node.await(0, patience, notice -> about(notice, partner, seatNo))
            .orElseThrow(
                () -> new StorageException(StorageReason.SLOW, "START is in no block yet"));
    if (told instanceof ClientNotice.SeatStarted started) {
      return started.contractId();
    }
    ClientNotice.SeatFailed failed = (ClientNotice.SeatFailed) told;
    giveBack(seatNo);
    throw new StorageException(
        StorageReason.REFUSED, failed.code().name() + ": " + failed.detail());
  }

  private Optional<ClientNotice> about(ClientNotice notice, NodeId partner, int seatNo) {
    boolean isMeant =
        switch (notice) {
          case ClientNotice.SeatStarted told ->
              told.jobId().equals(jobId)
                  && told.partner().equals(partner)
                  && told.seatNo() == seatNo;
          case ClientNotice.SeatFailed told ->
              told.jobId().equals(jobId)
                  && told.partner().equals(partner)
                  && told.seatNo() == seatNo;
          default -> false;
        };
    return isMeant ? Optional.of(notice) : Optional.empty();
  }
}
