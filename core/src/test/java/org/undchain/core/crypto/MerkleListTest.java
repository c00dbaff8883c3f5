package org.undchain.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

@Tag("R0.7")
class MerkleListTest {

  @Test
  void everyPlaceOfEveryListUpTo20ProvesItselfAndNoOtherPlace() {
    for (int count = 1; count <= 20; count++) {
      List<Bytes> leaves = leaves(count);
      Hash root = MerkleList.root(leaves);
      for (int index = 0; index < count; index++) {
        List<Hash> path = MerkleList.path(leaves, index);
        assertThat(MerkleList.verify(root, leaves.get(index), index, count, path)).isTrue();
        assertThat(
                MerkleList.verify(root, leaves.get(index), (index + 1) % (count + 1), count, path))
            .isFalse();
        assertThat(MerkleList.verify(root, leaves.get(index), index, count + 1, path)).isFalse();
        assertThat(MerkleList.verify(root, Bytes.ofHex("ff"), index, count, path)).isFalse();
      }
    }
  }

  @Test
  void anySomeOfAListUpTo11ProveThemselvesTogether() {
    for (int count = 1; count <= 11; count++) {
      List<Bytes> leaves = leaves(count);
      MerkleList.Tree tree = MerkleList.tree(leaves);
      for (int some = 1; some < 1 << count; some++) {
        TreeMap<Integer, Bytes> shown = new TreeMap<>();
        TreeMap<Integer, List<Hash>> paths = new TreeMap<>();
        for (int i = 0; i < count; i++) {
          if ((some >> i & 1) == 1) {
            shown.put(i, leaves.get(i));
            paths.put(i, tree.path(i));
          }
        }
        List<Hash> hashes = MerkleList.join(count, paths);
        MerkleList.Part part = MerkleList.part(count, shown, hashes).orElseThrow();
        assertThat(part.root()).isEqualTo(tree.root());
        paths.forEach((index, path) -> assertThat(part.path(index)).isEqualTo(path));
        assertNoOther(tree, shown, hashes, count);
      }
    }
  }

  private static void assertNoOther(
      MerkleList.Tree tree, TreeMap<Integer, Bytes> shown, List<Hash> hashes, int count) {
    List<Hash> more = new ArrayList<>(hashes);
    more.add(Hash.ZERO);
    assertThat(MerkleList.part(count, shown, more)).isEmpty();
    if (!hashes.isEmpty()) {
      assertThat(MerkleList.part(count, shown, hashes.subList(1, hashes.size()))).isEmpty();
    }
    TreeMap<Integer, Bytes> other = new TreeMap<>(shown);
    other.put(shown.lastKey(), Bytes.ofHex("ff"));
    assertThat(MerkleList.part(count, other, hashes).orElseThrow().root())
        .isNotEqualTo(tree.root());
    assertThat(MerkleList.part(shown.lastKey(), shown, hashes)).isEmpty();
    assertThat(MerkleList.part(count, new TreeMap<>(), hashes)).isEmpty();
    assertThat(MerkleList.part(count + 1, shown, hashes).map(MerkleList.Part::root))
        .isNotEqualTo(Optional.of(tree.root()));
  }

  @Test
  void theEmptyListHasTheRootOfTheRule() {
    assertThat(MerkleList.root(List.of())).isEqualTo(Hashes.sha256(new byte[] {2, 0, 0, 0, 0}));
  }

  private static List<Bytes> leaves(int count) {
    List<Bytes> leaves = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      leaves.add(Bytes.wrap(Hashes.u32(i)));
    }
    return leaves;
  }
}
