package org.undchain.core.payout;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.message.PayoutFile;
import org.undchain.core.value.Bytes;

/**
 * All blocks of one pay period in order, the PAYOUT itself left out, as what the payout file will
 * need of them. Every entry stays until the period ends: folded into one piece of bytes a block it
 * takes a fraction of the room that its objects do, and the collector has nothing to walk through.
 */
public final class PeriodBlocks {
  private final List<Bytes> folded = new ArrayList<>();
  private Optional<CommittedBlock> newest = Optional.empty();
  private boolean isNewestFolded = true;

  public static PeriodBlocks of(List<CommittedBlock> blocks) {
    PeriodBlocks period = new PeriodBlocks();
    blocks.forEach(period::add);
    return period;
  }

  public void add(CommittedBlock block) {
    fold();
    newest = Optional.of(block);
    isNewestFolded = false;
  }

  /** Takes the time now that the next block or the payout would have to wait for. */
  public void fold() {
    if (!isNewestFolded) {
      folded.add(Canonical.encode(PayoutRows.of(newest.orElseThrow())));
      isNewestFolded = true;
    }
  }

  /** The newest block, unless the period has none yet. */
  public Optional<CommittedBlock> newest() {
    return newest;
  }

  public void clear() {
    folded.clear();
    newest = Optional.empty();
    isNewestFolded = true;
  }

  /** The file with the rows of all blocks. */
  PayoutFile fill(PayoutFile.Builder file) {
    fold();
    return PayoutRows.merge(folded, file);
  }
}
