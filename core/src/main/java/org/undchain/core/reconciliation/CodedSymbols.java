package org.undchain.core.reconciliation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The first symbols of the endless coded stream of a set (rateless IBLT; Yang, Gilad, Alizadeh:
 * Practical Rateless Set Reconciliation, SIGCOMM 2024).
 *
 * <p>An element is added to symbol 0 and to symbol i with chance 1/(1 + i/2); each symbol keeps the
 * XOR of its elements, the XOR of their checks, and their number. Taken from each other, the
 * symbols of two sets are those of their difference; one that holds a single element names it, and
 * taking that away from all its symbols leaves others with a single one. About 1.35 symbols for
 * each element of the difference are enough. Everything is integer arithmetic, so both sides place
 * an element alike.
 */
final class CodedSymbols {
  /** More symbols than this are neither made nor read. */
  static final int SYMBOLS_MAX = 1 << 16;

  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final long[] sums;
  private final int[] checks;
  private final int[] counts;

  /** Symbols as they were received. The arrays are of one length and are kept. */
  CodedSymbols(long[] sums, int[] checks, int[] counts) {
    this.sums = sums;
    this.checks = checks;
    this.counts = counts;
  }

  /** The first {@code symbols} symbols of a set. */
  static CodedSymbols of(long[] elements, int symbols) {
    CodedSymbols coded = new CodedSymbols(new long[symbols], new int[symbols], new int[symbols]);
    for (long element : elements) {
      coded.add(element, 1);
    }
    return coded;
  }

  /** Elements that only one side has. */
  record Difference(long[] onlyLeft, long[] onlyRight) {}

  int size() {
    return sums.length;
  }

  long sum(int symbol) {
    return sums[symbol];
  }

  int check(int symbol) {
    return checks[symbol];
  }

  int count(int symbol) {
    return counts[symbol];
  }

  /**
   * What these symbols' set and {@code right} differ in; empty if there are too few symbols for the
   * difference, or if they are no symbols of any set.
   */
  Optional<Difference> minus(long[] right) {
    CodedSymbols rest = new CodedSymbols(sums.clone(), checks.clone(), counts.clone());
    for (long element : right) {
      rest.add(element, -1);
    }
    return rest.peel();
  }

  private Optional<Difference> peel() {
    TreeSet<Long> left = new TreeSet<>(Long::compareUnsigned);
    TreeSet<Long> right = new TreeSet<>(Long::compareUnsigned);
    Deque<Integer> pure = new ArrayDeque<>();
    for (int symbol = 0; symbol < sums.length; symbol++) {
      noteIfPure(symbol, pure);
    }
    while (!pure.isEmpty()) {
      int symbol = pure.poll();
      if (!isPure(symbol)) {
        continue; // what it held was named by another symbol
      }
      long element = sums[symbol];
      int sign = counts[symbol];
      boolean isNew = (sign > 0 ? left : right).add(element);
      if (!isNew || left.size() + right.size() > sums.length) {
        return Optional.empty(); // crafted: an honest stream names nothing twice
      }
      Mapping places = new Mapping(element);
      for (long at = 0; at < sums.length; at = places.next()) {
        change((int) at, element, -sign);
        noteIfPure((int) at, pure);
      }
    }
    return isEmpty() ? Optional.of(new Difference(array(left), array(right))) : Optional.empty();
  }

  private void noteIfPure(int symbol, Deque<Integer> pure) {
    if (isPure(symbol)) {
      pure.add(symbol);
    }
  }

  private boolean isPure(int symbol) {
    return (counts[symbol] == 1 || counts[symbol] == -1) && checks[symbol] == checkOf(sums[symbol]);
  }

  private boolean isEmpty() {
    for (int symbol = 0; symbol < sums.length; symbol++) {
      if (sums[symbol] != 0 || checks[symbol] != 0 || counts[symbol] != 0) {
        return false;
      }
    }
    return true;
  }

  private void add(long element, int sign) {
    Mapping places = new Mapping(element);
    for (long at = 0; at < sums.length; at = places.next()) {
      change((int) at, element, sign);
    }
  }

  private void change(int symbol, long element, int sign) {
    sums[symbol] ^= element;
    checks[symbol] ^= checkOf(element);
    counts[symbol] += sign;
  }

  private static long[] array(TreeSet<Long> elements) {
    return elements.stream().mapToLong(Long::longValue).toArray();
  }

  /** Elements are salted hashes, so a fixed mixer is enough to tell one from a XOR of several. */
  private static int checkOf(long element) {
    return (int) (mix(element ^ GOLDEN) >>> 32);
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /**
   * The symbols an element belongs to, ascending. After symbol i the next is i + g with g drawn so
   * that the chance of symbol j is 1/(1 + j/2): g = ⌈(i + 3/2) · (2³²/√(u + 1) − 1)⌉ for a uniform
   * 64-bit u.
   */
  private static final class Mapping {
    private long random;
    private long at;

    Mapping(long element) {
      this.random = element;
    }

    long next() {
      random += GOLDEN;
      long root = root(mix(random));
      long gap = Math.ceilDiv((2 * at + 3) * ((1L << 32) - root), 2 * root);
      at += Math.max(1, gap);
      return at;
    }

    /** ⌊√u⌋ of an unsigned number, at least 1: one bit of the result after the other. */
    private static long root(long u) {
      long root = 0;
      long rest = u;
      for (long bit = 1L << 62; bit != 0; bit >>>= 2) {
        long trial = root + bit;
        root >>>= 1;
        if (Long.compareUnsigned(rest, trial) >= 0) {
          rest -= trial;
          root += bit;
        }
      }
      return Math.max(1, root);
    }
  }
}
