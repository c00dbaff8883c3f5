package org.undchain.core.consensus;

import org.undchain.core.message.BlockKind;
import org.undchain.core.rules.RunRules;

/**
 * The waits of a round in milliseconds (section 4.5); they grow with the round up to round 20.
 *
 * @param stage D, in which a message of an honest validator reaches all others: how long to wait
 *     where only what others made of votes unknown here can still come (decision 0026)
 */
record Timeouts(long stage, long recoverBase, long proposeBase, long voteBase, long payoutExtra) {
  /** R4.28: own messages are sent again this often until the height is decided. */
  static final long REPEAT_MILLIS = 500;

  private static final int ROUND_MAX = 20;
  private static final long PAYOUT_EXTRA_MILLIS = 2000;

  static Timeouts of(RunRules rules, BlockKind kind) {
    return new Timeouts(
        rules.stageMillis(),
        rules.recoverBaseMillis(),
        rules.proposeBaseMillis(),
        rules.voteBaseMillis(),
        kind == BlockKind.BLOCK_KIND_PAYOUT ? PAYOUT_EXTRA_MILLIS : 0);
  }

  /** T_rec(r): how long the proposer waits for INSISTs. */
  long recover(int round) {
    return recoverBase + 200L * counted(round);
  }

  long propose(int round) {
    return proposeBase + 400L * counted(round);
  }

  /** T_prevote(r); 2 s longer at a PAYOUT, whose file takes time to compute (R12.2). */
  long prevote(int round) {
    return voteBase + 200L * counted(round) + payoutExtra;
  }

  long precommit(int round) {
    return voteBase + 200L * counted(round);
  }

  private static int counted(int round) {
    return Math.min(round, ROUND_MAX);
  }
}
