package org.undchain.core.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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
