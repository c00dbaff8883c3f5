package org.undchain.core.matching;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.State;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Load;
import org.undchain.core.machine.TimerId;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.Bid;
import org.undchain.core.message.Entry;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.JobLeaf;
import org.undchain.core.message.JobNotice;
import org.undchain.core.message.Offer;
import org.undchain.core.message.OfferControl;
import org.undchain.core.message.Opened;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Request;
import org.undchain.core.message.Role;
import org.undchain.core.message.SeatState;
import org.undchain.core.message.SeenLeaf;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The jobs that this validator matches (R6.3–R6.7): tells partners of them in waves, takes their
 * bids and streams them to the clients.
 */
final class JobBoard {
  /** Most jobs kept at once; the oldest gives way. */
  static final int JOBS_MAX = 4096;

  private static final String TIMER_JOB = Matcher.TIMER_PREFIX + "job";
  private static final String TIMER_EARLY = Matcher.TIMER_PREFIX + "early";

  private final Chain chain;
  private final View view;
  private final Subscriptions subscriptions;
  private final Scores scores;
  private final MatchRecords records;
  private final Post post;
  private final TreeMap<Long, MatchedJob> byNumber = new TreeMap<>();
  private final Map<Hash, MatchedJob> byId = new TreeMap<>();
  private final EarlyClients early = new EarlyClients();
  private long lastNumber;

  JobBoard(Chain chain, View view, Subscriptions subscriptions, MatchRecords records, Post post) {
    this.chain = chain;
    this.view = view;
    this.subscriptions = subscriptions;
    this.scores = new Scores(view);
    this.records = records;
    this.post = post;
  }

  // --- jobs
  // ---------------------------------------------------------------------------------------

  /** A request was stamped or decided; it is matched if this validator is responsible (R6.3). */
  void onRequest(BlockTime now, NodeId self, OpenedEntry entry, List<Effect> out) {
    if (entry.body().getEntryCase() != Entry.EntryCase.REQUEST
        || byId.containsKey(entry.id())
        || isOver(entry.id())) {
      return;
    }
    long beat = Matchers.beatOf(chain.calendar(), entry.body().getRequest().getValidFrom());
    if (Matchers.of(view.beacon(beat), entry.id(), view.set()).contains(self)) {
      begin(now, entry, out);
    }
  }

  /** The client asked for the offers with its request: matched here, responsible or not. */
  void onWanted(BlockTime now, OpenedEntry entry, List<Effect> out) {
    MatchedJob job = byId.get(entry.id());
    if (job == null) {
      job = begin(now, entry, out);
    }
    if (job.client().isEmpty()) {
      job.open(now, entry.signer(), 0);
      step(now, job, out);
    }
  }

  private MatchedJob begin(BlockTime now, OpenedEntry entry, List<Effect> out) {
    if (byNumber.size() >= JOBS_MAX) {
      forget(now, byNumber.firstEntry().getValue());
    }
    Request request = entry.body().getRequest();
    long slot =
        view.state()
            .seen(entry.id())
            .map(SeenLeaf::getSlot)
            .orElse(view.slotOf(entry.id()).orElse(chain.calendar().slotAt(now)));
    Hash beacon = view.beacon(Matchers.beatOf(chain.calendar(), request.getValidFrom()));
    MatchedJob job = new MatchedJob(++lastNumber, entry, slot, beacon, chain.rules(), now);
    byNumber.put(job.number(), job);
    byId.put(job.id(), job);
    early
        .take(entry.signer(), entry.id())
        .ifPresent(asked -> job.open(now, entry.signer(), asked.offersMax()));
    step(now, job, out);
    return job;
  }

  private void forget(BlockTime now, MatchedJob job) {
    close(now, job);
    byNumber.remove(job.number());
    byId.remove(job.id());
  }

  private void close(BlockTime now, MatchedJob job) {
    if (job.isOpen()) {
      job.close();
      records.add(chain.calendar().beatOf(chain.calendar().slotAt(now)), job.leaf());
    }
  }

  /** Whether no partner can start any more: refused, cancelled, settled or all seats taken. */
  private boolean isOver(Hash jobId) {
    State state = view.state();
    Optional<SeenLeaf> seen = state.seen(jobId);
    if (seen.isEmpty()) {
      return false;
    }
    Optional<JobLeaf> leaf = state.job(jobId);
    if (seen.get().getResult() != EntryResult.ENTRY_RESULT_OK || leaf.isEmpty()) {
      return true;
    }
    long taken =
        state.seats(leaf.get()).stream()
            .filter(seat -> seat.getState() != SeatState.SEAT_STATE_CANCELLED)
            .count();
    return leaf.get().getCancelled() || taken >= leaf.get().getSeats();
  }

