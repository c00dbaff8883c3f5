package org.undchain.core.crypto;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * The part of a {@link RadixTree} that shows the paths of some keys, with the hashes of all that is
 * beside them. What these paths share stands in it once, so many of them take a fraction of the
 * room and the time that they take one by one.
 *
 * @param count leaves of the whole tree
 * @param shape nodes from the root down, left before right: {@link #INNER} and its bit index, or
 *     {@link #END}
 * @param ends the hash of each end, one behind the other
 */
public record RadixBranch(int count, Bytes shape, Bytes ends) {
  static final int END = 0;
  static final int INNER = 1;

  /** Writes a branch from the root down. */
  static final class Builder {
    private final int count;
    private final ByteArrayOutputStream shape = new ByteArrayOutputStream();
    private final ByteArrayOutputStream ends = new ByteArrayOutputStream();

    Builder(int count) {
      this.count = count;
    }

    void inner(int bit) {
      shape.write(INNER);
      shape.write(bit);
    }

    void end(Hash hash) {
      shape.write(END);
      ends.writeBytes(hash.bytes().unsafeArray());
    }

    RadixBranch build() {
      return new RadixBranch(
          count, Bytes.wrap(shape.toByteArray()), Bytes.wrap(ends.toByteArray()));
    }
  }

  /**
   * The path of a key that was shown. Of a key that is not in the tree it is one that proves
   * nothing; empty if this is no branch of any tree, since it may come from a disk that is damaged.
   */
  public Optional<RadixTree.Proof> prove(Hash key) {
    Walk walk = new Walk(key);
    boolean isWhole = walk.down(-1, true).isPresent() && walk.isAtEnd();
    return isWhole
        ? Optional.of(
            new RadixTree.Proof(
                walk.bits, walk.siblings, count, Optional.empty(), Optional.empty()))
        : Optional.empty();
  }

  private final class Walk {
    private final Hash key;
    private final List<Integer> bits = new ArrayList<>();
    private final List<Hash> siblings = new ArrayList<>();
    private int node;
    private int end;

    Walk(Hash key) {
      this.key = key;
    }

    boolean isAtEnd() {
      return node == shape.size() && end == ends.size();
    }

    /** Hash of the node that comes next; paths are told from the leaf up. */
    Optional<Hash> down(int above, boolean isOnPath) {
      if (node >= shape.size()) {
        return Optional.empty();
      }
      if (shape.at(node++) == END) {
        return nextEnd();
      }
      int bit = node < shape.size() ? shape.at(node++) & 0xff : -1;
      if (bit <= above) {
        return Optional.empty();
      }
      boolean isRight = key.bytes().bit(bit) == 1;
      Optional<Hash> left = down(bit, isOnPath && !isRight);
      Optional<Hash> right = left.isEmpty() ? left : down(bit, isOnPath && isRight);
      if (right.isEmpty()) {
        return Optional.empty();
      }
      if (isOnPath) {
        bits.add(bit);
        siblings.add(isRight ? left.get() : right.get());
      }
      return Optional.of(RadixTree.nodeHash(bit, left.get(), right.get()));
    }

    private Optional<Hash> nextEnd() {
      if (end + Hash.SIZE > ends.size()) {
        return Optional.empty();
      }
      Hash hash = new Hash(ends.slice(end, end + Hash.SIZE));
      end += Hash.SIZE;
      return Optional.of(hash);
    }
  }
}
