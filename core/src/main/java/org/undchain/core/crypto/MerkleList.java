package org.undchain.core.crypto;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * The list tree of R0.7: leaf H(00‖x), node H(01‖l‖r), odd node promoted, root H(02‖count:u32‖top),
 * empty H(02‖0:u32).
 */
public final class MerkleList {
  private static final byte[] LEAF = {0};
  private static final byte[] NODE = {1};
  private static final byte[] ROOT = {2};

  private MerkleList() {}

  /** A list that was hashed once, for its root and for as many paths as are asked for. */
  public static final class Tree {
    private final List<byte[]> levels; // from the leaves up, without the top; hash behind hash
    private final Hash root;

    private Tree(List<byte[]> levels, Hash root) {
      this.levels = levels;
      this.root = root;
    }

    public Hash root() {
      return root;
    }

    /** Siblings of leaf {@code index} from the leaf up; a promoted node adds none. */
    public List<Hash> path(int index) {
      List<Hash> path = new ArrayList<>(levels.size());
      int at = index;
      for (byte[] level : levels) {
        int from = (at ^ 1) * Hash.SIZE;
        if (from < level.length) {
          path.add(Hash.wrap(Arrays.copyOfRange(level, from, from + Hash.SIZE)));
        }
        at >>= 1;
      }
      return path;
    }
  }

  public static Tree tree(List<Bytes> leaves) {
    if (leaves.isEmpty()) {
      return new Tree(List.of(), Hashes.sha256(ROOT, Hashes.u32(0)));
    }
    List<byte[]> levels = new ArrayList<>();
    byte[] level = leafLevel(leaves);
    while (level.length > Hash.SIZE) {
      levels.add(level);
      level = above(level);
    }
    return new Tree(levels, seal(leaves.size(), Hash.wrap(level)));
  }

  public static Hash root(List<Bytes> leaves) {
    return tree(leaves).root();
  }

  /** Siblings of leaf {@code index}; for more than one path of a list make its {@link #tree}. */
  public static List<Hash> path(List<Bytes> leaves, int index) {
    return tree(leaves).path(index);
  }

  /**
   * The siblings that lead from several leaves to the root and do not follow from these leaves: of
   * each level from below, from left to right.
   *
   * @param paths of each leaf to be shown, by its place
   */
  public static List<Hash> join(int count, SortedMap<Integer, List<Hash>> paths) {
    List<Hash> hashes = new ArrayList<>();
    TreeMap<Integer, Iterator<Hash>> known = new TreeMap<>();
    paths.forEach((index, path) -> known.put(index, path.iterator()));
    for (int width = count; width > 1; width = (width + 1) / 2) {
      TreeMap<Integer, Iterator<Hash>> above = new TreeMap<>();
      for (Map.Entry<Integer, Iterator<Hash>> one : known.entrySet()) {
        int sibling = one.getKey() ^ 1;
        if (sibling < width) {
          Hash hash = one.getValue().next();
          if (!known.containsKey(sibling)) {
            hashes.add(hash);
          }
        }
        above.putIfAbsent(one.getKey() >> 1, one.getValue());
      }
      known.clear();
      known.putAll(above);
    }
    return hashes;
  }

  /** Some leaves of a list and what was needed to get from them to its root. */
  public static final class Part {
    private final List<SortedMap<Integer, Hash>>
        levels; // what is known of each, from the leaves up
    private final int count;

    private Part(List<SortedMap<Integer, Hash>> levels, int count) {
      this.levels = levels;
      this.count = count;
    }

    public Hash root() {
      return seal(count, at(levels.size() - 1, 0));
    }

    /** Siblings of a leaf that was shown, from the leaf up. */
    public List<Hash> path(int index) {
      List<Hash> path = new ArrayList<>(levels.size());
      int width = count;
      for (int level = 0; width > 1; level++) {
        int sibling = (index >> level) ^ 1;
        if (sibling < width) {
          path.add(at(level, sibling));
        }
        width = (width + 1) / 2;
      }
      return path;
    }

    private Hash at(int level, int place) {
      return Optional.ofNullable(levels.get(level).get(place)).orElseThrow();
    }
  }

