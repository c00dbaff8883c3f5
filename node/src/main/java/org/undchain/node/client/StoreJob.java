package org.undchain.node.client;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.utilities.storage.Manifest;
import org.undchain.utilities.storage.ObjectSource;
import org.undchain.utilities.storage.ObjectWriter;
import org.undchain.utilities.storage.Patience;
import org.undchain.utilities.storage.Skipped;
import org.undchain.utilities.storage.StorageException;
import org.undchain.utilities.storage.StorageReason;

/**
 * Stores one object: REQUEST, offers, contracts, upload, receipts (user story 1). What it has done
 * is kept in its {@link JobFolder}, so that a second process goes on where the first was stopped.
 */
public final class StoreJob {
  /** Periods that partners keep the shards. */
  private static final int KEEP_PERIODS = 30;

  private final ClientNode node;
  private final JobFolder folder;
  private final ObjectSource source;
  private final StoreWish wish;
  private final Patience patience;
  private final JobProgress progress;
  private final SecureRandom random = new SecureRandom();
  private final List<Skipped> skipped = new ArrayList<>();

  /** A receipt of one seat. */
  public record Receipt(
      Hash contractId, NodeId partner, long units, long amountGrains, String kind, long height) {}

  /** A partner that holds a shard, with its score in centi-points at the offer. */
  public record Holder(NodeId partner, int score) {}

  /**
   * @param height of the block with the REQUEST
   * @param completeHeight of the newest completion; 0 if the command did not wait for it
   * @param paidPeriod the payout that paid; -1 if the command did not wait for it
   */
  public record Stored(
      String objectId,
      Hash jobId,
      long slot,
      long height,
      List<NodeId> stampers,
      int needed,
      int total,
      List<Holder> holders,
      List<Receipt> receipts,
      List<Skipped> skipped,
      long completeHeight,
      long paidPeriod) {
    public long amountGrains() {
      return receipts.stream().mapToLong(Receipt::amountGrains).sum();
    }
  }

  public StoreJob(
      ClientNode node,
      JobFolder folder,
      ObjectSource source,
      StoreWish wish,
      Patience patience,
      JobProgress progress) {
    this.node = node;
    this.folder = folder;
    this.source = source;
    this.wish = wish;
    this.patience = patience;
    this.progress = progress;
  }

  public Stored run() throws ClientException, StorageException, IOException, InterruptedException {
    node.awaitValidators();
    StoreRequest.Begun begun =
        new StoreRequest(node, folder, source.size(), wish, progress)
            .begin(ObjectWriter.freshKey(random));
    SeatBroker broker =
        new SeatBroker(
            node,
            begun.jobId(),
            begun.plan(),
            begun.earlier(),
            node.chain().calendar().periodSlots() * KEEP_PERIODS);
    Optional<JobFolder.Upload> before = begun.job().upload();
    return before.isPresent()
        ? goneOn(begun, broker, before.get())
        : uploaded(begun, broker, doors(begun, broker));
  }

  /** An earlier process has uploaded everything. */
  private Stored goneOn(StoreRequest.Begun begun, SeatBroker broker, JobFolder.Upload upload)
      throws ClientException, IOException, InterruptedException {
    broker.reach(List.copyOf(upload.holders().keySet()));
    SeatReceipts receipts = new SeatReceipts(node, progress);
    List<Hash> contracts = new ArrayList<>();
    for (EarlierSeats.Seat seat : begun.earlier().all()) {
      Hash root = upload.holders().get(seat.partner());
      if (root != null) {
        contracts.add(seat.contractId());
        if (!seat.isClosing()) {
          receipts.close(seat.contractId(), upload.units(), root);
        }
      }
    }
    return settled(begun, broker, upload, receipts, contracts);
  }

  // --- partners

  private List<SeatDoor> doors(StoreRequest.Begun begun, SeatBroker broker)
      throws ClientException, InterruptedException {
    List<NodeId> partners =
        new ArrayList<>(
            begun.earlier().running().stream().map(EarlierSeats.Seat::partner).toList());
    broker.reach(partners);
    if (partners.size() < begun.plan().total()) {
      partners.addAll(offers(broker, begun, partners.size()));
    }
    return partners.stream().map(id -> broker.door(id, patience)).toList();
  }

  private List<NodeId> offers(SeatBroker broker, StoreRequest.Begun begun, int known)
      throws ClientException, InterruptedException {
    StoreWish.Plan plan = begun.plan();
    long slotMillis = node.chain().rules().slotMillis();
    node.command(new ClientCommand.MoreOffers(begun.jobId()));
    broker.gather(plan.total() - known, Duration.ofMillis(6 * slotMillis + 3000));
    List<NodeId> offers = broker.gather(plan.seats() - known, Duration.ofMillis(slotMillis / 2));
    progress.step("offers", offers.size() + " partners bid");
    if (known + offers.size() <= plan.needed()) {
      throw new ClientException(
          ClientException.Kind.UNREACHABLE,
          "TOO_FEW_OFFERS",
          offers.size() + " partners bid, " + (plan.needed() + 1) + " are needed",
          "offered were " + plan.maxPerSeat() / plan.units() + " grains for a MiB",
          "--max-price with more",
          "--shards with a smaller K",
          "undchain partners");
    }
    return offers;
  }

