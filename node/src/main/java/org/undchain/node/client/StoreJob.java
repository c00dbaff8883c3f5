package org.undchain.node.client;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.ledger.Table;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.Request;
import org.undchain.core.message.SeatLeaf;
import org.undchain.core.message.SeatState;
import org.undchain.core.message.UtilityClass;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.utilities.storage.Manifest;
import org.undchain.utilities.storage.ObjectSource;
import org.undchain.utilities.storage.ObjectWriter;
import org.undchain.utilities.storage.Patience;
import org.undchain.utilities.storage.Skipped;
import org.undchain.utilities.storage.StorageException;

/**
 * Stores one object: REQUEST, offers, contracts, upload, receipts (user story 1). What it has done
 * is kept in its {@link JobFolder}, so that a second process goes on where the first was stopped.
 */
public final class StoreJob {
  /** Slots between the request and the last START. */
  private static final int START_SLOTS = 60;

  private final ClientNode node;
  private final JobFolder folder;
  private final ObjectSource source;
  private final StoreWish wish;
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
      JobProgress progress) {
    this.node = node;
    this.folder = folder;
    this.source = source;
    this.wish = wish;
    this.progress = progress;
  }

  public Stored run() throws ClientException, StorageException, IOException, InterruptedException {
    node.awaitValidators();
    Entries entries = new Entries(node);
    Begun begun = begin(entries);
    Hash jobId = begun.promise().entryId();
    progress.job(jobId);
    Entries.InBlock block = entries.committed(begun.promise());
    progress.step("request", "block " + block.height());
    SeatBroker broker =
        new SeatBroker(node, jobId, begun.plan(), node.chain().calendar().periodSlots() * 30);
    List<NodeId> partners = new ArrayList<>(broker.recover(node.recovered()));
    if (begun.job().objectId().isEmpty()) {
      partners.addAll(offers(broker, begun, partners.size()));
    }
    Patience patience = patience();
    List<SeatDoor> doors = partners.stream().map(id -> broker.door(id, patience)).toList();
    String objectId = upload(begun, doors);
    node.command(new ClientCommand.StopOffers(jobId));
    List<Receipt> receipts = receipts(doors);
    long completeHeight = 0;
    long paidPeriod = -1;
    if (wish.until() != StoreWish.Until.COMMITTED) {
      receipts = completed(doors, receipts);
      completeHeight = receipts.stream().mapToLong(Receipt::height).max().orElse(0);
    }
    if (wish.until() == StoreWish.Until.PAID) {
      paidPeriod = paid(jobId, begun.plan().seats());
    }
    folder.delete();
    List<Holder> holders =
        receipts.stream()
            .map(receipt -> new Holder(receipt.partner(), score(broker, receipt.partner())))
            .toList();
    return new Stored(
        objectId,
        jobId,
        block.slot(),
        block.height(),
        begun.promise().stampers(),
        begun.plan().needed(),
        holders.size(),
        holders,
        receipts,
        skipped,
        completeHeight,
        paidPeriod);
  }

  private static int score(SeatBroker broker, NodeId partner) {
    return broker.offerOf(partner).map(ClientNotice.Offered::score).orElse(0);
  }

  // --- the request

  private record Begun(JobFolder.Job job, StoreWish.Plan plan, Entries.Promise promise) {}

  private Begun begin(Entries entries) throws ClientException, IOException, InterruptedException {
    Optional<Begun> before = resumed(entries);
    if (before.isPresent()) {
      return before.get();
    }
    int partners = node.contacts(List.of()).size();
    StoreWish.Plan plan = wish.plan(source.size(), partners);
    if (plan.isShrunk()) {
      progress.step("shards", partners + " partners are known: " + plan.total() + " shards");
    }
    checkFunds(node.account(), plan);
    Bytes key = new ObjectWriter(plan.needed(), patience(), random, progress).freshKey();
    Entries.Promise promise =
        entries.submit(
            (nonce, window) -> request(plan, nonce, window),
            true,
            entry ->
                keep(
                    new JobFolder.Job(
                        entry, key, plan.needed(), plan.total(), plan.units(), Optional.empty())));
    JobFolder.Job job =
        new JobFolder.Job(
            promise.entry(), key, plan.needed(), plan.total(), plan.units(), Optional.empty());
    return new Begun(job, plan, promise);
  }

  /** The job that an earlier process began, unless nothing can come of it any more. */
  private Optional<Begun> resumed(Entries entries)
      throws ClientException, IOException, InterruptedException {
    Optional<JobFolder.Job> job = folder.read();
    if (job.isEmpty() || isPast(job.get())) {
      return Optional.empty();
    }
    progress.step("resume", "going on with the job that was begun");
    try {
      return entries
          .promised(job.get().request(), true)
          .map(promise -> new Begun(job.get(), plan(job.get()), promise));
    } catch (ClientException failure) {
      if (failure.kind() == ClientException.Kind.UNREACHABLE
          && !failure.reason().equals("EXPIRED")) {
        throw failure;
      }
      return Optional.empty();
    }
  }

  /** No seat was opened in time: its escrow comes back by itself. */
  private boolean isPast(JobFolder.Job job) {
    return node.recovered().isEmpty() && node.slot() > node.requestOf(job.request()).getStartBy();
  }

  private void keep(JobFolder.Job job) {
    try {
      folder.write(job);
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  private StoreWish.Plan plan(JobFolder.Job job) {
    Request request = node.requestOf(job.request());
    return new StoreWish.Plan(
        job.needed(),
        job.total(),
        request.getSeats(),
        job.units(),
        request.getMaxPerPartner(),
        false);
  }

  private Request request(StoreWish.Plan plan, long nonce, Entries.Window window) {
    long bytes = Math.max(1, source.size());
    return Request.newBuilder()
        .setNonce(nonce)
        .setValidFrom(window.from())
        .setValidTo(window.to())
        .setUtility(UtilityClass.UTILITY_CLASS_STORAGE)
        .setSeats(plan.seats())
        .setMaxPerPartner(plan.maxPerSeat())
        .setStartBy(window.to() + START_SLOTS)
        .setSizeClass(64 - Long.numberOfLeadingZeros(bytes - 1))
        .build();
  }

  private static void checkFunds(AccountLeaf account, StoreWish.Plan plan) throws ClientException {
    long escrow = Math.multiplyExact(plan.seats(), plan.maxPerSeat());
    if (account.getBalance() < escrow) {
      throw new ClientException(
          ClientException.Kind.NO_FUNDS,
          "NO_FUNDS",
          "the escrow would be " + escrow + " grains, the account has " + account.getBalance(),
          plan.seats()
              + " partners at "
              + plan.maxPerSeat()
              + " grains at most; what is not used"
              + " comes back",
          "--max-price with less",
          "undchain balance");
    }
  }

  // --- partners and upload

  private List<NodeId> offers(SeatBroker broker, Begun begun, int known)
      throws ClientException, InterruptedException {
    StoreWish.Plan plan = begun.plan();
    if (known >= plan.total()) {
      return List.of();
    }
    long slotMillis = node.chain().rules().slotMillis();
    node.command(new ClientCommand.MoreOffers(begun.promise().entryId()));
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

  private String upload(Begun begun, List<SeatDoor> doors)
      throws ClientException, StorageException, IOException, InterruptedException {
    int total = Math.min(begun.plan().total(), doors.size());
    List<SeatDoor> first = new ArrayList<>(doors.subList(0, total));
    List<SeatDoor> spares = new ArrayList<>(doors.subList(total, doors.size()));
    List<SeatDoor> started = startAll(first, begun.job().objectId().isPresent());
    progress.step("contracts", started.size() + " seats started");
    if (begun.job().objectId().isPresent()) {
      return begun.job().objectId().get();
    }
    while (started.size() < total && !spares.isEmpty()) {
      started.addAll(startAll(List.of(spares.removeFirst()), false));
    }
    ObjectWriter writer = new ObjectWriter(begun.plan().needed(), patience(), random, progress);
    ObjectWriter.Stored stored =
        writer.store(source, begun.job().key(), List.copyOf(started), List.copyOf(spares));
    skipped.addAll(stored.skipped());
    String id = stored.id().text();
    folder.write(begun.job().stored(id));
    progress.step("upload", stored.holders().size() + " partners hold their shard");
    close(stored, doors);
    return id;
  }

  private List<SeatDoor> startAll(List<SeatDoor> doors, boolean isQuiet)
      throws InterruptedException {
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
          if (!isQuiet) {
            skip(entry.getKey().partner(), known);
          }
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

  /** Pays the rest and closes with those that hold everything; the others get what was signed. */
  private static void close(ObjectWriter.Stored stored, List<SeatDoor> doors) {
    Map<NodeId, Bytes> roots = new java.util.TreeMap<>();
    for (Manifest.Shard shard : stored.manifest().shards()) {
      roots.put(shard.partner(), shard.root().bytes());
    }
    for (SeatDoor door : doors) {
      Bytes root = roots.get(door.partner());
      if (root != null && stored.holders().contains(door.partner())) {
        door.close(root);
      } else {
        door.leave();
      }
    }
  }

  // --- receipts

  private List<Receipt> receipts(List<SeatDoor> doors) throws InterruptedException {
    List<Receipt> receipts = new ArrayList<>();
    for (SeatDoor door : doors) {
      Optional<Hash> contract = door.contract();
      if (contract.isPresent()) {
        node.<Receipt>await(0, settling(), notice -> signed(contract.get(), notice))
            .ifPresent(receipts::add);
      }
    }
    progress.step("receipts", receipts.size() + " receipts are signed by both");
    return receipts;
  }

  /** A receipt with both signatures; a completion without one says that there will be none. */
  private static Optional<Receipt> signed(Hash contractId, ClientNotice notice) {
    return notice instanceof ClientNotice.ReceiptSigned told && told.contractId().equals(contractId)
        ? Optional.of(
            new Receipt(contractId, told.partner(), told.units(), told.amount(), "DUAL", 0))
        : Optional.empty();
  }

  private List<Receipt> completed(List<SeatDoor> doors, List<Receipt> receipts)
      throws ClientException, InterruptedException {
    List<Receipt> done = new ArrayList<>();
    for (Receipt receipt : receipts) {
      ClientNotice.SeatCompleted told =
          node.await(0, settling(), notice -> completion(receipt.contractId(), notice))
              .orElseThrow(() ->
                  new ClientException(
                      ClientException.Kind.UNREACHABLE,
                      "NOT_COMPLETE",
                      "the completion of a seat is in no block yet",
                      "the object is stored; its receipt "
                          + receipt.contractId()
                          + " is signed by both",
                      "the same command again goes on waiting"));
      done.add(
          new Receipt(
              receipt.contractId(),
              receipt.partner(),
              receipt.units(),
              told.amount(),
              told.kind().name().replace("COMPLETION_KIND_", ""),
              told.height()));
    }
    progress.step("complete", done.size() + " completions are on chain");
    return done;
  }

  private static Optional<ClientNotice.SeatCompleted> completion(
      Hash contractId, ClientNotice notice) {
    return notice instanceof ClientNotice.SeatCompleted told && told.contractId().equals(contractId)
        ? Optional.of(told)
        : Optional.empty();
  }

  /** Waits for the payout that settles every seat of the job; its period. */
  private long paid(Hash jobId, int seats) throws ClientException, InterruptedException {
    long period = node.chain().calendar().periodOf(node.slot());
    while (true) {
      boolean isPaid = true;
      for (int seat = 0; seat < seats && isPaid; seat++) {
        Bytes key = Bytes.of(jobId.toByteString().concat(u32(seat)));
        Optional<SeatLeaf> leaf = node.leaf(Table.SEAT, key, SeatLeaf.parser());
        isPaid = leaf.map(SeatLeaf::getState).filter(StoreJob::isOpen).isEmpty();
      }
      if (isPaid) {
        return period;
      }
      long now = node.slot();
      period = node.chain().calendar().periodOf(now);
      node.awaitSlot(now + 1);
    }
  }

  private static boolean isOpen(SeatState state) {
    return state != SeatState.SEAT_STATE_SETTLED && state != SeatState.SEAT_STATE_CANCELLED;
  }

  private static com.google.protobuf.ByteString u32(int number) {
    return com.google.protobuf.ByteString.copyFrom(
        java.nio.ByteBuffer.allocate(4).putInt(number).flip());
  }

  private Duration settling() {
    return Duration.ofMillis(
            (node.chain().rules().validitySlots() + 4L) * node.chain().rules().slotMillis())
        .plus(ClientNode.ANSWER);
  }

  private Patience patience() {
    return Patience.USUAL;
  }
}