  /**
   * What {@link #join} made, put together again; empty if these hashes are too few or too many, or
   * a place is not in the list.
   */
  public static Optional<Part> part(
      int count, SortedMap<Integer, Bytes> leaves, List<Hash> hashes) {
    if (leaves.isEmpty() || leaves.firstKey() < 0 || leaves.lastKey() >= count) {
      return Optional.empty();
    }
    TreeMap<Integer, Hash> level = new TreeMap<>();
    leaves.forEach((index, leaf) -> level.put(index, leafHash(leaf)));
    List<SortedMap<Integer, Hash>> levels = new ArrayList<>();
    Iterator<Hash> rest = hashes.iterator();
    for (int width = count; width > 1; width = (width + 1) / 2) {
      if (!complete(level, width, rest)) {
        return Optional.empty();
      }
      levels.add(new TreeMap<>(level));
      TreeMap<Integer, Hash> above = above(level);
      level.clear();
      level.putAll(above);
    }
    levels.add(level);
    return rest.hasNext() ? Optional.empty() : Optional.of(new Part(levels, count));
  }

  /** Puts the missing siblings of a level in; false if there are not enough. */
  private static boolean complete(TreeMap<Integer, Hash> level, int width, Iterator<Hash> hashes) {
    for (int place : List.copyOf(level.keySet())) {
      int sibling = place ^ 1;
      if (sibling < width && !level.containsKey(sibling)) {
        if (!hashes.hasNext()) {
          return false;
        }
        level.put(sibling, hashes.next());
      }
    }
    return true;
  }

  private static TreeMap<Integer, Hash> above(TreeMap<Integer, Hash> level) {
    TreeMap<Integer, Hash> above = new TreeMap<>();
    level.forEach((place, left) -> {
      if ((place & 1) == 0) {
        Hash right = level.get(place + 1);
        above.put(place >> 1, right == null ? left : node(left, right));
      }
    });
    return above;
  }

  /** Whether {@code leaf} is element {@code index} of the list of {@code count} with this root. */
  public static boolean verify(Hash root, Bytes leaf, int index, int count, List<Hash> path) {
    return rootFrom(leaf, index, count, path).equals(Optional.of(root));
  }

  /**
   * The root that a path leads to; empty if the path has not the length that place and count ask
   * for.
   */
  public static Optional<Hash> rootFrom(Bytes leaf, int index, int count, List<Hash> path) {
    if (index < 0 || count <= 0 || index >= count) {
      return Optional.empty();
    }
    Hash at = leafHash(leaf);
    int used = 0;
    int position = index;
    int width = count;
    while (width > 1) {
      boolean isRight = (position & 1) == 1;
      if (isRight || position + 1 < width) {
        if (used == path.size()) {
          return Optional.empty();
        }
        Hash sibling = path.get(used++);
        at = isRight ? node(sibling, at) : node(at, sibling);
      }
      position >>= 1;
      width = (width + 1) / 2;
    }
    return used == path.size() ? Optional.of(seal(count, at)) : Optional.empty();
  }

  private static byte[] leafLevel(List<Bytes> leaves) {
    byte[] level = new byte[leaves.size() * Hash.SIZE];
    for (int i = 0; i < leaves.size(); i++) {
      byte[] leaf = leaves.get(i).unsafeArray();
      Hashes.sha256(LEAF, leaf, 0, leaf.length, level, i * Hash.SIZE);
    }
    return level;
  }

  private static byte[] above(byte[] level) {
    int count = level.length / Hash.SIZE;
    byte[] next = new byte[(count + 1) / 2 * Hash.SIZE];
    for (int left = 0; left + 1 < count; left += 2) {
      int from = left * Hash.SIZE;
      Hashes.sha256(NODE, level, from, 2 * Hash.SIZE, next, from / 2);
    }
    if (count % 2 == 1) {
      System.arraycopy(level, level.length - Hash.SIZE, next, next.length - Hash.SIZE, Hash.SIZE);
    }
    return next;
  }

  private static Hash leafHash(Bytes leaf) {
    return Hashes.sha256(LEAF, leaf.unsafeArray());
  }

  private static Hash node(Hash left, Hash right) {
    return Hashes.sha256(NODE, left.bytes().unsafeArray(), right.bytes().unsafeArray());
  }

  private static Hash seal(int count, Hash top) {
    return Hashes.sha256(ROOT, Hashes.u32(count), top.bytes().unsafeArray());
  }
}
