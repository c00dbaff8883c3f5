package org.undchain.node.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Block;
import org.undchain.core.message.PayoutRecord;
import org.undchain.core.message.ProofFile;
import org.undchain.core.message.SetCert;
import org.undchain.core.message.SignedHeader;
import org.undchain.core.sync.Archive;
import org.undchain.core.value.Hash;

/**
 * What is over: blocks, closed pay periods and the chain of set certificates, read from the node's
 * store and kept within bounds. History never changes, so whoever reads it needs no lock, and two
 * readers that fetch the same thing fetch equal things.
 */
final class History {
  /** Closed periods kept ready: as many as validators must keep (R12.3). */
  static final int PERIODS_KEPT = 42;

  /** Job rows kept ready in all closed periods together, the newest period's left out. */
  static final int JOBS_KEPT = 100_000;

  /** Hand-overs of the validator set kept ready, about 2 KB each. */
  static final int LINKS_KEPT = 1024;

  private final Chain chain;
  private final Archive archive;
  private final ConcurrentSkipListMap<Long, ClosedPeriod> periods = new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListMap<Long, Link> links = new ConcurrentSkipListMap<>();

  /**
   * The end of a period: the PAYOUT header that the old set signed, and the set it hands over to.
   */
  private record Link(SignedHeader boundary, SetCert next) {}

  /** The way from the genesis to the set of one period (R10.9). */
  record Anchors(List<SetCert> sets, List<SignedHeader> boundaries) {}

  History(Chain chain, Archive archive) {
    this.chain = chain;
    this.archive = archive;
  }

  /** A period just ended with this payout. */
  void add(PayoutRecord record) {
    ClosedPeriod period = ClosedPeriod.of(record);
    periods.put(period.number(), period);
    links.put(period.number(), new Link(record.getHead(), record.getNextSet()));
    forget();
  }

  Optional<ClosedPeriod> period(long number) {
    ClosedPeriod kept = periods.get(number);
    if (kept != null) {
      return Optional.of(kept);
    }
    Optional<ClosedPeriod> read = archive.payout(number).map(ClosedPeriod::of);
    read.ifPresent(period -> periods.put(number, period));
    forget();
    return read;
  }

  /** The whole payout file with everything that proofs need. */
  Optional<PayoutRecord> payout(long number) {
    return archive.payout(number);
  }

  Optional<Block> block(long height) {
    return archive.block(height);
  }

  /** The proof kept when an entry committed; only its path, see {@link ProofAnswers}. */
  Optional<ProofFile> proof(Hash entryId) {
    return archive.proof(entryId);
  }

  /** The validators of a period that began. */
  Optional<ValidatorSet> set(long period) {
    return setCert(period).flatMap(ValidatorSet::of);
  }

  private Optional<SetCert> setCert(long period) {
    return period == 0
        ? Optional.of(GenesisBlock.firstSet(chain))
        : link(period - 1).map(Link::next);
  }

  Optional<Anchors> anchors(long period) {
    List<SetCert> sets = new ArrayList<>();
    List<SignedHeader> boundaries = new ArrayList<>();
    sets.add(GenesisBlock.firstSet(chain));
    for (long ended = 0; ended < period; ended++) {
      Optional<Link> link = link(ended);
      if (link.isEmpty()) {
        return Optional.empty();
      }
      boundaries.add(link.get().boundary());
      sets.add(link.get().next());
    }
    return Optional.of(new Anchors(sets, boundaries));
  }

  private Optional<Link> link(long period) {
    Link kept = links.get(period);
    if (kept != null) {
      return Optional.of(kept);
    }
    Optional<Link> read =
        archive.payout(period).map(record -> new Link(record.getHead(), record.getNextSet()));
    read.ifPresent(link -> links.put(period, link));
    forget();
    return read;
  }

  /** Height of the block of a slot, if it has one. */
  OptionalLong heightAt(long slot, Standing now) {
    long period = chain.calendar().periodOf(slot);
    if (period < now.period()) {
      return period(period).map(closed -> closed.heightAt(slot)).orElse(OptionalLong.empty());
    }
    long low = period == 0 ? 1 : period(period - 1).map(ClosedPeriod::height).orElse(0L) + 1;
    long high = now.height();
    while (low <= high) {
      long middle = (low + high) >>> 1;
      Optional<Block> block = block(middle);
      if (block.isEmpty()) {
        return OptionalLong.empty();
      }
      long found = block.get().getHead().getHeader().getSlot();
      if (found == slot) {
        return OptionalLong.of(middle);
      }
      if (found < slot) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return OptionalLong.empty();
  }

  private void forget() {
    while (links.size() > LINKS_KEPT) {
      links.pollFirstEntry();
    }
    while (periods.size() > PERIODS_KEPT || jobsBeforeTheNewest() > JOBS_KEPT) {
      periods.pollFirstEntry();
    }
  }

  private long jobsBeforeTheNewest() {
    Map.Entry<Long, ClosedPeriod> newest = periods.lastEntry();
    return newest == null
        ? 0
        : periods.headMap(newest.getKey()).values().stream()
            .mapToLong(period -> period.jobs().size())
            .sum();
  }
}
