package org.undchain.core.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.undchain.core.value.Hash;

/**
 * The path-compressed binary radix tree over 32-byte keys of R0.7, as an immutable map: leaf
 * H(03‖key‖valueHash), node H(04‖bit:u8‖l‖r), root H(05‖count:u32‖top), empty H(05‖0:u32).
 *
 * <p>Every change returns a new tree that shares all untouched nodes, so a snapshot costs nothing;
 * hashes are computed when a root is asked for and then kept, so a batch of changes hashes each
 * touched node once. The shape, and so the root, depends only on the set of keys, never on their
 * order.
 *
 * <p>Safe for one writer at a time; the lazily kept hashes are idempotent. A state has a million
 * nodes and the collector walks through all of them, so a node keeps its hash in itself and not as
 * an object.
 */
public final class RadixTree<V> {
  private static final byte[] LEAF = {3};
  private static final byte[] NODE = {4};
  private static final byte[] ROOT = {5};

  private final @Nullable Node<V> top;
  private final int count;

  private RadixTree(@Nullable Node<V> top, int count) {
    this.top = top;
    this.count = count;
  }

  public static <V> RadixTree<V> empty() {
    return new RadixTree<>(null, 0);
  }

  public int size() {
    return count;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  public Optional<V> get(Hash key) {
    Leaf<V> leaf = nearest(key);
    return leaf != null && leaf.key.equals(key) ? Optional.of(leaf.value) : Optional.empty();
  }

  public boolean contains(Hash key) {
    Leaf<V> leaf = nearest(key);
    return leaf != null && leaf.key.equals(key);
  }

  /**
   * This map with {@code key} set.
   *
   * @param hashOf what the tree commits to, a pure function: it is asked when the root is, so that
   *     a value which is replaced before costs no hash
   */
  public RadixTree<V> with(Hash key, Function<? super V, Hash> hashOf, V value) {
    Leaf<V> leaf = new Leaf<>(key, hashOf, value);
    Leaf<V> near = nearest(key);
    if (near == null || top == null) {
      return new RadixTree<>(leaf, 1);
    }
    if (near.key.equals(key)) {
      return new RadixTree<>(replace(top, leaf), count);
    }
    return new RadixTree<>(insert(top, leaf, firstDifference(near.key, key)), count + 1);
  }

  /** This set with {@code key} added: the value hash of a set is 32 zero bytes (R0.7). */
  public RadixTree<V> withMember(Hash key, V value) {
    return with(key, member -> Hash.ZERO, value);
  }

  public RadixTree<V> without(Hash key) {
    if (top == null || !contains(key)) {
      return this;
    }
    return new RadixTree<>(remove(top, key), count - 1);
  }

  /** Root over count and content. */
  public Hash root() {
    return top == null
        ? Hashes.sha256(ROOT, Hashes.u32(0))
        : Hashes.sha256(ROOT, Hashes.u32(count), top.hash().bytes().unsafeArray());
  }

  /** Visits all entries, keys ascending. */
  public void forEach(BiConsumer<Hash, V> visitor) {
    if (top != null) {
      visit(top, visitor);
    }
  }

  /** The lowest key. */
  public Optional<Hash> firstKey() {
    Node<V> at = top;
    while (at instanceof Inner<V> inner) {
      at = inner.left;
    }
    return at instanceof Leaf<V> leaf ? Optional.of(leaf.key) : Optional.empty();
  }

  /** Keys ascending. */
  public List<Hash> keys() {
    List<Hash> keys = new ArrayList<>(count);
    forEach((key, value) -> keys.add(key));
    return keys;
  }

  /** Values in the order of their keys. */
  public List<V> values() {
    List<V> values = new ArrayList<>(count);
    forEach((key, value) -> values.add(value));
    return values;
  }

  /** Path that shows what this tree holds, or does not hold, under {@code key}. */
  public Proof prove(Hash key) {
    List<Integer> bits = new ArrayList<>();
    List<Hash> siblings = new ArrayList<>();
    Node<V> at = top;
    while (at instanceof Inner<V> inner) {
      boolean right = key.bytes().bit(inner.bit) == 1;
      bits.addFirst(inner.bit);
      siblings.addFirst((right ? inner.left : inner.right).hash());
      at = right ? inner.right : inner.left;
    }
    if (at instanceof Leaf<V> leaf && !leaf.key.equals(key)) {
      return new Proof(bits, siblings, count, Optional.of(leaf.key), Optional.of(leaf.valueHash()));
    }
    return new Proof(bits, siblings, count, Optional.empty(), Optional.empty());
  }

  /**
   * What shows the paths of several keys at once: what they share stands there once.
   *
   * @param keys in this tree, ascending, each once
   * @throws IllegalArgumentException if one is not in it
   */
  public RadixBranch branch(List<Hash> keys) {
    RadixBranch.Builder out = new RadixBranch.Builder(count);
    if (top != null) {
      show(top, keys, out);
    }
    return out.build();
  }

  private static <V> void show(Node<V> at, List<Hash> keys, RadixBranch.Builder out) {
    switch (at) {
      case Node<V> hidden when keys.isEmpty() -> out.end(hidden.hash());
      case Leaf<V> leaf -> {
        if (!keys.equals(List.of(leaf.key))) {
          throw new IllegalArgumentException("not all of these keys are in the tree: " + keys);
        }
        out.end(leaf.hash());
      }
      case Inner<V> inner -> {
        int right = 0;
        while (right < keys.size() && keys.get(right).bytes().bit(inner.bit) == 0) {
          right++;
        }
        out.inner(inner.bit);
        show(inner.left, keys.subList(0, right), out);
        show(inner.right, keys.subList(right, keys.size()), out);
      }
    }
  }

  /**
   * A path from a leaf to the root.
   *
   * @param bits bit index of each inner node, deepest first, strictly falling
   * @param siblings the other child of each inner node
   * @param count leaves of the tree
   * @param otherKey the leaf met instead, for non-membership in a tree that is not empty
   */
  public record Proof(
      List<Integer> bits,
      List<Hash> siblings,
      int count,
      Optional<Hash> otherKey,
      Optional<Hash> otherValue) {

    public Proof {
      bits = List.copyOf(bits);
      siblings = List.copyOf(siblings);
    }

    /** Whether the tree with this root holds {@code key} with {@code valueHash}. */
    public boolean showsMember(Hash root, Hash key, Hash valueHash) {
      return otherKey.isEmpty()
          && count > 0
          && rootFrom(key, key, valueHash).equals(Optional.of(root));
    }

    /** Whether the tree with this root does not hold {@code key}. */
    public boolean showsAbsent(Hash root, Hash key) {
      if (count == 0) {
        return bits.isEmpty() && root.equals(Hashes.sha256(ROOT, Hashes.u32(0)));
      }
      if (otherKey.isEmpty() || otherValue.isEmpty() || otherKey.get().equals(key)) {
        return false;
      }
      return rootFrom(key, otherKey.get(), otherValue.get()).equals(Optional.of(root));
    }

    /** The walk for {@code key} must take at every node the turn that {@code leafKey} takes. */
    private Optional<Hash> rootFrom(Hash key, Hash leafKey, Hash valueHash) {
      if (bits.size() != siblings.size()) {
        return Optional.empty();
      }
      Hash at = leafHash(leafKey, valueHash);
      int below = 256;
      for (int i = 0; i < bits.size(); i++) {
        int bit = bits.get(i);
        if (bit < 0 || bit >= below || key.bytes().bit(bit) != leafKey.bytes().bit(bit)) {
          return Optional.empty();
        }
        below = bit;
        at =
            leafKey.bytes().bit(bit) == 1
                ? nodeHash(bit, siblings.get(i), at)
                : nodeHash(bit, at, siblings.get(i));
      }
      return Optional.of(Hashes.sha256(ROOT, Hashes.u32(count), at.bytes().unsafeArray()));
    }
  }

  private @Nullable Leaf<V> nearest(Hash key) {
    Node<V> at = top;
    while (at instanceof Inner<V> inner) {
      at = key.bytes().bit(inner.bit) == 1 ? inner.right : inner.left;
    }
    return (Leaf<V>) at;
  }

  private static int firstDifference(Hash a, Hash b) {
    for (int i = 0; i < Hash.SIZE; i++) {
      int difference = (a.bytes().at(i) ^ b.bytes().at(i)) & 0xff;
      if (difference != 0) {
        return i * 8 + Integer.numberOfLeadingZeros(difference) - 24;
      }
    }
    throw new AssertionError("equal keys: " + a);
  }

  private static <V> Node<V> replace(Node<V> at, Leaf<V> leaf) {
    return switch (at) {
      case Leaf<V> old -> leaf;
      case Inner<V> inner ->
          leaf.key.bytes().bit(inner.bit) == 1
              ? new Inner<>(inner.bit, inner.left, replace(inner.right, leaf))
              : new Inner<>(inner.bit, replace(inner.left, leaf), inner.right);
    };
  }

  private static <V> Node<V> insert(Node<V> at, Leaf<V> leaf, int bit) {
    if (at instanceof Inner<V> inner && inner.bit < bit) {
      return leaf.key.bytes().bit(inner.bit) == 1
          ? new Inner<>(inner.bit, inner.left, insert(inner.right, leaf, bit))
          : new Inner<>(inner.bit, insert(inner.left, leaf, bit), inner.right);
    }
    return leaf.key.bytes().bit(bit) == 1 ? new Inner<>(bit, at, leaf) : new Inner<>(bit, leaf, at);
  }

  private static <V> @Nullable Node<V> remove(Node<V> at, Hash key) {
    return switch (at) {
      case Leaf<V> leaf -> null;
      case Inner<V> inner -> {
        boolean right = key.bytes().bit(inner.bit) == 1;
        Node<V> rest = remove(right ? inner.right : inner.left, key);
        if (rest == null) {
          yield right ? inner.left : inner.right;
        }
        yield right
            ? new Inner<>(inner.bit, inner.left, rest)
            : new Inner<>(inner.bit, rest, inner.right);
      }
    };
  }

  private static <V> void visit(Node<V> at, BiConsumer<Hash, V> visitor) {
    switch (at) {
      case Leaf<V> leaf -> visitor.accept(leaf.key, leaf.value);
      case Inner<V> inner -> {
        visit(inner.left, visitor);
        visit(inner.right, visitor);
      }
    }
  }

  private static Hash leafHash(Hash key, Hash valueHash) {
    return Hashes.sha256(LEAF, key.bytes().unsafeArray(), valueHash.bytes().unsafeArray());
  }

  static Hash nodeHash(int bit, Hash left, Hash right) {
    return Hashes.sha256(
        NODE, new byte[] {(byte) bit}, left.bytes().unsafeArray(), right.bytes().unsafeArray());
  }

  private abstract static sealed class Node<V> {
    private static final VarHandle LONG =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private long first;
    private long second;
    private long third;
    private long fourth;
    private volatile boolean isKept; // written behind the four, read before them

    Hash hash() {
      byte[] hash = new byte[Hash.SIZE];
      putHash(hash, 0);
      return Hash.wrap(hash);
    }

    void putHash(byte[] out, int at) {
      if (!isKept) {
        keep(compute().bytes().unsafeArray());
      }
      LONG.set(out, at, first);
      LONG.set(out, at + 8, second);
      LONG.set(out, at + 16, third);
      LONG.set(out, at + 24, fourth);
    }

    private void keep(byte[] hash) {
      first = (long) LONG.get(hash, 0);
      second = (long) LONG.get(hash, 8);
      third = (long) LONG.get(hash, 16);
      fourth = (long) LONG.get(hash, 24);
      isKept = true;
    }

    abstract Hash compute();
  }

  private static final class Leaf<V> extends Node<V> {
    final Hash key;
    final V value;
    private final Function<? super V, Hash> hashOf;

    Leaf(Hash key, Function<? super V, Hash> hashOf, V value) {
      this.key = key;
      this.hashOf = hashOf;
      this.value = value;
    }

    Hash valueHash() {
      return hashOf.apply(value);
    }

    @Override
    Hash compute() {
      return leafHash(key, valueHash());
    }
  }

  private static final class Inner<V> extends Node<V> {
    final int bit;
    final Node<V> left;
    final Node<V> right;

    Inner(int bit, Node<V> left, Node<V> right) {
      this.bit = bit;
      this.left = left;
      this.right = right;
    }

    @Override
    Hash compute() {
      byte[] children = new byte[1 + 2 * Hash.SIZE];
      children[0] = (byte) bit;
      left.putHash(children, 1);
      right.putHash(children, 1 + Hash.SIZE);
      return Hashes.sha256(NODE, children);
    }
  }
}
