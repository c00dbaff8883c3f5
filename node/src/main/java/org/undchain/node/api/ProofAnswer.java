package org.undchain.node.api;

import java.util.Optional;
import java.util.OptionalLong;
import org.undchain.core.codec.Canonical;
import org.undchain.core.message.Block;
import org.undchain.core.message.PayoutRecord;
import org.undchain.core.message.ProofFile;
import org.undchain.core.message.SeenLeaf;
import org.undchain.core.message.SignedHeader;
import org.undchain.core.payout.ProofFiles;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * Serves portable proofs (R12.4): of a job its row in the newest payout file that has one, of
 * anything else, and of a job before that, the path that was kept when the entry committed.
 */
final class ProofAnswer {
  private final History history;
  private final Jobs jobs;

  ProofAnswer(History history, Jobs jobs) {
    this.history = history;
    this.jobs = jobs;
  }

  Bytes of(Standing now, Hash id) throws Refused {
    SeenLeaf seen = jobs.seen(now, id);
    OptionalLong period = jobs.lastPeriod(seen.getSlot(), id);
    ProofFile proof = period.isPresent() ? row(period.getAsLong(), id) : leaf(id, seen);
    return Canonical.encode(proof);
  }

  private ProofFile row(long period, Hash jobId) throws Refused {
    Optional<PayoutRecord> record = history.payout(period);
    Optional<ProofFile> proof =
        record.flatMap(payout -> ProofFiles.ofJob(payout.getFile(), jobId, payout.getHead()));
    if (proof.isEmpty()) {
      throw Jobs.unknown(jobId);
    }
    return anchored(proof.get(), proof.get().getHead());
  }

  private ProofFile leaf(Hash id, SeenLeaf seen) throws Refused {
    Optional<ProofFile> kept = history.proof(id);
    Optional<SignedHeader> head = history.block(seen.getHeight() + 1).map(Block::getHead);
    if (head.isEmpty()) {
      throw Refused.notYet(
          "the proof of " + id.hex() + " is not complete yet",
          "the header after block " + seen.getHeight() + " names the state that it is a path in",
          "ask again after the next block");
    }
    if (kept.isEmpty()) {
      throw Refused.notFound(
          "no proof was kept of " + id.hex(),
          "BEATs of validators have none",
          "/v1/blocks/" + seen.getHeight());
    }
    return anchored(kept.get(), head.get());
  }

  private ProofFile anchored(ProofFile proof, SignedHeader head) throws Refused {
    Optional<History.Anchors> anchors = history.anchors(head.getHeader().getPeriod());
    if (anchors.isEmpty()) {
      throw Refused.notFound(
          "the way from the genesis to this proof is not complete",
          "this node lacks a payout record before period " + head.getHeader().getPeriod(),
          "ask another node");
    }
    return ProofFiles.anchored(proof, head, anchors.get().sets(), anchors.get().boundaries());
  }
}
