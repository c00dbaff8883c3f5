package org.undchain.sim.bench;

import java.util.List;
import java.util.TreeSet;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.message.Recon;
import org.undchain.core.message.ReconFetch;
import org.undchain.core.message.ReconSketch;
import org.undchain.core.reconciliation.SaltedIds;
import org.undchain.core.reconciliation.Sketch;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * Ways in which two validators find what the other lacks, each told by what it puts on the wire
 * until both have everything. Contents travel in every way alike and are not counted.
 */
enum Exchange {
  /** The seed's first thought: halve the list and compare hashes, all halves of a level at once. */
  HALVING {
    @Override
    Cost of(IdSets sets, long estimate) {
      return Halving.cost(sets);
    }
  },

  /** The seed's second thought: send the whole file, here its ids of 32 bytes. */
  WHOLE {
    @Override
    Cost of(IdSets sets, long estimate) {
      long list = (long) sets.left().size() * (Hash.SIZE + 2);
      return new Cost(list + fetch(sets.onlyLeft().size(), Hash.SIZE + 2), 3);
    }
  },

  /** The seed's third thought: a blend. */
  BLEND {
    @Override
    Cost of(IdSets sets, long estimate) {
      SaltedIds ids = new SaltedIds(sets.salt().bytes(), sets.left());
      ReconSketch first = Sketch.of(ids, estimate);
      if (Sketch.read(first, sets.right()) instanceof Sketch.Answer.Found found) {
        check(sets, found);
        return new Cost(bytes(first) + fetch(found.theirs().size(), 8), 3);
      }
      ReconSketch list = Sketch.list(ids);
      if (Sketch.read(list, sets.right()) instanceof Sketch.Answer.Found found) {
        check(sets, found);
        return new Cost(
            bytes(first) + fetch(0, 0) + bytes(list) + fetch(found.theirs().size(), 8), 5);
      }
      throw new AssertionError("a list does not show the difference");
    }
  };

  private static final int HEAD_BYTES = 16;

  /**
   * What an exchange costs.
   *
   * @param flights one-way messages one after the other until both sides have all contents
   */
  record Cost(long bytes, int flights) {}

  /**
   * @param estimate the difference as the sender's lanes show it
   */
  abstract Cost of(IdSets sets, long estimate);

  private static void check(IdSets sets, Sketch.Answer.Found found) {
    TreeSet<Hash> onlyRight = new TreeSet<>(sets.right());
    onlyRight.removeAll(sets.left());
    if (found.theirs().size() != sets.onlyLeft().size()
        || !new TreeSet<>(found.mine()).equals(onlyRight)) {
      throw new AssertionError("the exchange found another difference than there is");
    }
  }

  private static long bytes(ReconSketch sketch) {
    return Recon.newBuilder().setSlot(1).setSketch(sketch).build().getSerializedSize();
  }

  private static long fetch(int ids, int bytesPerId) {
    ReconFetch empty = ReconFetch.newBuilder().setSalt(Hash.ZERO.toByteString()).build();
    return empty.getSerializedSize() + HEAD_BYTES + (long) ids * bytesPerId;
  }

  /** The walk down the tree of R0.7, breadth first: hash and count of both halves of each range. */
  private static final class Halving {
    private static final int RANGE_BYTES = Hash.SIZE + 2 + 4;

    private Halving() {}

    static Cost cost(IdSets sets) {
      long bytes = RANGE_BYTES;
      int flights = 1;
      List<Range> level = List.of(new Range(Bytes.EMPTY, 0));
      while (!level.isEmpty()) {
        List<Range> next = new java.util.ArrayList<>();
        for (Range range : level) {
          for (Range half : range.halves()) {
            TreeSet<Hash> left = half.of(sets.left());
            TreeSet<Hash> right = half.of(sets.right());
            bytes += left.size() == 1 ? Hash.SIZE + 2 : RANGE_BYTES;
            boolean isDifferent = !root(left).equals(root(right));
            if (isDifferent && left.size() > 1 && right.size() > 1) {
              next.add(half);
            } else if (isDifferent) {
              bytes += (long) (left.size() + right.size()) * (Hash.SIZE + 2);
            }
          }
        }
        flights++;
        level = next;
      }
      return new Cost(bytes, flights + 1);
    }

    private static Hash root(TreeSet<Hash> ids) {
      RadixTree<Boolean> tree = RadixTree.empty();
      for (Hash id : ids) {
        tree = tree.withMember(id, true);
      }
      return tree.root();
    }
  }

  /** All ids that begin with the first {@code bits} of a prefix. */
  private record Range(Bytes prefix, int bits) {
    List<Range> halves() {
      return List.of(new Range(with(0), bits + 1), new Range(with(1), bits + 1));
    }

    private Bytes with(int bit) {
      byte[] bytes = new byte[Hash.SIZE];
      System.arraycopy(prefix.toByteArray(), 0, bytes, 0, prefix.size());
      bytes[bits >> 3] |= (byte) (bit << (7 - (bits & 7)));
      return Bytes.wrap(bytes);
    }

    TreeSet<Hash> of(TreeSet<Hash> ids) {
      byte[] last = prefix.toByteArray();
      for (int bit = bits; bit < 8 * Hash.SIZE; bit++) {
        last[bit >> 3] |= (byte) (1 << (7 - (bit & 7)));
      }
      return new TreeSet<>(ids.subSet(new Hash(prefix), true, Hash.wrap(last), true));
    }
  }
}
