package org.undchain.utilities.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Any K of N pieces give the data back, whichever they are. */
final class ErasureCodeTest {
  private static final int PIECE = 37;

  @ParameterizedTest
  @CsvSource({"1,1", "1,2", "2,3", "3,4", "3,5", "4,6", "4,8", "5,10"})
  void everySubsetOfKPiecesRestoresTheData(int needed, int total) {
    ErasureCode code = new ErasureCode(needed, total);
    byte[] data = random(7, needed * PIECE);
    for (int set = 0; set < 1 << total; set++) {
      if (Integer.bitCount(set) == needed) {
        assertThat(code.restore(pieces(code, data, set), PIECE))
            .as("pieces %s", Integer.toBinaryString(set))
            .isEqualTo(data);
      }
    }
  }

  @Test
  void theLargestCodeRestoresFromItsLastPiecesAlone() {
    ErasureCode code = new ErasureCode(8, 16);
    byte[] data = random(8, 8 * PIECE);
    assertThat(code.restore(pieces(code, data, 0xff00), PIECE)).isEqualTo(data);
  }

  @Test
  void tenOfSixteenRestoreForAHundredRandomChoices() {
    long seed = Long.getLong("seed", 1L);
    Random random = new Random(seed);
    ErasureCode code = new ErasureCode(10, 16);
    byte[] data = random(seed, 10 * PIECE);
    for (int run = 0; run < 100; run++) {
      int set = 0;
      while (Integer.bitCount(set) < 10) {
        set |= 1 << random.nextInt(16);
      }
      assertThat(code.restore(pieces(code, data, set), PIECE)).as("seed %d", seed).isEqualTo(data);
    }
  }

  @Test
  void theFirstPiecesAreTheDataItself() {
    ErasureCode code = new ErasureCode(4, 8);
    byte[] data = random(9, 4 * PIECE);
    assertThat(code.piece(2, data, PIECE))
        .isEqualTo(Arrays.copyOfRange(data, 2 * PIECE, 3 * PIECE));
  }

  /** What other programs, and shards on disks, go by: words and rests of every size. */
  @ParameterizedTest
  @CsvSource({"4,8,1", "4,8,7", "4,8,8", "4,8,9", "3,5,2047", "4,8,2048", "10,16,2056", "1,2,6151"})
  void aParityPieceIsTheSumOfDataTimesCauchyRow(int needed, int total, int size) {
    byte[] data = random(12, needed * size);
    for (int index = needed; index < total; index++) {
      byte[] piece = new ErasureCode(needed, total).piece(index, data, size);
      assertThat(piece).hasSize(size);
      for (int at = 0; at < size; at++) {
        int sum = 0;
        for (int j = 0; j < needed; j++) {
          sum ^= GaloisField.multiply(GaloisField.inverse(index ^ j), data[j * size + at] & 0xff);
        }
        assertThat(piece[at]).as("byte %d of piece %d", at, index).isEqualTo((byte) sum);
      }
    }
  }

  @Test
  void oneWrongBitInAPieceGivesOtherData() {
    ErasureCode code = new ErasureCode(4, 8);
    byte[] data = random(10, 4 * PIECE);
    SortedMap<Integer, byte[]> pieces = pieces(code, data, 0b11110000);
    byte[] damaged = code.piece(5, data, PIECE);
    damaged[3] ^= 1;
    pieces.put(5, damaged);
    assertThat(code.restore(pieces, PIECE)).isNotEqualTo(data);
  }

  @Test
  void fewerThanKPiecesAndImpossibleCodesAreRefused() {
    ErasureCode code = new ErasureCode(2, 3);
    byte[] data = random(11, 2 * PIECE);
    assertThatThrownBy(() -> code.restore(pieces(code, data, 1), PIECE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ErasureCode(4, 3)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ErasureCode(4, 17)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ErasureCode(0, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  private static SortedMap<Integer, byte[]> pieces(ErasureCode code, byte[] data, int set) {
    SortedMap<Integer, byte[]> pieces = new TreeMap<>();
    for (int i = 0; i < code.total(); i++) {
      if ((set >> i & 1) == 1) {
        pieces.put(i, code.piece(i, data, PIECE));
      }
    }
    return pieces;
  }

  private static byte[] random(long seed, int size) {
    byte[] data = new byte[size];
    new Random(seed).nextBytes(data);
    return data;
  }
}
