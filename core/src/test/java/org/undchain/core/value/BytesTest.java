package org.undchain.core.value;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Byte strings and the arrays they share. */
class BytesTest {
  @Test
  void aByteStringThatIsOneArrayIsNotCopied() {
    byte[] array = {1, 2, 3};
    ByteString whole = UnsafeByteOperations.unsafeWrap(array);
    assertThat(Bytes.of(whole).unsafeArray()).isSameAs(array);
    assertThat(Bytes.of(whole).toByteString()).isEqualTo(whole);
  }

  /** Parts of arrays, ropes of them and buffers, whatever their sizes are (seeded). */
  @Test
  void anyOtherIsCopiedWhole() {
    Random chance = new Random(20261127);
    for (int round = 0; round < 500; round++) {
      byte[] array = new byte[1 + chance.nextInt(400)];
      chance.nextBytes(array);
      int from = chance.nextInt(array.length);
      ByteString part = ByteString.copyFrom(array).substring(from);
      ByteString rope = part.concat(ByteString.copyFrom(array)).concat(part);
      ByteString buffer =
          UnsafeByteOperations.unsafeWrap(ByteBuffer.allocateDirect(7).put(3, (byte) 9));
      for (ByteString bytes : new ByteString[] {part, rope, buffer, rope.concat(buffer)}) {
        assertThat(Bytes.of(bytes).unsafeArray()).isEqualTo(bytes.toByteArray());
      }
    }
  }

  @Test
  void nothingIsTheEmptyOne() {
    assertThat(Bytes.of(ByteString.EMPTY)).isSameAs(Bytes.EMPTY);
  }
}
