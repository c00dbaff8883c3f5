package org.undchain.node.cli.nemesis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.undchain.core.rules.RunRules;
import org.undchain.node.devnet.DevnetNode;

/**
 * What a seed does to a network, without an end. Kinds come from a shuffled deck, so that each has
 * had its turn before one comes again; what only f at a time can bear shares a wave.
 */
final class Plan {
  /** A random moment lies within so many slots. */
  private static final int MOMENT_SLOTS = 2;

  private final List<DevnetNode> validators;
  private final List<FaultType> types;
  private final long slotMillis;
  private final Random random;
  private final Deque<FaultType> deck = new ArrayDeque<>();
  private int number;

  /**
   * @param validators active ones
   * @param types at least one
   */
  Plan(List<DevnetNode> validators, Collection<FaultType> types, long slotMillis, long seed) {
    this.validators = List.copyOf(validators);
    this.types = List.copyOf(types);
    this.slotMillis = slotMillis;
    this.random = new Random(seed);
  }

  Wave next() {
    List<DevnetNode> free = new ArrayList<>(validators);
    Collections.shuffle(free, random);
    int room = RunRules.faulty(validators.size());
    List<Step> steps = new ArrayList<>();
    do {
      int count = width(peek());
      FaultType type = deck.remove();
      boolean isOnItsOwn = count > room;
      List<DevnetNode> victims = isOnItsOwn ? validators : take(free, count);
      steps.add(new Step(type, victims, random.nextLong()));
      room = isOnItsOwn ? 0 : room - count;
    } while (!deck.isEmpty() && width(deck.peek()) <= room);
    return new Wave(++number, moment(), moment(), steps);
  }

  private FaultType peek() {
    if (deck.isEmpty()) {
      List<FaultType> shuffled = new ArrayList<>(types);
      Collections.shuffle(shuffled, random);
      deck.addAll(shuffled);
    }
    return deck.element();
  }

  /** How many of the disturbed places of a wave a fault takes. */
  private int width(FaultType type) {
    return switch (type.breadth()) {
      case ONE -> 1;
      case F -> RunRules.faulty(validators.size());
      case ALL, NOBODY -> validators.size();
    };
  }

  private static List<DevnetNode> take(List<DevnetNode> from, int count) {
    List<DevnetNode> taken = new ArrayList<>(from.subList(0, count));
    from.removeAll(taken);
    return taken;
  }

  private long moment() {
    return random.nextLong(MOMENT_SLOTS * slotMillis);
  }
}
