package org.undchain.core.consensus;

import java.util.List;
import java.util.TreeMap;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.value.BlockTime;

/**
 * The timers of one height that are running; each is named after its purpose, the height and the
 * round (the repeat timer has no round), so what is left of an old round does nothing.
 */
final class Alarms {
  static final String RECOVER = "agree-recover";
  static final String PROPOSE = "agree-propose";
  static final String PREVOTE = "agree-prevote";
  static final String PRECOMMIT = "agree-precommit";
  static final String REPEAT = "agree-repeat";
  private static final String PREFIX = "agree-";

  private final long height;
  private final TreeMap<TimerId, BlockTime> armed = new TreeMap<>();

  Alarms(long height) {
    this.height = height;
  }

  static boolean owns(TimerId id) {
    return id.purpose().startsWith(PREFIX);
  }

  /** Arms a timer of a round unless it runs already and fires no later. */
  void arm(String purpose, int round, BlockTime at, List<Effect> out) {
    TimerId id = new TimerId(purpose, height, round);
    BlockTime before = armed.get(id);
    if (before == null || at.isBefore(before)) {
      armed.put(id, at);
      out.add(new Effect.SetTimer(id, at));
    }
  }

  void armRepeat(BlockTime at, List<Effect> out) {
    arm(REPEAT, 0, at, out);
  }

  /** Takes a timer that fired; false if it does not run any more. */
  boolean take(TimerId id) {
    return armed.remove(id) != null;
  }

  /** Leaves a round: all but the repeat timer are cancelled. */
  void leaveRound(List<Effect> out) {
    for (TimerId id : List.copyOf(armed.keySet())) {
      if (!id.purpose().equals(REPEAT)) {
        cancel(id, out);
      }
    }
  }

  void cancelAll(List<Effect> out) {
    List.copyOf(armed.keySet()).forEach(id -> cancel(id, out));
  }

  private void cancel(TimerId id, List<Effect> out) {
    armed.remove(id);
    out.add(new Effect.CancelTimer(id));
  }
}
