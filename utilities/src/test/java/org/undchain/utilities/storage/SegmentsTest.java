package org.undchain.utilities.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.undchain.core.value.Bytes;

/** Segments cover an object exactly, and open with their key, number and bytes alone. */
final class SegmentsTest {
  private static final SegmentCipher CIPHER = new SegmentCipher(Bytes.wrap(new byte[32]));

  @ParameterizedTest
  @CsvSource({
    "0,4",
    "1,4",
    "4096,4",
    "4097,4",
    "1000003,4",
    "1000000000,4",
    "1000000000,10",
    "10737418240,1",
    "10737418240,16",
    "1048560,4",
    "1048561,4",
    "1048559,4"
  })
  void segmentsAndPiecesCoverTheObject(long size, int needed) {
    ObjectLayout layout = new ObjectLayout(size, needed);
    long plain = 0;
    long shard = 0;
    for (int i = 0; i < layout.segments(); i++) {
      assertThat(layout.segmentStart(i)).isEqualTo(plain);
      plain += layout.plainBytes(i);
      shard += layout.pieceBytes(i);
      boolean isLast = i == layout.segments() - 1;
      assertThat(layout.pieceBytes(i)).isLessThanOrEqualTo(ShardTree.PIECE_BYTES).isPositive();
      assertThat(isLast || layout.pieceBytes(i) == ShardTree.PIECE_BYTES).isTrue();
      assertThat(layout.pieceBytes(i) * needed).isGreaterThanOrEqualTo(layout.sealedBytes(i));
    }
    assertThat(plain).isEqualTo(size);
    assertThat(shard).isEqualTo(layout.shardBytes());
    assertThat(ShardTree.pieces(shard)).isEqualTo(layout.segments());
  }

  @Test
  void aSegmentOpensWithItsNumberAlone() {
    byte[] plain = new byte[1000];
    new Random(1).nextBytes(plain);
    int end = 1000 + SegmentCipher.SEAL_BYTES;
    byte[] sealed = CIPHER.seal(7, plain, 1000, end + 4);
    assertThat(CIPHER.open(7, sealed, end)).hasValue(plain);
    assertThat(CIPHER.open(8, sealed, end)).isEmpty();
    assertThat(CIPHER.open(7, sealed, end - 1)).isEmpty();
    assertThat(CIPHER.open(7, sealed, 3)).isEmpty();
    assertThat(Arrays.copyOfRange(sealed, end, end + 4)).containsOnly(0);
    sealed[500] ^= 1;
    assertThat(CIPHER.open(7, sealed, end)).isEmpty();
  }
}
