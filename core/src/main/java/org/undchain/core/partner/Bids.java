package org.undchain.core.partner;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.undchain.core.agent.Mail;
import org.undchain.core.machine.Effect;
import org.undchain.core.message.Bid;
import org.undchain.core.message.Entry;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.JobNotice;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Request;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** The partner's bids, one per job: every validator that tells of the job gets the same bytes. */
final class Bids {
  /** Most bids remembered; the oldest gives way. */
  static final int BIDS_MAX = 4096;

  private static final int VALID_WINDOWS = 2;

  private final PartnerProfile profile;
  private final PartnerKeys keys;
  private final Mail mail;
  private final LinkedHashMap<Hash, OwnBid> byJob = new LinkedHashMap<>();

  /**
   * A bid as it was signed, and the job it is for.
   *
   * @param id of the envelope: the contract's bidHash
   */
  record OwnBid(OpenedEntry job, Envelope envelope, Hash id, Bid bid) {
    Request request() {
      return job.body().getRequest();
    }
  }

  Bids(PartnerProfile profile, PartnerKeys keys, Mail mail) {
    this.profile = profile;
    this.keys = keys;
    this.mail = mail;
  }

  Optional<OwnBid> of(Hash jobId) {
    return Optional.ofNullable(byJob.get(jobId));
  }

  /** Bids on a job that the partner can do, at the validator that told of it. */
  Optional<PartnerNotice> onNotice(
      BlockTime now, NodeId validator, JobNotice notice, long freeUnits, List<Effect> out) {
    Optional<OpenedEntry> job =
        Envelopes.openEntry(mail.chain().context(), mail.chain().signatures(), notice.getJob())
            .good();
    if (job.isEmpty() || job.get().body().getEntryCase() != Entry.EntryCase.REQUEST) {
      return Optional.empty();
    }
    OwnBid known = byJob.get(job.get().id());
    if (known != null) {
      out.add(new Effect.Send(validator, known.envelope()));
      return Optional.empty();
    }
    if (!isWanted(job.get().body().getRequest(), mail.slotAt(now), freeUnits)) {
      return Optional.empty();
    }
    OwnBid made = make(now, job.get(), freeUnits);
    byJob.put(job.get().id(), made);
    if (byJob.size() > BIDS_MAX) {
      byJob.pollFirstEntry();
    }
    out.add(new Effect.Send(validator, made.envelope()));
    return Optional.of(
        new PartnerNotice.Bidding(job.get().id(), job.get().signer(), profile.unitPrice()));
  }

  private boolean isWanted(Request request, long slot, long freeUnits) {
    return request.getUtility() == profile.utility()
        && request.getMaxPerPartner() >= profile.unitPrice()
        && request.getStartBy() >= slot
        && freeUnits > 0;
  }

  private OwnBid make(BlockTime now, OpenedEntry job, long freeUnits) {
    Bytes seed = keys.seedOf(job.id());
    long valid = VALID_WINDOWS * (long) mail.chain().rules().validitySlots();
    Bid bid =
        Bid.newBuilder()
            .setJobId(job.id().toByteString())
            .setUnitPrice(profile.unitPrice())
            .addAllRoutes(profile.routes())
            .setEphemeralKey(keys.sessions().signer(seed).id().toByteString())
            .setExpirySlot(Math.min(job.body().getRequest().getStartBy(), mail.slotAt(now) + valid))
            .setCapacity(freeUnits)
            .build();
    Envelope envelope = mail.sealed(now, bid);
    return new OwnBid(job, envelope, Envelopes.id(mail.chain().context(), envelope), bid);
  }
}