  // --- time
  // ---------------------------------------------------------------------------------------

  void onTimer(BlockTime now, TimerId id, List<Effect> out) {
    switch (id.purpose()) {
      case TIMER_JOB ->
          Optional.ofNullable(byNumber.get(id.first())).ifPresent(job -> step(now, job, out));
      case TIMER_EARLY ->
          early
              .expire(id.first())
              .ifPresent(asked -> rejectUnknown(asked.client(), asked.jobId(), out));
      default -> throw new IllegalArgumentException("no timer of matching: " + id);
    }
  }

  /** Forgets the jobs in which no seat can start any more. */
  void sweep(BlockTime now, long slot) {
    for (MatchedJob job : List.copyOf(byNumber.values())) {
      long last = Math.min(job.request().getStartBy(), job.slot() + chain.calendar().periodSlots());
      if (slot > last) {
        forget(now, job);
      }
    }
  }

  /** Whatever is due for one job: order, notices, offers, its end. */
  private void step(BlockTime now, MatchedJob job, List<Effect> out) {
    job.sortIfDue(now);
    if (job.isOpen() && (isOver(job.id()) || !now.isBefore(job.endsAt()))) {
      close(now, job);
    }
    notice(now, job, out);
    offer(now, job, out);
    job.nextDue()
        .ifPresent(at -> out.add(new Effect.SetTimer(TimerId.of(TIMER_JOB, job.number()), at)));
  }

  private void notice(BlockTime now, MatchedJob job, List<Effect> out) {
    if (!job.isWaveDue(now)) {
      return;
    }
    List<NodeId> fitting =
        subscriptions.fitting(job.request(), chain.calendar().slotAt(now)).stream()
            .filter(partner -> view.isConnected(partner, Role.ROLE_PARTNER))
            .filter(partner -> scores.of(partner).getScore() >= job.request().getMinScore())
            .toList();
    List<NodeId> wave = job.nextWave(now, fitting);
    if (!wave.isEmpty()) {
      JobNotice notice =
          JobNotice.newBuilder()
              .setJob(job.entry().envelope())
              .setSlot(job.slot())
              .setDeadlineMillis(job.endsAt().millis())
              .build();
      post.plain(wave, notice, out);
    }
  }

  private void offer(BlockTime now, MatchedJob job, List<Effect> out) {
    long slot = chain.calendar().slotAt(now);
    for (Optional<Opened> next = job.peekOffer(); next.isPresent(); next = job.peekOffer()) {
      Opened bid = next.get();
      NodeId client = job.client().orElseThrow();
      boolean isGood =
          bid.body().getBid().getExpirySlot() >= slot && subscriptions.contains(bid.signer());
      int seq = job.passOffer(isGood);
      if (isGood) {
        AccountLeaf account = scores.of(bid.signer());
        Offer offer =
            Offer.newBuilder()
                .setBid(bid.envelope())
                .setScore(account.getScore())
                .setTenure(account.getTenure())
                .setScorePeriod(view.period())
                .setSeq(seq)
                .build();
        post.signed(client, offer, out);
      }
    }
  }

  // --- bids
  // ---------------------------------------------------------------------------------------

  /** A bid of a connected partner, signed by it (R6.4). */
  Verdict onBid(BlockTime now, Opened message, List<Effect> out) {
    Bid bid = message.body().getBid();
    MatchedJob job = byId.get(idOrZero(bid.getJobId()));
    if (job == null) {
      return unknown();
    }
    if (!subscriptions.contains(message.signer())) {
      return Verdict.reject(RejectCode.REJECT_CODE_NOT_AUTHORISED, "subscribe first");
    }
    Verdict verdict = BidRule.check(bid, job.request(), chain.calendar().slotAt(now));
    if (!verdict.isAccept()) {
      return verdict;
    }
    Optional<Opened> before = job.bidOf(message.signer());
    if (before.isPresent()) {
      return before.get().id().equals(message.id())
          ? new Verdict.Ignore(RejectCode.REJECT_CODE_USED)
          : Verdict.reject(RejectCode.REJECT_CODE_QUOTA, "one bid per job and partner");
    }
    if (job.isStopped() || isOver(job.id())) {
      return new Verdict.Ignore(RejectCode.REJECT_CODE_WRONG_STATE); // R6.7: without answer
    }
    if (!job.hasRoom()) {
      return Verdict.reject(RejectCode.REJECT_CODE_QUOTA, "this job has all the bids it can take");
    }
    job.add(message);
    step(now, job, out);
    return Verdict.ACCEPT;
  }

