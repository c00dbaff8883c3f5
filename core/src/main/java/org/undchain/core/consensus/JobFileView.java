package org.undchain.core.consensus;

import java.util.List;
import java.util.Optional;
import org.undchain.core.message.Header;
import org.undchain.core.message.ReconInsist;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * What the vote of one height needs to know of job files and ledger; nothing here changes them
 * except {@link #close}. The ids of a value stand ascending and without repetition.
 */
public interface JobFileView {

  /** A value: a header and the ids its entriesRoot commits to. */
  record Candidate(Header header, List<Hash> ids) {
    public Candidate {
      ids = List.copyOf(ids);
    }
  }

  /**
   * Whether a candidate is valid (R4.16): yes, no and why, or not yet since contents are missing.
   */
  sealed interface Validity {
    record Valid() implements Validity {}

    record Invalid(String why) implements Validity {}

    record Missing(List<Hash> ids) implements Validity {}
  }

  /**
   * The frozen own file with its header (R4.20, R4.21): s + 1, period end or PAYOUT, never a skip.
   */
  Candidate own();

  /** I_v: the ids this validator insists on (section 4.5), ascending. */
  List<Hash> insisted();

  /** Whether this validator would rather skip: it then prevotes nil in round 0 (R4.21). */
  boolean wantsSkip(BlockTime now);

  /** Full check of R4.16 against the state after the parent. */
  Validity check(Candidate candidate);

  /** SkipOK of R4.18 for a valid header. */
  boolean isSkipAllowed(BlockTime now, Header header);

  /**
   * Promises never again to stamp for a slot below {@code nextSlot}. The caller has put the record
   * in front of its vote (R4.18).
   */
  void close(long nextSlot);

  /** What this validator sends to the proposer on entering round {@code round} ≥ 1 (R4.22). */
  ReconInsist insist(int round);

  /**
   * The union a proposer offers (R4.22): its own eligible ids and, from each sender, what R4.22
   * admits; nextSlot by R4.18(c).
   */
  Candidate union(BlockTime now, List<NodeId> senders, List<ReconInsist> insists);

  /** The ids of a value this validator has seen before, its own included. */
  Optional<Candidate> known(Hash value);
}
