package org.undchain.node.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Request;
import org.undchain.core.message.UtilityClass;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The REQUEST of a {@link StoreJob}: a new one, or that of an earlier process as long as something
 * can come of it.
 */
final class StoreRequest {
  /** Slots between the request and the last START. */
  private static final int START_SLOTS = 60;

  private final ClientNode node;
  private final JobFolder folder;
  private final long objectBytes;
  private final StoreWish wish;
  private final JobProgress progress;

  StoreRequest(
      ClientNode node, JobFolder folder, long objectBytes, StoreWish wish, JobProgress progress) {
    this.node = node;
    this.folder = folder;
    this.objectBytes = objectBytes;
    this.wish = wish;
    this.progress = progress;
  }

  /**
   * A job whose request is in a block.
   *
   * @param stampers who promised it to this process
   * @param earlier seats that it has from before
   */
  record Begun(
      JobFolder.Job job,
      StoreWish.Plan plan,
      Hash jobId,
      Entries.InBlock block,
      List<NodeId> stampers,
      EarlierSeats earlier) {}

  /**
   * @param freshKey seals the object if the job is new
   */
  Begun begin(Bytes freshKey) throws ClientException, IOException, InterruptedException {
    Optional<Begun> before = resumed();
    if (before.isPresent()) {
      return before.get();
    }
    int partners = node.contacts(List.of()).size();
    StoreWish.Plan plan = wish.plan(objectBytes, partners);
    if (plan.isShrunk()) {
      progress.step("shards", partners + " partners are known: " + plan.total() + " shards");
    }
    checkFunds(node.account(), plan);
    Entries.Promise promise =
        new Entries(node)
            .submit(
                (nonce, window) -> request(plan, nonce, window),
                true,
                entry -> keep(job(entry, freshKey, plan)));
    return committed(job(promise.entry(), freshKey, plan), plan, promise, EarlierSeats.NONE);
  }

  private static JobFolder.Job job(Envelope entry, Bytes key, StoreWish.Plan plan) {
    return new JobFolder.Job(
        entry, key, plan.needed(), plan.total(), plan.units(), Optional.empty(), Optional.empty());
  }

  private Begun committed(
      JobFolder.Job job, StoreWish.Plan plan, Entries.Promise promise, EarlierSeats earlier)
      throws ClientException, IOException, InterruptedException {
    progress.job(promise.entryId());
    Entries.InBlock block = new Entries(node).committed(promise);
    progress.step("request", "block " + block.height());
    JobFolder.Job proven = job.committed(block);
    folder.write(proven);
    return new Begun(proven, plan, promise.entryId(), block, promise.stampers(), earlier);
  }

  private void keep(JobFolder.Job job) {
    try {
      folder.write(job);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  // --- a job of before

  private Optional<Begun> resumed() throws ClientException, IOException, InterruptedException {
    Optional<JobFolder.Job> read = folder.read();
    if (read.isEmpty()) {
      return Optional.empty();
    }
    JobFolder.Job job = read.get();
    Hash jobId = node.idOf(job.request());
    Request request = node.requestOf(job.request());
    EarlierSeats earlier = EarlierSeats.of(node, jobId);
    if (isPast(job, request, earlier)) {
      progress.step("resume", "the job that was begun is over, here is another one");
      earlier
          .running()
          .forEach(seat -> node.command(new ClientCommand.LeaveSeat(seat.contractId())));
      return Optional.empty();
    }
    progress.step("resume", "going on with a job that has " + earlier.all().size() + " seats");
    boolean isStaffed = job.upload().isPresent() || earlier.running().size() >= job.total();
    if (isStaffed && job.block().isPresent()) {
      progress.job(jobId);
      return Optional.of(
          new Begun(job, plan(job, request), jobId, job.block().get(), List.of(), earlier));
    }
    return handedInAgain(job, plan(job, request), earlier);
  }

  /** The same bytes again, so that it is one entry, and offers come to this process. */
  private Optional<Begun> handedInAgain(
      JobFolder.Job job, StoreWish.Plan plan, EarlierSeats earlier)
      throws ClientException, IOException, InterruptedException {
    try {
      Optional<Entries.Promise> promise = new Entries(node).promised(job.request(), true);
      return promise.isPresent()
          ? Optional.of(committed(job, plan, promise.get(), earlier))
          : Optional.empty();
    } catch (ClientException failure) {
      boolean isOver =
          failure.kind() == ClientException.Kind.REFUSED || failure.reason().equals("EXPIRED");
      if (isOver) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /** Too few seats run, and no more can be had: what is not used of the escrow comes back. */
  private boolean isPast(JobFolder.Job job, Request request, EarlierSeats earlier) {
    boolean isOpen = node.slot() <= request.getStartBy();
    int free = isOpen ? request.getSeats() - earlier.all().size() : 0;
    return job.upload().isEmpty() && earlier.running().size() + free <= job.needed();
  }

  private static StoreWish.Plan plan(JobFolder.Job job, Request request) {
    return new StoreWish.Plan(
        job.needed(),
        job.total(),
        request.getSeats(),
        job.units(),
        request.getMaxPerPartner(),
        false);
  }

  // --- a new one

  private Request request(StoreWish.Plan plan, long nonce, Entries.Window window) {
    long bytes = Math.max(1, objectBytes);
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
}
