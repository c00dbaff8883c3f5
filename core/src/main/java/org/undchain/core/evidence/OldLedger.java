package org.undchain.core.evidence;

import java.util.List;
import java.util.Optional;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Header;
import org.undchain.core.value.NodeId;

/** What evidence asks of the ledger: a judgement under a state that is long gone. */
public interface OldLedger {

  /**
   * Whether an entry was eligible (R4.14) for the slot of a header in the state before it.
   *
   * @param leaves every leaf the judgement reads, proven against the header's prevStateRoot
   * @return empty if the leaves are not exactly these, do not prove, or the entry is of a kind
   *     whose judgement reads too much to be proven
   */
  Optional<Boolean> wasEligible(Header header, Envelope entry, List<LeafProof> leaves);

  /** Whether these keys belong to a quorum of different validators of the active set. */
  boolean isQuorum(List<NodeId> consensusKeys);
}
