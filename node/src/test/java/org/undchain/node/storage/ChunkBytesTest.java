package org.undchain.node.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.undchain.core.value.Bytes;
import org.undchain.node.transport.grpc.v1.ShardChunk;

/** The right bytes in whatever form the message keeps them, and no copy of those of the parser. */
final class ChunkBytesTest {
  private static final byte[] BYTES = {1, 2, 3, 4, 5};

  @Test
  void aParsedChunkGivesItsArrayEachTime() throws Exception {
    ShardChunk sent = ShardChunk.newBuilder().setData(ByteString.copyFrom(BYTES)).build();
    ShardChunk parsed = ShardChunk.parseFrom(sent.toByteArray());
    assertThat(bytesOf(parsed.getData())).isEqualTo(BYTES).isSameAs(bytesOf(parsed.getData()));
  }

  @Test
  void partsOfLargerArraysAreCopied() {
    assertThat(bytesOf(UnsafeByteOperations.unsafeWrap(BYTES, 1, 3))).containsExactly(2, 3, 4);
    assertThat(bytesOf(UnsafeByteOperations.unsafeWrap(ByteBuffer.wrap(BYTES, 2, 2))))
        .containsExactly(3, 4);
    ByteBuffer direct = ByteBuffer.allocateDirect(5).put(BYTES).flip();
    assertThat(bytesOf(UnsafeByteOperations.unsafeWrap(direct))).isEqualTo(BYTES);
  }

  @Test
  void joinedAndEmptyOnesAreWhole() {
    ByteString large = ByteString.copyFrom(new byte[1000]);
    ByteString joined = large.concat(ByteString.copyFrom(BYTES)).concat(large);
    assertThat(bytesOf(joined)).isEqualTo(joined.toByteArray());
    assertThat(bytesOf(ByteString.EMPTY)).isEmpty();
  }

  private static byte[] bytesOf(ByteString data) {
    return Bytes.of(data).unsafeArray();
  }
}
