package org.undchain.core.validator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.codec.Canonical;
import org.undchain.core.consensus.JobFileView;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.job.OpenFiles;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.Eligibility;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Header;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.ReconInsist;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The job file of one height as the vote sees it: own file, validity, union, skip (R4.16, R4.18,
 * R4.22).
 */
final class HeightFile implements JobFileView {
  /** Slots behind the present from which a skip is worth a round (R4.18 c). */
  private static final long SKIP_BEHIND = 9;

  private static final long SKIP_SLACK_MILLIS = 500;
  private static final int HARD_LIMIT = 4;

  private final Chain chain;
  private final ChainHead head;
  private final OpenFiles files;
  private final long slot;
  private final boolean isPayout;
  private final Map<Hash, Candidate> seen = new TreeMap<>();
  private List<Hash> ownIds = List.of();
  private Hash ownRoot = ChainHead.entriesRoot(List.of());
  private Optional<Candidate> own = Optional.empty();

  HeightFile(Chain chain, ChainHead head, OpenFiles files) {
    this.chain = chain;
    this.head = head;
    this.files = files;
    this.slot = head.workSlot();
    this.isPayout = head.isPayoutNext();
  }

  /**
   * Takes the frozen lane as F_v and I_v: what became ineligible under the parent's state is left
   * out.
   */
  void freeze() {
    List<Hash> eligible = new ArrayList<>();
    for (Hash id : files.frozenIds(slot)) {
      if (files.content(id).filter(this::isEligible).isPresent()) {
        eligible.add(id);
      }
    }
    ownIds = List.copyOf(eligible);
    ownRoot = files.rootOf(slot, ownIds).orElseGet(() -> ChainHead.entriesRoot(ownIds));
  }

  @Override
  public Candidate own() {
    if (own.isEmpty()) {
      Candidate made =
          isPayout
              ? head.payoutCandidate()
              : new Candidate(header(ownIds, head.plainNextSlot()), ownIds);
      own = Optional.of(remember(made));
    }
    return own.get();
  }

  @Override
  public List<Hash> insisted() {
    return ownIds;
  }

  @Override
  public boolean wantsSkip(BlockTime now) {
    return !isPayout
        && slot + 1 < lastSlot()
        && chain.calendar().slotAt(now) > slot + SKIP_BEHIND
        && !files.hasLane(slot + 1);
  }

  @Override
  public Validity check(Candidate candidate) {
    Header header = candidate.header();
    if (isPayout) {
      return header.equals(head.payoutCandidate().header()) && candidate.ids().isEmpty()
          ? new Validity.Valid()
          : new Validity.Invalid("not the PAYOUT this validator computed");
    }
    Optional<String> wrong = formError(candidate);
    if (wrong.isPresent()) {
      return new Validity.Invalid(wrong.get());
    }
    List<Hash> missing = new ArrayList<>();
    long bytes = 0;
    for (Hash id : candidate.ids()) {
      Optional<OpenedEntry> entry = files.content(id);
      if (entry.isEmpty()) {
        missing.add(id);
      } else if (!isEligible(entry.get())) {
        return new Validity.Invalid("entry " + id + " is not eligible");
      } else {
        bytes += entry.get().bodyBytes();
      }
    }
    if (bytes > (long) HARD_LIMIT * chain.rules().maxBytes()) {
      return new Validity.Invalid("file has " + bytes + " bytes");
    }
    remember(candidate);
    return missing.isEmpty() ? new Validity.Valid() : new Validity.Missing(missing);
  }

  private Optional<String> formError(Candidate candidate) {
    List<Hash> ids = candidate.ids();
    if (ids.size() > HARD_LIMIT * chain.rules().maxEntries()) {
      return Optional.of("file has " + ids.size() + " entries");
    }
    for (int i = 1; i < ids.size(); i++) {
      if (ids.get(i - 1).compareTo(ids.get(i)) >= 0) {
        return Optional.of("ids are not ascending and unique");
      }
    }
    long following = candidate.header().getNextSlot();
    boolean isSkip = following != head.plainNextSlot();
    if (isSkip
        && (chain.calendar().isLastSlot(slot) || following <= slot + 1 || following > lastSlot())) {
      return Optional.of("next slot " + following + " breaks R4.18");
    }
    return candidate.header().equals(header(ids, following))
        ? Optional.empty()
        : Optional.of("a header field is not what this validator computes");
  }

  @Override
  public boolean isSkipAllowed(BlockTime now, Header header) {
    if (header.getKind() != BlockKind.BLOCK_KIND_NORMAL
        || header.getNextSlot() == head.plainNextSlot()) {
      return true;
    }
    BlockTime voteOfNext =
        chain
            .calendar()
            .cutoffOf(slot + 1)
            .plusMillis((head.set().faulty() + 1) * chain.rules().stageMillis());
    return header.getNextSlot() <= chain.calendar().slotAt(now)
        && header.getNextSlot() <= lastSlot()
        && !now.isBefore(voteOfNext)
        && !files.hasLane(slot + 1);
  }

  @Override
  public void close(long nextSlot) {
    files.close(nextSlot);
  }

  @Override
  public ReconInsist insist(int round) {
    return files.insist(slot, head.height() + 1, round);
  }

  @Override
  public Candidate union(BlockTime now, List<NodeId> senders, List<ReconInsist> insists) {
    if (isPayout) {
      return own();
    }
    List<Hash> ids = new ArrayList<>();
    for (Hash id : files.union(slot, ownIds, insists)) {
      if (files.content(id).filter(this::isEligible).isPresent()) {
        ids.add(id);
      }
    }
    boolean isNextEmpty =
        !files.hasLane(slot + 1) && insists.stream().noneMatch(ReconInsist::getHasLaneNext);
    return remember(new Candidate(header(ids, followingSlot(now, isNextEmpty)), ids));
  }

  private long followingSlot(BlockTime now, boolean isNextEmpty) {
    boolean maySkip =
        isNextEmpty
            && !chain.calendar().isLastSlot(slot)
            && chain.calendar().slotAt(now) > slot + SKIP_BEHIND;
    if (!maySkip) {
      return head.plainNextSlot();
    }
    long present = chain.calendar().slotAt(now.plusMillis(-SKIP_SLACK_MILLIS));
    return Math.max(head.plainNextSlot(), Math.min(present, lastSlot()));
  }

  @Override
  public Optional<Candidate> known(Hash value) {
    return Optional.ofNullable(seen.get(value));
  }

  /** Nearly always of the own ids, whose root the own lane has kept up to date. */
  private Header header(List<Hash> ids, long following) {
    Hash root = ids.equals(ownIds) ? ownRoot : ChainHead.entriesRoot(ids);
    return head.header(root, ids.size(), following);
  }

  private Candidate remember(Candidate candidate) {
    seen.put(Hashes.sha256(Canonical.encode(candidate.header())), candidate);
    return candidate;
  }

  private boolean isEligible(OpenedEntry entry) {
    return Eligibility.check(chain, head.state(), entry, slot).isAccept();
  }

  private long lastSlot() {
    return chain.calendar().lastSlotOf(head.period());
  }
}