  private List<SeatDoor> startAll(List<SeatDoor> doors) throws InterruptedException {
    List<SeatDoor> started = new ArrayList<>();
    Map<SeatDoor, Future<?>> starting = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      doors.forEach(door -> starting.put(door, threads.submit(door::start)));
      for (Map.Entry<SeatDoor, Future<?>> entry : starting.entrySet()) {
        try {
          entry.getValue().get();
          started.add(entry.getKey());
        } catch (ExecutionException failure) {
          if (!(failure.getCause() instanceof StorageException known)) {
            throw new IllegalStateException("opening a seat broke", failure.getCause());
          }
          skip(entry.getKey().partner(), known);
        }
      }
    }
    return started;
  }

  private void skip(NodeId partner, StorageException failure) {
    Skipped why = new Skipped(partner, failure.reason(), String.valueOf(failure.getMessage()));
    skipped.add(why);
    progress.skipped(why);
  }

  // --- upload

  private Stored uploaded(StoreRequest.Begun begun, SeatBroker broker, List<SeatDoor> doors)
      throws ClientException, StorageException, IOException, InterruptedException {
    ObjectWriter.Stored stored;
    try (SeatPulse pulse = new SeatPulse(node.chain().rules().clientSilenceMillis(), doors)) {
      stored = upload(begun, doors);
    } catch (StorageException failure) {
      if (isOfSource(failure.reason())) {
        doors.forEach(SeatDoor::leave);
        folder.delete(); // the same command would store other bytes
      }
      skipped.addAll(failure.skipped());
      throw new StorageException(
          failure.reason(), String.valueOf(failure.getMessage()), List.copyOf(skipped));
    }
    skipped.addAll(stored.skipped());
    progress.step("upload", stored.holders().size() + " partners hold their shard");
    JobFolder.Upload upload = upload(stored);
    folder.write(begun.job().uploaded(upload));
    return closed(begun, broker, doors, upload);
  }

  private ObjectWriter.Stored upload(StoreRequest.Begun begun, List<SeatDoor> doors)
      throws StorageException, InterruptedException {
    int total = Math.min(begun.plan().total(), doors.size());
    List<SeatDoor> started = startAll(doors.subList(0, total));
    List<SeatDoor> spares = new ArrayList<>(doors.subList(total, doors.size()));
    while (started.size() < total && !spares.isEmpty()) {
      started.addAll(startAll(List.of(spares.removeFirst())));
    }
    progress.step("contracts", started.size() + " seats started");
    return new ObjectWriter(begun.plan().needed(), patience, random, progress)
        .store(source, begun.job().key(), List.copyOf(started), List.copyOf(spares));
  }

  private static boolean isOfSource(StorageReason reason) {
    return reason == StorageReason.SOURCE_CHANGED || reason == StorageReason.SOURCE_UNREADABLE;
  }

  private JobFolder.Upload upload(ObjectWriter.Stored stored) {
    SortedMap<NodeId, Hash> holders = new TreeMap<>();
    for (Manifest.Shard shard : stored.manifest().shards()) {
      if (stored.holders().contains(shard.partner())) {
        holders.put(shard.partner(), shard.root());
      }
    }
    long bytes =
        ObjectWriter.bytesPerPartner(
            source.size(), stored.manifest().layout().needed(), stored.manifest().shards().size());
    return new JobFolder.Upload(
        stored.id().text(), Math.ceilDiv(bytes, StoreWish.UNIT_BYTES), holders);
  }

  // --- receipts

  /** Pays the rest and closes with those that hold everything; the others get what was signed. */
  private Stored closed(
      StoreRequest.Begun begun, SeatBroker broker, List<SeatDoor> doors, JobFolder.Upload upload)
      throws ClientException, IOException, InterruptedException {
    node.command(new ClientCommand.StopOffers(begun.jobId()));
    SeatReceipts receipts = new SeatReceipts(node, progress);
    List<Hash> contracts = new ArrayList<>();
    for (SeatDoor door : doors) {
      Hash root = upload.holders().get(door.partner());
      Optional<Hash> contract = door.seat().map(SeatDoor.OpenSeat::contractId);
      if (root != null && contract.isPresent()) {
        receipts.close(contract.get(), upload.units(), root);
        contracts.add(contract.get());
      } else {
        door.leave();
      }
    }
    return settled(begun, broker, upload, receipts, contracts);
  }

  private Stored settled(
      StoreRequest.Begun begun,
      SeatBroker broker,
      JobFolder.Upload upload,
      SeatReceipts seats,
      List<Hash> contracts)
      throws ClientException, IOException, InterruptedException {
    List<Receipt> receipts = seats.signed(contracts);
    long completeHeight = 0;
    long paidPeriod = -1;
    if (wish.until() != StoreWish.Until.COMMITTED) {
      receipts = seats.completed(receipts);
      completeHeight = receipts.stream().mapToLong(Receipt::height).max().orElse(0);
    }
    if (wish.until() == StoreWish.Until.PAID) {
      paidPeriod = seats.paid(begun.jobId(), begun.plan().seats());
    }
    folder.delete();
    return new Stored(
        upload.objectId(),
        begun.jobId(),
        begun.block().slot(),
        begun.block().height(),
        begun.stampers(),
        begun.plan().needed(),
        upload.holders().size(),
        upload.holders().keySet().stream().map(id -> new Holder(id, score(broker, id))).toList(),
        receipts,
        List.copyOf(skipped),
        completeHeight,
        paidPeriod);
  }

  private static int score(SeatBroker broker, NodeId partner) {
    return broker.offerOf(partner).map(ClientNotice.Offered::score).orElse(0);
  }
}
