package org.undchain.core.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.undchain.core.agent.Mail;
import org.undchain.core.agent.Validators;
import org.undchain.core.machine.Effect;
import org.undchain.core.message.Ack;
import org.undchain.core.message.Bid;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Offer;
import org.undchain.core.message.OfferControl;
import org.undchain.core.message.OfferOrder;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The offers for this client's jobs (R6.4, R6.5): opens the stream at every matcher that an Ack
 * names and tells each partner's bid once, whoever sends it first.
 */
final class Offers {
  /** Most jobs that look for partners at once; the oldest gives way. */
  static final int JOBS_MAX = 256;

  /** Most bids of one job that are told. */
  static final int BIDS_MAX = 1024;

  /** Most matchers of one job: the largest validator set. */
  static final int MATCHERS_MAX = 10;

  private final Mail mail;
  private final Validators validators;
  private final LinkedHashMap<Hash, Job> jobs = new LinkedHashMap<>();

  /** A job and what is known of its offers. */
  private static final class Job {
    final Set<NodeId> matchers = new TreeSet<>();
    final Set<NodeId> opened = new TreeSet<>();
    final Set<Hash> bids = new TreeSet<>();
    boolean isStopped;
  }

  Offers(Mail mail, Validators validators) {
    this.mail = mail;
    this.validators = validators;
  }

  /** The client wants the offers of this job, perhaps again. */
  void want(Hash jobId) {
    jobs.computeIfAbsent(jobId, id -> new Job()).isStopped = false;
    if (jobs.size() > JOBS_MAX) {
      jobs.pollFirstEntry();
    }
  }

  /** A validator named the matchers of a job. */
  void onAck(BlockTime now, Ack ack, List<Effect> out) {
    Job job = ack.getEntryId().size() == Hash.SIZE ? jobs.get(Hash.of(ack.getEntryId())) : null;
    if (job == null || ack.getMatchersCount() > MATCHERS_MAX) {
      return;
    }
    ack.getMatchersList().stream()
        .filter(id -> id.size() == NodeId.SIZE)
        .map(NodeId::of)
        .filter(validators.sets()::isMember)
        .filter(id -> job.matchers.size() < MATCHERS_MAX)
        .forEach(job.matchers::add);
    open(now, Hash.of(ack.getEntryId()), job, out);
  }

  /** Opens the streams that are not open yet. */
  private void open(BlockTime now, Hash jobId, Job job, List<Effect> out) {
    List<NodeId> connected = validators.connected();
    List<NodeId> due =
        job.matchers.stream()
            .filter(connected::contains)
            .filter(matcher -> !job.opened.contains(matcher))
            .toList();
    if (!due.isEmpty() && !job.isStopped) {
      job.opened.addAll(due);
      order(now, due, jobId, OfferOrder.OFFER_ORDER_OPEN, out);
    }
  }

  void onPeerUp(BlockTime now, List<Effect> out) {
    jobs.forEach((jobId, job) -> open(now, jobId, job, out));
  }

  void onPeerDown(NodeId peer) {
    jobs.values().forEach(job -> job.opened.remove(peer));
  }

  /** Streams end after a while; this opens them from the first offer on. */
  void more(BlockTime now, Hash jobId, List<Effect> out) {
    want(jobId);
    Job job = jobs.get(jobId);
    if (job != null) {
      job.opened.clear();
      open(now, jobId, job, out);
    }
  }

  /** Said to all validators: whoever does not match the job does not mind. */
  void stop(BlockTime now, Hash jobId, List<Effect> out) {
    Job job = jobs.get(jobId);
    if (job != null) {
      job.isStopped = true;
      order(now, validators.active(), jobId, OfferOrder.OFFER_ORDER_STOP, out);
    }
  }

  void reportUnreachable(BlockTime now, Hash jobId, NodeId partner, List<Effect> out) {
    Job job = jobs.get(jobId);
    if (job != null && !job.opened.isEmpty()) {
      OfferControl control =
          OfferControl.newBuilder()
              .setJobId(jobId.toByteString())
              .setOrder(OfferOrder.OFFER_ORDER_REPORT_UNREACHABLE)
              .setPartner(partner.toByteString())
              .build();
      out.add(new Effect.Broadcast(List.copyOf(job.opened), mail.plain(now, control)));
    }
  }

  private void order(
      BlockTime now, List<NodeId> to, Hash jobId, OfferOrder order, List<Effect> out) {
    OfferControl control =
        OfferControl.newBuilder().setJobId(jobId.toByteString()).setOrder(order).build();
    out.add(new Effect.Broadcast(to, mail.plain(now, control)));
  }

  /** A bid in an offer of a validator; told if it is good and new. */
  Optional<ClientNotice> onOffer(BlockTime now, Offer offer) {
    Optional<Opened> opened =
        Envelopes.open(mail.chain().context(), mail.chain().signatures(), offer.getBid()).good();
    if (opened.isEmpty() || !opened.get().isSigned() || !opened.get().body().hasBid()) {
      return Optional.empty();
    }
    Bid bid = opened.get().body().getBid();
    Hash jobId = bid.getJobId().size() == Hash.SIZE ? Hash.of(bid.getJobId()) : Hash.ZERO;
    Job job = jobs.get(jobId);
    boolean isGood =
        bid.getExpirySlot() >= mail.slotAt(now) && bid.getEphemeralKey().size() == NodeId.SIZE;
    if (job == null || job.isStopped || job.bids.size() >= BIDS_MAX || !isGood) {
      return Optional.empty();
    }
    if (!job.bids.add(opened.get().id())) {
      return Optional.empty();
    }
    return Optional.of(
        new ClientNotice.Offered(
            jobId,
            opened.get().signer(),
            offer.getBid(),
            bid,
            offer.getScore(),
            offer.getTenure(),
            offer.getScorePeriod()));
  }

  /** A matcher refuses a stream: told when no other one has it open. */
  Optional<ClientNotice> onReject(NodeId peer, Reject reject) {
    Hash jobId = reject.getRef().size() == Hash.SIZE ? Hash.of(reject.getRef()) : Hash.ZERO;
    Job job = jobs.get(jobId);
    boolean isOfStream = reject.getCode() == RejectCode.REJECT_CODE_UNKNOWN_JOB;
    if (job == null || !isOfStream || !job.opened.remove(peer) || !job.opened.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new ClientNotice.OffersRefused(jobId, reject.getCode(), reject.getDetail()));
  }
}
