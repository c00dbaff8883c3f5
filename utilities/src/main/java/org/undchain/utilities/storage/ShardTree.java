package org.undchain.utilities.storage;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * The Merkle tree that names a shard: the list tree of R0.7 over leaves of 4 KiB, seen at the level
 * of its pieces.
 *
 * <p>A piece is 64 leaves, so its hash is one node of the tree and a path of siblings proves one
 * piece alone. Leaves stay small because an audit reads them one by one (section 8).
 */
public final class ShardTree {
  public static final int LEAF_BYTES = 4096;

  /** Bytes of every piece of a shard but the last; also the most that one message carries. */
  public static final int PIECE_BYTES = 64 * LEAF_BYTES;

  /** A path has one sibling per level, and no shard has more than 2^24 pieces. */
  public static final int PATH_MAX = 24;

  private static final byte LEAF = 0;
  private static final byte NODE = 1;
  private static final byte ROOT = 2;

  private final List<List<Hash>> levels = new ArrayList<>();
  private final Hash root;

  /** The tree of a shard of {@code size} bytes whose pieces hash to {@code pieces}. */
  public ShardTree(List<Hash> pieces, long size) {
    if (pieces.isEmpty() || pieces.size() != pieces(size)) {
      throw new IllegalArgumentException(pieces.size() + " pieces make no shard of " + size);
    }
    List<Hash> level = List.copyOf(pieces);
    levels.add(level);
    while (level.size() > 1) {
      level = above(level);
      levels.add(level);
    }
    this.root = seal(size, level.getFirst());
  }

  public Hash root() {
    return root;
  }

  public Hash piece(int index) {
    return levels.getFirst().get(index);
  }

  /** Siblings of piece {@code index} from the piece up; a promoted node adds none. */
  public List<Hash> path(int index) {
    List<Hash> path = new ArrayList<>();
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

  /** How many pieces a shard of {@code size} bytes has. */
  public static int pieces(long size) {
    return Math.toIntExact(Math.ceilDiv(size, (long) PIECE_BYTES));
  }

  /** Bytes of piece {@code index} of a shard of {@code size} bytes. */
  public static int pieceLength(long size, int index) {
    return (int) Math.min(PIECE_BYTES, size - (long) index * PIECE_BYTES);
  }

  /**
   * Whether these bytes are piece {@code index} of the shard with this root and size; no shard has
   * more than {@link ObjectLayout#SHARD_MAX} bytes.
   */
  public static boolean proves(Hash root, long size, int index, byte[] piece, List<Hash> path) {
    int width = size > 0 && size <= ObjectLayout.SHARD_MAX ? pieces(size) : 0;
    return index >= 0
        && index < width
        && piece.length == pieceLength(size, index)
        && top(hash(piece), index, width, path)
            .map(top -> seal(size, top))
            .equals(Optional.of(root));
  }

  /**
   * The node of the tree that stands for these bytes.
   *
   * @throws IllegalArgumentException if there are none: no piece is empty
   */
  public static Hash hash(byte[] piece) {
    if (piece.length == 0) {
      throw new IllegalArgumentException("a piece has at least one byte");
    }
    MessageDigest digest = digest();
    int width = Math.ceilDiv(piece.length, LEAF_BYTES);
    byte[] level = new byte[width * Hash.SIZE];
    try {
      for (int i = 0; i < width; i++) {
        int at = i * LEAF_BYTES;
        digest.update(LEAF);
        digest.update(piece, at, Math.min(LEAF_BYTES, piece.length - at));
        digest.digest(level, i * Hash.SIZE, Hash.SIZE);
      }
      while (width > 1) {
        width = above(digest, level, width);
      }
    } catch (DigestException impossible) {
      throw new IllegalStateException("a hash has room for a hash", impossible);
    }
    return Hash.wrap(Arrays.copyOf(level, Hash.SIZE));
  }

  /** Puts the nodes above the first {@code width} hashes in their place; how many these are. */
  private static int above(MessageDigest digest, byte[] level, int width) throws DigestException {
    int next = 0;
    for (int i = 0; i < width; i += 2) {
      if (i + 1 < width) {
        digest.update(NODE);
        digest.update(level, i * Hash.SIZE, 2 * Hash.SIZE);
        digest.digest(level, next * Hash.SIZE, Hash.SIZE);
      } else {
        System.arraycopy(level, i * Hash.SIZE, level, next * Hash.SIZE, Hash.SIZE);
      }
      next++;
    }
    return next;
  }

  static Hash node(Hash left, Hash right) {
    MessageDigest digest = digest();
    digest.update(NODE);
    digest.update(left.bytes().unsafeArray());
    digest.update(right.bytes().unsafeArray());
    return Hash.wrap(digest.digest());
  }

  static Hash seal(long size, Hash top) {
    int leaves = Math.toIntExact(Math.ceilDiv(size, (long) LEAF_BYTES));
    MessageDigest digest = digest();
    digest.update(ROOT);
    digest.update(ByteBuffer.allocate(4).putInt(leaves).flip());
    digest.update(top.bytes().unsafeArray());
    return Hash.wrap(digest.digest());
  }

  private static Optional<Hash> top(Hash piece, int index, int width, List<Hash> path) {
    Hash at = piece;
    int used = 0;
    int position = index;
    for (int left = width; left > 1; left = (left + 1) / 2) {
      boolean isRight = (position & 1) == 1;
      if (isRight || position + 1 < left) {
        if (used == path.size()) {
          return Optional.empty();
        }
        Hash sibling = path.get(used++);
        at = isRight ? node(sibling, at) : node(at, sibling);
      }
      position >>= 1;
    }
    return used == path.size() ? Optional.of(at) : Optional.empty();
  }

  private static List<Hash> above(List<Hash> level) {
    List<Hash> next = new ArrayList<>((level.size() + 1) / 2);
    for (int i = 0; i < level.size(); i += 2) {
      next.add(i + 1 < level.size() ? node(level.get(i), level.get(i + 1)) : level.get(i));
    }
    return next;
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  /** The root of a shard that lies in memory, for small ones. */
  public static Hash rootOf(Bytes shard) {
    ShardHasher hasher = new ShardHasher();
    for (int at = 0; at < shard.size(); at += PIECE_BYTES) {
      hasher.add(shard.slice(at, Math.min(shard.size(), at + PIECE_BYTES)).unsafeArray());
    }
    return hasher.root();
  }
}
