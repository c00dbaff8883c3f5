package org.undchain.sim.checker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.Block;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Header;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.validator.ChainHead;
import org.undchain.sim.Chronicle;
import org.undchain.sim.Violation;
import org.undchain.sim.VirtualDisk;

/**
 * S8: the blocks of a log, executed from genesis on, come to the states that were told. To execute
 * is a pure function, so of logs with the same blocks one is executed.
 */
public final class ReplayChecker {
  private final Chain chain;
  private final Chronicle chronicle;
  private final Map<Long, Block> executed = new HashMap<>();

  public ReplayChecker(Chain chain, Chronicle chronicle) {
    this.chain = chain;
    this.chronicle = chronicle;
  }

  /** Judges one log. */
  public void judge(VirtualDisk disk) {
    List<Block> blocks = disk.durableBlocks();
    if (!blocks.stream().allMatch(this::isExecuted)) {
      execute(blocks);
    }
  }

  /** Whether this header and these entries were executed; under which certificate is no matter. */
  private boolean isExecuted(Block block) {
    Header header = block.getHead().getHeader();
    Block known = executed.get(header.getHeight());
    return known != null
        && known.getHead().getHeader().equals(header)
        && known.getEntriesList().equals(block.getEntriesList());
  }

  private void execute(List<Block> blocks) {
    ChainHead head = new ChainHead(chain);
    for (Block block : blocks) {
      head.apply(block.getHead().getHeader(), entries(chain, block), block.getHead().getQc());
      chronicle
          .stateAt(head.height())
          .filter(told -> !told.root().equals(head.state().root()))
          .ifPresent(told -> {
            throw new Violation(
                "S8", "block " + head.height() + " comes to another state when replayed");
          });
      executed.put(head.height(), block);
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
