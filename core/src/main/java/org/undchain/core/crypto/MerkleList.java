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

  public static Hash root(List<Bytes> leaves) {
    if (leaves.isEmpty()) {
      return Hashes.sha256(ROOT, Hashes.u32(0));
    }
    List<Hash> level = leafLevel(leaves);
    while (level.size() > 1) {
      level = above(level);
    }
    return seal(leaves.size(), level.getFirst());
  }

  /** Siblings of leaf {@code index} from the leaf up; a promoted node adds none. */
  public static List<Hash> path(List<Bytes> leaves, int index) {
    return siblings(levels(leaves), index);
  }

  /** The paths of all leaves in their order, with the tree hashed once. */
  public static List<List<Hash>> paths(List<Bytes> leaves) {
    List<List<Hash>> levels = levels(leaves);
    List<List<Hash>> paths = new ArrayList<>(leaves.size());
    for (int index = 0; index < leaves.size(); index++) {
      paths.add(siblings(levels, index));
    }
    return paths;
  }

  private static List<Hash> siblings(List<List<Hash>> levels, int index) {
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

  /** All levels from the leaves up, without the top. */
  private static List<List<Hash>> levels(List<Bytes> leaves) {
    List<List<Hash>> levels = new ArrayList<>();
    for (List<Hash> level = leafLevel(leaves); level.size() > 1; level = above(level)) {
      levels.add(level);
    }
    return levels;
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
