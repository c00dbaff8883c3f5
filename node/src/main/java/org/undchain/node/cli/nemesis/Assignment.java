package org.undchain.node.cli.nemesis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.undchain.core.rules.RunRules;
import org.undchain.node.cli.Arguments;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.nemesis.disk.FaultyDisk;
import org.undchain.node.config.Spelling;
import org.undchain.node.devnet.DevnetShape;

/**
 * What a nemesis is asked to do.
 *
 * @param words the command that does it again
 */
record Assignment(DevnetShape shape, Limits limits, List<FaultType> types, String words) {
  private static final long MINUTE_MILLIS = 60_000;
  private static final List<String> OPTIONS =
      List.of("--minutes", "--rounds", "--kills", "--only", "--validators", "--slot-millis");

  /**
   * @param chance the seed, if none is named
   */
  static Assignment of(Arguments arguments, long chance) throws Failure {
    long seed = arguments.integer("--seed", chance, Long.MIN_VALUE, Long.MAX_VALUE);
    DevnetShape standard = DevnetShape.DEFAULT;
    int validators =
        (int)
            arguments.integer("--validators", standard.validators(), 4, DevnetShape.VALIDATORS_MAX);
    long slot =
        arguments.integer(
            "--slot-millis",
            standard.slotMillis(),
            DevnetShape.SLOT_MILLIS_MIN,
            DevnetShape.SLOT_MILLIS_MAX);
    // Partners and passive validators have no vote to lose; without them there is room for more.
    DevnetShape shape =
        new DevnetShape(
            validators,
            Math.min(standard.known(), RunRules.knownMax(validators)),
            0,
            0,
            slot,
            standard.periodSlots(),
            seed);
    StringBuilder words = new StringBuilder("undchain nemesis --seed " + seed);
    for (String option : OPTIONS) {
      arguments
          .text(option)
          .ifPresent(value -> words.append(' ').append(option).append(' ').append(value));
    }
    return new Assignment(shape, limits(arguments), types(arguments), words.toString());
  }

  private static Limits limits(Arguments arguments) throws Failure {
    boolean isBounded = arguments.has("--minutes") || arguments.has("--kills");
    long minutes = arguments.integer("--minutes", Limits.MINUTES_MAX, 1, Limits.MINUTES_MAX);
    return new Limits(
        (int) arguments.integer("--rounds", isBounded ? Limits.WAVES_MAX : 1, 1, Limits.WAVES_MAX),
        minutes * MINUTE_MILLIS,
        (int) arguments.integer("--kills", Limits.KILLS_MAX, 1, Limits.KILLS_MAX));
  }

  private static List<FaultType> types(Arguments arguments) throws Failure {
    Optional<String> only = arguments.text("--only");
    if (only.isEmpty()) {
      return Arrays.stream(FaultType.values())
          .filter(type -> type.isKill() || !arguments.has("--kills"))
          .toList();
    }
    List<FaultType> types = new ArrayList<>();
    for (String word : only.get().split(",", -1)) {
      types.add(FaultType.of(word).orElseThrow(() -> unknown(word)));
    }
    return types;
  }

  private static Failure unknown(String word) {
    List<String> words = Arrays.stream(FaultType.values()).map(FaultType::word).toList();
    return Failure.usage(
        "\"" + word + "\" is no kind of fault",
        "kinds are separated by commas",
        Spelling.nearest(word, words)
            .map(near -> "did you mean " + near + "?")
            .orElse("undchain nemesis kinds"));
  }

  /**
   * The kinds that this machine can do.
   *
   * @param told hears which it cannot
   */
  List<FaultType> possible(Consumer<String> told) throws InterruptedException {
    List<FaultType> possible = new ArrayList<>(types);
    if (possible.contains(FaultType.FULL_DISK) && !FullDisk.isPossible()) {
      possible.remove(FaultType.FULL_DISK);
      told.accept(
          FaultType.FULL_DISK.word()
              + " is left out: only root may make a file system in memory, and only on Linux");
    }
    for (FaultType type : List.of(FaultType.DISK_ERROR, FaultType.DISK_SLOW)) {
      if (possible.contains(type) && !FaultyDisk.isPossible()) {
        possible.remove(type);
        told.accept(type.word() + " is left out: it asks for Linux and a C compiler named cc");
      }
    }
    return possible;
  }
}
