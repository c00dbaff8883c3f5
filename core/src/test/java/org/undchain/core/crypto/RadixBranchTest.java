package org.undchain.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.Seeds;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

@Tag("R0.7")
@Tag("R12.4")
class RadixBranchTest {
  @Test
  void aBranchShowsThePathsThatTheTreeShows() {
    Seeds.forEachSeed(
        100,
        random -> {
          RadixTree<Hash> tree = tree(random, random.nextInt(80));
          List<Hash> shown = some(random, tree.keys());
          RadixBranch branch = tree.branch(shown);
          for (Hash key : shown) {
            assertThat(branch.prove(key)).contains(tree.prove(key));
          }
        });
  }

  @Test
  void noBranchProvesWhatIsNotInTheTree() {
    Seeds.forEachSeed(
        100,
        random -> {
          RadixTree<Hash> tree = tree(random, 1 + random.nextInt(80));
          RadixBranch branch = tree.branch(some(random, tree.keys()));
          Hash absent = key(random.nextInt());
          assertThat(tree.contains(absent)).isFalse();
          assertThat(branch.prove(absent).orElseThrow().showsMember(tree.root(), absent, Hash.ZERO))
              .isFalse();
        });
  }

  @Test
  void aKeyThatIsNotInTheTreeIsNotShown() {
    RadixTree<Hash> tree = tree(new SplittableRandom(1), 9);
    assertThatThrownBy(() -> tree.branch(List.of(key(-1))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsSharedStandsInItOnce() {
    RadixTree<Hash> tree = tree(new SplittableRandom(2), 4096);
    List<Hash> beside = tree.keys().subList(0, 256);
    int oneByOne =
        beside.stream().mapToInt(key -> tree.prove(key).siblings().size() * Hash.SIZE).sum();
    RadixBranch branch = tree.branch(beside);
    assertThat(branch.ends().size() + branch.shape().size()).isLessThan(oneByOne / 4);
  }

  @Test
  void damagedBytesAreNoBranch() {
    Seeds.forEachSeed(
        200,
        random -> {
          RadixTree<Hash> tree = tree(random, 2 + random.nextInt(20));
          RadixBranch whole = tree.branch(tree.keys());
          Bytes shape = whole.shape();
          byte[] changed = shape.toByteArray();
          switch (random.nextInt(3)) {
            case 0 -> changed = shape.slice(0, random.nextInt(shape.size())).toByteArray();
            case 1 -> changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            default -> changed = new byte[random.nextInt(2000)];
          }
          RadixBranch damaged = new RadixBranch(whole.count(), Bytes.wrap(changed), whole.ends());
          Hash key = tree.keys().getFirst();
          boolean isProven =
              damaged
                  .prove(key)
                  .filter(path -> path.showsMember(tree.root(), key, Hash.ZERO))
                  .isPresent();
          assertThat(isProven && !damaged.prove(key).equals(whole.prove(key))).isFalse();
        });
  }

  private static RadixTree<Hash> tree(SplittableRandom random, int size) {
    RadixTree<Hash> tree = RadixTree.empty();
    for (int i = 0; i < size; i++) {
      Hash key = key(random.nextInt());
      tree = tree.withMember(key, key);
    }
    return tree;
  }

  private static List<Hash> some(SplittableRandom random, List<Hash> keys) {
    TreeSet<Hash> some = new TreeSet<>(keys);
    some.removeIf(key -> random.nextInt(3) == 0);
    return new ArrayList<>(some);
  }

  private static Hash key(int number) {
    return Hashes.sha256(Hashes.u32(number));
  }
}
