package org.undchain.utilities.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/** A shard's root is the list tree of the rules, and one piece can be proved alone. */
final class ShardTreeTest {
  private static final int PIECE = ShardTree.PIECE_BYTES;

  @ParameterizedTest
  @Tag("R0.7")
  @ValueSource(
      ints = {1, 4095, 4096, 4097, 262_143, 262_144, 262_145, 790_000, 1_310_720, 1_835_009})
  void theRootIsTheListTreeOverLeavesOfFourKibibytes(int size) {
    byte[] shard = random(size, size);
    List<Bytes> leaves = new ArrayList<>();
    for (int at = 0; at < size; at += ShardTree.LEAF_BYTES) {
      leaves.add(
          Bytes.wrap(Arrays.copyOfRange(shard, at, Math.min(size, at + ShardTree.LEAF_BYTES))));
    }
    Hash expected = MerkleList.root(leaves);
    assertThat(ShardTree.rootOf(Bytes.wrap(shard))).isEqualTo(expected);
    assertThat(tree(shard).root()).isEqualTo(expected);
  }

  @Test
  void everyPieceIsProvedByItsPathAndByNoOther() {
    for (int pieces = 1; pieces <= 9; pieces++) {
      byte[] shard = random(pieces, (pieces - 1) * PIECE + 5000);
      ShardTree tree = tree(shard);
      for (int i = 0; i < pieces; i++) {
        List<Hash> path = tree.path(i);
        for (int claimed = 0; claimed < pieces; claimed++) {
          assertThat(ShardTree.proves(tree.root(), shard.length, claimed, piece(shard, i), path))
              .as("piece %d of %d claimed as %d", i, pieces, claimed)
              .isEqualTo(i == claimed);
        }
      }
    }
  }

  @Test
  void aSizeThatNoShardHasProvesNothing() {
    byte[] shard = random(1, 100);
    for (long size : new long[] {Long.MIN_VALUE, 0, ObjectLayout.SHARD_MAX + 1, Long.MAX_VALUE}) {
      assertThat(ShardTree.proves(tree(shard).root(), size, 0, shard, List.of())).isFalse();
    }
  }

  @Test
  void aFlippedBitAWrongSizeOrAnAlteredPathProvesNothing() {
    byte[] shard = random(3, 4 * PIECE + 77);
    ShardTree tree = tree(shard);
    byte[] flipped = piece(shard, 2);
    flipped[PIECE - 1] ^= 0x10;
    List<Hash> path = tree.path(2);
    byte[] piece = piece(shard, 2);
    assertThat(ShardTree.proves(tree.root(), shard.length, 2, flipped, path)).isFalse();
    assertThat(ShardTree.proves(tree.root(), shard.length + PIECE, 2, piece, path)).isFalse();
    assertThat(ShardTree.proves(tree.root(), 0, 2, piece, path)).isFalse();
    assertThat(ShardTree.proves(tree.root(), -1, 2, piece, path)).isFalse();
    assertThat(ShardTree.proves(tree.root(), shard.length, -1, piece, path)).isFalse();
    assertThat(ShardTree.proves(tree.root(), shard.length, 2, piece, path.subList(1, 3))).isFalse();
    List<Hash> longer = new ArrayList<>(path);
    longer.add(Hash.ZERO);
    assertThat(ShardTree.proves(tree.root(), shard.length, 2, piece, longer)).isFalse();
    byte[] half = Arrays.copyOf(piece, PIECE / 2);
    assertThat(ShardTree.proves(tree.root(), shard.length, 2, half, path)).isFalse();
  }

  private static ShardTree tree(byte[] shard) {
    ShardHasher hasher = new ShardHasher();
    List<Hash> pieces = new ArrayList<>();
    for (int i = 0; i < ShardTree.pieces(shard.length); i++) {
      pieces.add(hasher.add(piece(shard, i)));
    }
    assertThat(hasher.size()).isEqualTo(shard.length);
    ShardTree tree = new ShardTree(pieces, shard.length);
    assertThat(hasher.root()).isEqualTo(tree.root());
    return tree;
  }

  private static byte[] piece(byte[] shard, int index) {
    int at = index * PIECE;
    return Arrays.copyOfRange(shard, at, at + ShardTree.pieceLength(shard.length, index));
  }

  private static byte[] random(long seed, int size) {
    byte[] data = new byte[size];
    new Random(seed).nextBytes(data);
    return data;
  }

  @Test
  void noPieceIsEmpty() {
    assertThatThrownBy(() -> ShardTree.hash(new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