  // --- clients
  // ------------------------------------------------------------------------------------

  Verdict onControl(BlockTime now, NodeId peer, OfferControl control, List<Effect> out) {
    if (control.getJobId().size() != Hash.SIZE || control.getOffersMax() < 0) {
      return Verdict.reject(RejectCode.REJECT_CODE_BAD_FIELD, "jobId has 32 bytes");
    }
    Hash id = Hash.of(control.getJobId());
    MatchedJob job = byId.get(id);
    if (job == null) {
      return withoutJob(now, peer, id, control, out);
    }
    if (!job.entry().signer().equals(peer)) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_AUTHORISED, "offers go to the job's client only");
    }
    return control(now, job, control, out);
  }

  private Verdict withoutJob(
      BlockTime now, NodeId peer, Hash id, OfferControl control, List<Effect> out) {
    return switch (control.getOrder()) {
      case OFFER_ORDER_OPEN -> remember(now, peer, id, control.getOffersMax(), out);
      case OFFER_ORDER_STOP ->
          new Verdict.Ignore(RejectCode.REJECT_CODE_UNKNOWN_JOB); // said to all validators
      case OFFER_ORDER_MORE,
          OFFER_ORDER_REPORT_UNREACHABLE,
          OFFER_ORDER_UNSPECIFIED,
          UNRECOGNIZED ->
          unknown();
    };
  }

  private static Verdict unknown() {
    return Verdict.reject(RejectCode.REJECT_CODE_UNKNOWN_JOB, "this job is not matched here");
  }

  private Verdict control(BlockTime now, MatchedJob job, OfferControl control, List<Effect> out) {
    switch (control.getOrder()) {
      case OFFER_ORDER_OPEN -> {
        if (isOver(job.id())) {
          return Verdict.reject(RejectCode.REJECT_CODE_WRONG_STATE, "no seat of it is free");
        }
        job.open(now, job.entry().signer(), control.getOffersMax());
      }
      case OFFER_ORDER_MORE -> {
        if (!job.isOpen()) {
          return Verdict.reject(RejectCode.REJECT_CODE_WRONG_STATE, "the stream is closed");
        }
        job.more(now, control.getOffersMax());
      }
      case OFFER_ORDER_STOP -> {
        close(now, job);
        job.stop();
      }
      case OFFER_ORDER_REPORT_UNREACHABLE -> {
        boolean isPartner = control.getPartner().size() == NodeId.SIZE;
        if (!isPartner || !job.reportUnreachable(NodeId.of(control.getPartner()))) {
          return Verdict.reject(
              RejectCode.REJECT_CODE_BAD_FIELD, "no offer of this partner was sent");
        }
      }
      case OFFER_ORDER_UNSPECIFIED, UNRECOGNIZED -> {
        return Verdict.reject(RejectCode.REJECT_CODE_BAD_FIELD, "no such order");
      }
    }
    step(now, job, out);
    return Verdict.ACCEPT;
  }

  /** A client may hear of its stamp before the stamped request reaches this matcher. */
  private Verdict remember(
      BlockTime now, NodeId client, Hash jobId, int offersMax, List<Effect> out) {
    Optional<Long> number = early.add(client, jobId, offersMax);
    if (number.isEmpty()) {
      return unknown();
    }
    TimerId timer = TimerId.of(TIMER_EARLY, number.get());
    out.add(new Effect.SetTimer(timer, now.plusMillis(chain.rules().slotMillis())));
    return Verdict.ACCEPT;
  }

  private void rejectUnknown(NodeId client, Hash jobId, List<Effect> out) {
    post.reject(
        client, jobId, RejectCode.REJECT_CODE_UNKNOWN_JOB, "this job is not matched here", out);
  }

  void addLoads(List<Load> loads) {
    loads.add(early.load());
    loads.add(new Load("matched jobs", byNumber.size(), JOBS_MAX));
    int bids = byNumber.values().stream().mapToInt(MatchedJob::bids).max().orElse(0);
    loads.add(new Load("bids for a job", bids, MatchedJob.BIDS_MAX));
  }

  void onPeerDown(NodeId peer) {
    early.forget(peer);
    byNumber.values().stream()
        .filter(job -> job.client().filter(peer::equals).isPresent())
        .forEach(MatchedJob::disconnect);
  }

  /** Jobs that look for partners here now. */
  int open() {
    return (int) byNumber.values().stream().filter(MatchedJob::isOpen).count();
  }

  private static Hash idOrZero(ByteString bytes) {
    return bytes.size() == Hash.SIZE ? Hash.of(bytes) : Hash.ZERO;
  }
}
