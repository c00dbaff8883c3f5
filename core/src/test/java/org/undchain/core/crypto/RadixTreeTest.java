package org.undchain.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.Seeds;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

@Tag("R0.7")
class RadixTreeTest {

  @Test
  void theEmptyTreeHasTheRootOfTheRule() {
    assertThat(RadixTree.empty().root()).isEqualTo(Hashes.sha256(new byte[] {5, 0, 0, 0, 0}));
  }

  @Test
  void oneLeafIsHashedAsTheRuleSays() {
    Hash key = key(1);
    Hash value = key(2);
    Hash leaf =
        Hashes.sha256(new byte[] {3}, key.bytes().unsafeArray(), value.bytes().unsafeArray());
    Hash root = Hashes.sha256(new byte[] {5, 0, 0, 0, 1}, leaf.bytes().unsafeArray());
    assertThat(RadixTree.<String>empty().with(key, x -> value, "x").root()).isEqualTo(root);
  }

  @Test
  void theRootDoesNotDependOnTheOrderOfTheKeys() {
    Seeds.forEachSeed(
        50,
        random -> {
          List<Hash> keys = keys(random, 1 + random.nextInt(60));
          Hash expected = build(keys).root();
          Collections.shuffle(keys, new Random(random.nextLong()));
          assertThat(build(keys).root()).isEqualTo(expected);
        });
  }

  @Test
  void itIsAMapThatListsItsKeysAscendingAndForgetsWithoutATrace() {
    Seeds.forEachSeed(
        50,
        random -> {
          TreeMap<Hash, Integer> expected = new TreeMap<>();
          RadixTree<Integer> tree = RadixTree.empty();
          for (int step = 0; step < 120; step++) {
            Hash key = key(random.nextInt(40));
            if (random.nextInt(3) == 0) {
              expected.remove(key);
              tree = tree.without(key);
            } else {
              expected.put(key, step);
              tree = tree.with(key, RadixTreeTest::key, step);
            }
          }
          assertThat(tree.keys()).containsExactlyElementsOf(expected.keySet());
          assertThat(tree.values()).containsExactlyElementsOf(expected.values());
          RadixTree<Integer> again = RadixTree.empty();
          for (var entry : expected.entrySet()) {
            again = again.with(entry.getKey(), RadixTreeTest::key, entry.getValue());
          }
          assertThat(tree.root()).isEqualTo(again.root());
        });
  }

  @Test
  void proofsShowWhatIsInAndWhatIsNotAndNothingElse() {
    Seeds.forEachSeed(
        50,
        random -> {
          List<Hash> keys = keys(random, 1 + random.nextInt(40));
          RadixTree<Hash> tree = build(keys);
          Hash in = keys.get(random.nextInt(keys.size()));
          Hash out = key(1_000_000 + random.nextInt(1000));
          RadixTree.Proof proof = tree.prove(in);
          assertThat(proof.showsMember(tree.root(), in, Hash.ZERO)).isTrue();
          assertThat(proof.showsMember(tree.root(), in, key(7))).isFalse();
          assertThat(proof.showsMember(tree.root(), out, Hash.ZERO)).isFalse();
          assertThat(proof.showsAbsent(tree.root(), in)).isFalse();
          RadixTree.Proof absence = tree.prove(out);
          assertThat(absence.showsAbsent(tree.root(), out)).isTrue();
          assertThat(absence.showsAbsent(tree.root(), in)).isFalse();
          assertThat(absence.showsMember(tree.root(), out, Hash.ZERO)).isFalse();
        });
  }

  private static RadixTree<Hash> build(List<Hash> keys) {
    RadixTree<Hash> tree = RadixTree.empty();
    for (Hash key : keys) {
      tree = tree.withMember(key, key);
    }
    return tree;
  }

  private static List<Hash> keys(SplittableRandom random, int count) {
    List<Hash> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(key(random.nextInt(1000)));
    }
    return keys;
  }

  private static Hash key(int number) {
    return Hashes.sha256(Bytes.wrap(Hashes.u32(number)));
  }
}
