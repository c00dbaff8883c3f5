package org.undchain.core.crypto;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    private final List<List<Hash>> levels; // from the leaves up, without the top
    private final Hash root;

    private Tree(List<List<Hash>> levels, Hash root) {
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
      for (List<Hash> level : levels) {
        int sibling = at ^ 1;
        if (sibling < level.size()) {
          path.add(level.get(sibling));
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
    List<List<Hash>> levels = new ArrayList<>();
    List<Hash> level = leafLevel(leaves);
    while (level.size() > 1) {
      levels.add(level);
      level = above(level);
    }
    return new Tree(levels, seal(leaves.size(), level.getFirst()));
  }

  public static Hash root(List<Bytes> leaves) {
    return tree(leaves).root();
  }

  /** Siblings of leaf {@code index}; for more than one path of a list make its {@link #tree}. */
  public static List<Hash> path(List<Bytes> leaves, int index) {
    return tree(leaves).path(index);
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

  private static List<Hash> leafLevel(List<Bytes> leaves) {
    List<Hash> level = new ArrayList<>(leaves.size());
    for (Bytes leaf : leaves) {
      level.add(leafHash(leaf));
    }
    return level;
  }

  private static List<Hash> above(List<Hash> level) {
    List<Hash> next = new ArrayList<>((level.size() + 1) / 2);
    for (int i = 0; i < level.size(); i += 2) {
      next.add(i + 1 < level.size() ? node(level.get(i), level.get(i + 1)) : level.get(i));
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
