package org.undchain.sim.checker;

import java.util.ArrayList;
import java.util.List;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.Block;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.validator.ChainHead;
import org.undchain.sim.Chronicle;
import org.undchain.sim.Violation;
import org.undchain.sim.VirtualDisk;

/** S8: the blocks of a log, executed from genesis on, come to the states that were told. */
public final class ReplayChecker {
  private ReplayChecker() {}

  /** Judges one log. */
  public static void judge(Chain chain, VirtualDisk disk, Chronicle chronicle) {
    ChainHead head = new ChainHead(chain);
    for (LogRecord record : disk.durable()) {
      if (record.hasBlock()) {
        Block block = record.getBlock();
        head.apply(block.getHead().getHeader(), entries(chain, block), block.getHead().getQc());
        chronicle
            .stateAt(head.height())
            .filter(told -> !told.root().equals(head.state().root()))
            .ifPresent(told -> {
              throw new Violation(
                  "S8", "block " + head.height() + " comes to another state when replayed");
            });
      }
    }
  }

  private static List<OpenedEntry> entries(Chain chain, Block block) {
    List<OpenedEntry> entries = new ArrayList<>();
    for (Envelope envelope : block.getEntriesList()) {
      entries.add(
          Envelopes.openEntry(chain.context(), chain.signatures(), envelope)
              .good()
              .orElseThrow(() -> new Violation("S8", "an entry of a block does not open")));
    }
    return entries;
  }
}
