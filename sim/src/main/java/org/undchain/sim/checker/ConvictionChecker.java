package org.undchain.sim.checker;

import java.util.function.Predicate;
import org.undchain.core.ledger.Table;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.EvidenceLeaf;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/** S15: nobody is convicted who only did what the protocol says. */
public final class ConvictionChecker implements Observer {
  private final Predicate<NodeId> isGuilty;
  private long height;
  private int convictions;

  /**
   * @param isGuilty validators that lied or lost their log
   */
  public ConvictionChecker(Predicate<NodeId> isGuilty) {
    this.isGuilty = isGuilty;
  }

  /** Breaches in the newest state. */
  public int convictions() {
    return convictions;
  }

  @Override
  public void onNotice(NodeId node, BlockTime now, Notice notice) {
    if (!(notice instanceof ValidatorNotice.BlockCommitted committed)
        || committed.block().header().getHeight() <= height) {
      return;
    }
    height = committed.block().header().getHeight();
    boolean hasEvidence =
        committed.block().entries().stream().anyMatch(entry -> entry.body().hasEvidence());
    if (!hasEvidence) {
      return;
    }
    convictions = 0;
    for (EvidenceLeaf leaf : committed.after().all(Table.EVIDENCE, EvidenceLeaf.class)) {
      convictions++;
      NodeId offender = NodeId.of(leaf.getOffender());
      if (!isGuilty.test(offender)) {
        throw new Violation(
            "S15", offender + " is innocent and convicted in block " + height + " of " + leaf);
      }
    }
  }
}
