package org.undchain.sim.chaos;

import java.util.EnumSet;
import java.util.Locale;

/** Every kind of fault that a plan can hold. Names are what a report and {@code --keep} show. */
public enum FaultKind {
  LINK_SLOW(Group.NETWORK),
  NODE_SLOW(Group.NETWORK),
  LOSS(Group.NETWORK),
  DUPLICATION(Group.NETWORK),
  REORDERING(Group.NETWORK),
  CORRUPTION(Group.NETWORK),
  HALVES(Group.NETWORK),
  ISOLATED(Group.NETWORK),
  PAIR_CUT(Group.NETWORK),
  ONE_WAY_LINK(Group.NETWORK),
  MUTE_NODE(Group.NETWORK),
  DEAF_NODE(Group.NETWORK),
  FLAPPING(Group.NETWORK),
  RESET(Group.NETWORK),
  VOTES_LOST(Group.NETWORK),

  SLOW_SYNC(Group.DISK),
  SYNC_HANGS(Group.DISK),
  POWER_CUT(Group.DISK),
  TORN_TAIL(Group.DISK),
  WRITE_ERROR(Group.DISK),
  DISK_FULL(Group.DISK),
  BIT_FLIP(Group.DISK),
  MISDIRECTED(Group.DISK),
  LYING_SYNC(Group.DISK),
  ERASED(Group.DISK),
  OLD_BACKUP(Group.DISK),

  OFFSET(Group.CLOCK),
  DRIFT(Group.CLOCK),
  STEP_FORWARD(Group.CLOCK),
  STEP_BACK(Group.CLOCK),

  CRASH(Group.PROCESS),
  CRASH_LOOP(Group.PROCESS),
  DIES_RECOVERING(Group.PROCESS),
  CRASH_MANY(Group.PROCESS),
  CRASH_ALL(Group.PROCESS),
  PAUSE(Group.PROCESS),

  CRASH_AT(Group.TRIGGER),
  DIES_BEFORE_SENDING(Group.TRIGGER),
  ISOLATED_AT(Group.TRIGGER),
  PAUSE_AT(Group.TRIGGER),
  STEP_AT(Group.TRIGGER),
  DECIDER_CUT(Group.TRIGGER),
  VOTE_FORGOTTEN(Group.TRIGGER),
  LOCK_SPLIT(Group.SCHEDULE),

  TWINS(Group.TRAITOR),
  SILENT(Group.TRAITOR),
  SELECTIVE(Group.TRAITOR),
  LATE_SENDER(Group.TRAITOR),
  MUTATOR(Group.TRAITOR),
  TWO_VOTES(Group.TRAITOR),
  TWO_PROPOSALS(Group.TRAITOR),
  TWO_LANES(Group.TRAITOR),
  OMISSION(Group.TRAITOR),
  WRONG_STATE(Group.TRAITOR),
  BROKEN_LOCK(Group.TRAITOR),
  REPLAYER(Group.TRAITOR),

  DOUBLE_NONCE(Group.CLIENT),
  ONE_VALIDATOR(Group.CLIENT),
  AT_CUTOFF(Group.CLIENT),
  LAST_MOMENT(Group.CLIENT),
  REPEATED(Group.CLIENT),
  OVERDRAFT(Group.CLIENT),
  SPENT_TWICE(Group.CLIENT),
  NONCE_AGAIN(Group.CLIENT),
  PAUPER(Group.CLIENT),
  FORGED(Group.CLIENT),
  FUTURE(Group.CLIENT),
  BURST(Group.CLIENT),

  CLIENT_CRASH(Group.PARTY),
  PARTNER_CRASH(Group.PARTY),
  CLIENT_VANISHES(Group.PARTY),
  PARTNER_VANISHES(Group.PARTY),
  SEAT_LEFT(Group.PARTY);

  private final Group group;

  /** What a fault happens to. */
  public enum Group {
    NETWORK,
    DISK,
    CLOCK,
    PROCESS,
    TRIGGER,
    SCHEDULE,
    TRAITOR,
    CLIENT,
    PARTY
  }

  FaultKind(Group group) {
    this.group = group;
  }

  /**
   * The kind of a name as {@link #toString} gives it.
   *
   * @throws IllegalArgumentException if there is none
   */
  static FaultKind named(String name) {
    for (FaultKind kind : values()) {
      if (kind.toString().equals(name)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "there is no fault " + name + ", only " + EnumSet.allOf(FaultKind.class));
  }

  public Group group() {
    return group;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
