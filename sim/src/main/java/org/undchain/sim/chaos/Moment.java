package org.undchain.sim.chaos;

import java.util.Locale;

/** A point of the protocol at which a fault can be triggered; seen at the border of a machine. */
public enum Moment {
  PREVOTE_DURABLE,
  PRECOMMIT_DURABLE,
  PROPOSAL_DURABLE,
  LANE_DURABLE,
  FREEZE_DURABLE,
  SLOTS_CLOSED,
  BLOCK_DURABLE,
  PAYOUT_DURABLE,
  BEAT_DURABLE,
  VOTE_BEGAN,
  ROUND_ENTERED,
  LOCKED,
  DECIDED,
  BEHIND,
  SYNCED;

  /** Whether something waits for the disk at this moment. */
  public boolean isDurable() {
    return ordinal() <= BEAT_DURABLE.ordinal();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
