package org.undchain.core.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import org.undchain.core.value.Bytes;

/**
 * The one encoding (R0.3): protobuf with fields ascending, defaults omitted, minimal varints, no
 * unknown fields. Bytes that do not come back when the parsed message is encoded again are refused.
 */
public final class Canonical {
  /** Nested messages deeper than this are refused before they are parsed. */
  public static final int DEPTH_MAX = 24;

  private Canonical() {}

  /** The canonical bytes of a message built here. */
  public static Bytes encode(Message message) {
    return Bytes.wrap(written(message));
  }

  private static byte[] written(Message message) {
    byte[] out = new byte[message.getSerializedSize()];
    CodedOutputStream stream = CodedOutputStream.newInstance(out);
    stream.useDeterministicSerialization();
    try {
      message.writeTo(stream);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out;
  }

  /** As the other {@code decode}, for bytes that lie in a message and need not be copied for it. */
  public static <M extends Message> Optional<M> decode(Parser<M> parser, ByteString bytes) {
    return decode(parser, bytes.newCodedInput())
        .filter(message -> UnsafeByteOperations.unsafeWrap(written(message)).equals(bytes));
  }

  /**
   * The message these bytes are the canonical form of, or empty. Allocates no more than the bytes
   * warrant. Unknown fields are dropped in parsing, so that bytes with any do not come back.
   */
  public static <M extends Message> Optional<M> decode(Parser<M> parser, Bytes bytes) {
    return decode(parser, CodedInputStream.newInstance(bytes.unsafeArray()))
        .filter(message -> Arrays.equals(written(message), bytes.unsafeArray()));
  }

  private static <M extends Message> Optional<M> decode(Parser<M> parser, CodedInputStream input) {
    input.setRecursionLimit(DEPTH_MAX);
    try {
      return Optional.of(DiscardUnknownFieldsParser.wrap(parser).parseFrom(input));
    } catch (InvalidProtocolBufferException malformed) {
      return Optional.empty();
    }
  }
}
