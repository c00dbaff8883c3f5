package org.undchain.node.devnet;

import java.util.List;
import org.undchain.core.rules.RunRules;
import org.undchain.node.config.ConfigException;

/**
 * What a devnet is asked to be like; checked before anything is made.
 *
 * @param validators active ones, 1–10
 * @param known how many of them the owner appoints
 * @param passives validators that follow and stand by
 * @param slotMillis length of a slot, 500–15000
 * @param periodSlots slots of a pay period, 48–21600
 * @param seed every key follows from it
 * @param fileEntries entries of a job file, shared out among the validators (R4.3)
 */
public record DevnetShape(
    int validators,
    int known,
    int passives,
    int partners,
    long slotMillis,
    long periodSlots,
    long seed,
    int fileEntries) {
  /** Entries of a job file where nobody asks for others. */
  public static final int FILE_ENTRIES = 8192;

  public static final DevnetShape DEFAULT = new DevnetShape(9, 3, 2, 8, 2000, 60, 42);

  public static final int VALIDATORS_MAX = 10;
  public static final int PASSIVES_MAX = 16;
  public static final int PARTNERS_MAX = 64;
  public static final long SLOT_MILLIS_MIN = 500;
  public static final long SLOT_MILLIS_MAX = 15_000;
  public static final long PERIOD_SLOTS_MIN = 48;
  public static final long PERIOD_SLOTS_MAX = 21_600;

  private static final int FILE_ENTRIES_MAX = 65_536;
  private static final int CODE = 1400;

  /** One with files of the usual size. */
  public DevnetShape(
      int validators,
      int known,
      int passives,
      int partners,
      long slotMillis,
      long periodSlots,
      long seed) {
    this(validators, known, passives, partners, slotMillis, periodSlots, seed, FILE_ENTRIES);
  }

  /** The same with files of this size. */
  public DevnetShape withFileEntries(int entries) {
    return new DevnetShape(
        validators, known, passives, partners, slotMillis, periodSlots, seed, entries);
  }

  /** This shape, if a network can have it. */
  public DevnetShape checked() throws ConfigException {
    within("--validators", validators, 1, VALIDATORS_MAX);
    within("--passives", passives, 0, PASSIVES_MAX);
    within("--partners", partners, 0, PARTNERS_MAX);
    within("--slot in milliseconds", slotMillis, SLOT_MILLIS_MIN, SLOT_MILLIS_MAX);
    within("--period in slots", periodSlots, PERIOD_SLOTS_MIN, PERIOD_SLOTS_MAX);
    within("entries of a file", fileEntries, 10L * VALIDATORS_MAX, FILE_ENTRIES_MAX);
    int knownMax = RunRules.knownMax(validators);
    if (known < 0 || known > knownMax) {
      throw new ConfigException(
          CODE,
          known + " known of " + validators + " validators, the limit is " + knownMax,
          "known ones are appointed; the protocol caps them so that unknown ones keep the majority",
          List.of("--known " + knownMax, "undchain rules explain validators.known"));
    }
    return this;
  }

  /** In words, for people. */
  public String words() {
    return validators
        + " validators ("
        + known
        + " known), "
        + passives
        + " passive, "
        + partners
        + " partners, slots of "
        + slotMillis
        + " ms, periods of "
        + periodSlots
        + " slots, seed "
        + seed;
  }

  private static void within(String what, long value, long low, long high) throws ConfigException {
    if (value < low || value > high) {
      throw new ConfigException(
          CODE,
          what + " is " + value + ", the limit is " + (value < low ? low : high),
          "a devnet has to run on one machine, by the rules of every chain",
          List.of("choose a value from " + low + " to " + high));
    }
  }
}
