package org.undchain.node.cli.net;

import java.util.Optional;
import org.undchain.core.rules.RunRules;
import org.undchain.node.cli.Arguments;
import org.undchain.node.cli.Failure;
import org.undchain.node.devnet.DevnetShape;

/** The options of {@code devnet} that say what the network is like. */
final class ShapeOptions {
  private static final long PERIOD_MILLIS = 120_000;

  private ShapeOptions() {}

  /** The shape of a new network. */
  static DevnetShape of(Arguments arguments) throws Failure {
    DevnetShape standard = DevnetShape.DEFAULT;
    int validators = count(arguments, "--validators", standard.validators());
    long slot = slot(arguments, standard.slotMillis());
    long period = Math.max(PERIOD_MILLIS / slot, DevnetShape.PERIOD_SLOTS_MIN);
    DevnetShape base =
        new DevnetShape(
            validators,
            Math.min(standard.known(), RunRules.knownMax(validators)),
            standard.passives(),
            standard.partners(),
            slot,
            period,
            standard.seed());
    return over(base, arguments);
  }

  /** What is asked for where it is said, and what is there where not. */
  static DevnetShape over(DevnetShape there, Arguments arguments) throws Failure {
    long slot = slot(arguments, there.slotMillis());
    return new DevnetShape(
        count(arguments, "--validators", there.validators()),
        count(arguments, "--known", there.known()),
        count(arguments, "--passives", there.passives()),
        count(arguments, "--partners", there.partners()),
        slot,
        periodSlots(arguments, slot, there.periodSlots()),
        arguments.integer("--seed", there.seed(), Long.MIN_VALUE, Long.MAX_VALUE),
        there.fileEntries());
  }

  private static int count(Arguments arguments, String option, int otherwise) throws Failure {
    return (int) arguments.integer(option, otherwise, 0, 1000);
  }

  private static long slot(Arguments arguments, long otherwise) throws Failure {
    Optional<String> text = arguments.text("--slot");
    if (text.isEmpty()) {
      return otherwise;
    }
    long millis = Durations.millis("--slot", text.get());
    if (millis < DevnetShape.SLOT_MILLIS_MIN || millis > DevnetShape.SLOT_MILLIS_MAX) {
      throw Failure.usage(
          "--slot is " + text.get(),
          "a slot holds the stages of agreement and one round that fell back",
          "--slot 500ms at least, --slot 15s at most");
    }
    return millis;
  }

  private static long periodSlots(Arguments arguments, long slotMillis, long otherwise)
      throws Failure {
    Optional<String> text = arguments.text("--period");
    if (text.isEmpty()) {
      return otherwise;
    }
    long millis = Durations.millis("--period", text.get());
    long slots = millis / slotMillis;
    if (slots < DevnetShape.PERIOD_SLOTS_MIN
        || slots > DevnetShape.PERIOD_SLOTS_MAX
        || millis % slotMillis != 0) {
      throw Failure.usage(
          "--period " + text.get() + " does not fit slots of " + slotMillis + " ms",
          "a period is a whole number of slots, from "
              + DevnetShape.PERIOD_SLOTS_MIN
              + " to "
              + DevnetShape.PERIOD_SLOTS_MAX,
          "--period " + DevnetShape.PERIOD_SLOTS_MIN * slotMillis + "ms at least");
    }
    return slots;
  }
}
