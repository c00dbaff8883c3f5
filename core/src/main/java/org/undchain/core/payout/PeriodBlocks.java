package org.undchain.core.payout;

import java.util.List;

/** All blocks of one pay period in order, the PAYOUT itself left out. */
public record PeriodBlocks(long period, List<CommittedBlock> blocks) {
  public PeriodBlocks {
    blocks = List.copyOf(blocks);
  }
}
