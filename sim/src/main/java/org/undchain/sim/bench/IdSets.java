package org.undchain.sim.bench;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.undchain.core.value.Hash;

/** Two validators' ids of one slot: most in common, the others with one of the two. */
record IdSets(TreeSet<Hash> left, TreeSet<Hash> right, Hash salt) {

  /**
   * @param isOneSided whether all that differs is with the left one, as when a lane was kept from
   *     the right one
   */
  static IdSets draw(long seed, int ids, int different, boolean isOneSided) {
    SplittableRandom random = new SplittableRandom(seed);
    TreeSet<Hash> left = new TreeSet<>();
    TreeSet<Hash> right = new TreeSet<>();
    for (int i = 0; i < ids; i++) {
      Hash id = id(random);
      boolean isCommon = i >= different;
      boolean isLeft = isOneSided || random.nextBoolean();
      if (isCommon || isLeft) {
        left.add(id);
      }
      if (isCommon || !isLeft) {
        right.add(id);
      }
    }
    return new IdSets(left, right, id(random));
  }

  private static Hash id(SplittableRandom random) {
    byte[] bytes = new byte[Hash.SIZE];
    random.nextBytes(bytes);
    return Hash.wrap(bytes);
  }

  TreeSet<Hash> onlyLeft() {
    TreeSet<Hash> only = new TreeSet<>(left);
    only.removeAll(right);
    return only;
  }
}
