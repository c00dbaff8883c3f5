package org.undchain.sim.explore;

import java.util.Arrays;

/** Global states of one depth, packed, in the order in which they were found, none twice. */
final class StateSet {
  private static final int FIRST = 1 << 10;

  private final int stride;
  private long[] words;
  private int[] parents;
  private int[] table = new int[2 * FIRST];
  private int size;

  StateSet(int stride) {
    this.stride = stride;
    this.words = new long[stride * FIRST];
    this.parents = new int[FIRST];
  }

  int size() {
    return size;
  }

  long[] get(int index) {
    return Arrays.copyOfRange(words, index * stride, (index + 1) * stride);
  }

  /** Place of the state in the depth before from which this one was found first. */
  int parent(int index) {
    return parents[index];
  }

  /** Adds a state; false if it is here. */
  boolean add(long[] state, int parent) {
    int slot = slot(state);
    if (table[slot] != 0) {
      return false;
    }
    if (size == parents.length) {
      words = Arrays.copyOf(words, words.length * 2);
      parents = Arrays.copyOf(parents, parents.length * 2);
    }
    System.arraycopy(state, 0, words, size * stride, stride);
    parents[size] = parent;
    table[slot] = ++size;
    if (size * 2 > table.length) {
      grow();
    }
    return true;
  }

  private int slot(long[] state) {
    int slot = hash(state, 0) & (table.length - 1);
    while (table[slot] != 0 && !isAt(table[slot] - 1, state)) {
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  }

  private boolean isAt(int index, long[] state) {
    return Arrays.equals(words, index * stride, (index + 1) * stride, state, 0, stride);
  }

  private int hash(long[] from, int offset) {
    long hash = 0;
    for (int i = 0; i < stride; i++) {
      hash = (hash ^ from[offset + i]) * 0x9e3779b97f4a7c15L;
      hash ^= hash >>> 29;
    }
    return (int) (hash >>> 16);
  }

  private void grow() {
    table = new int[table.length * 2];
    for (int index = 0; index < size; index++) {
      int slot = hash(words, index * stride) & (table.length - 1);
      while (table[slot] != 0) {
        slot = (slot + 1) & (table.length - 1);
      }
      table[slot] = index + 1;
    }
  }

  /** Gives back what only {@link #add} needs. */
  void close() {
    table = new int[2];
    words = Arrays.copyOf(words, size * stride);
    parents = Arrays.copyOf(parents, size);
  }
}
