package org.undchain.utilities.storage;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.undchain.core.value.Hash;

/**
 * The root of a shard computed piece by piece, with one hash per level of the tree in memory.
 *
 * <p>The stack holds the tops of the finished subtrees, the largest at the bottom; a new piece
 * merges like a carry in binary counting.
 */
public final class ShardHasher {
  private final Deque<Hash> tops = new ArrayDeque<>();
  private int pieces;
  private long size;

  /** Takes the next piece and returns its hash; only the last piece may be a short one. */
  public Hash add(byte[] piece) {
    if (piece.length == 0 || piece.length > ShardTree.PIECE_BYTES) {
      throw new IllegalArgumentException("a piece has no " + piece.length + " bytes");
    }
    if (size % ShardTree.PIECE_BYTES != 0) {
      throw new IllegalStateException("a piece after the last one");
    }
    Hash hash = ShardTree.hash(piece);
    Hash top = hash;
    for (int carry = pieces; (carry & 1) == 1; carry >>= 1) {
      top = ShardTree.node(tops.pop(), top);
    }
    tops.push(top);
    pieces++;
    size += piece.length;
    return hash;
  }

  /** Bytes taken so far. */
  public long size() {
    return size;
  }

  /** The root over all pieces so far. */
  public Hash root() {
    if (tops.isEmpty()) {
      throw new IllegalStateException("a shard has at least one piece");
    }
    Iterator<Hash> lefts = tops.iterator();
    Hash top = lefts.next();
    while (lefts.hasNext()) {
      top = ShardTree.node(lefts.next(), top);
    }
    return ShardTree.seal(size, top);
  }
}
