package org.undchain.core.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    byte[] out = new byte[message.getSerializedSize()];
    CodedOutputStream stream = CodedOutputStream.newInstance(out);
    stream.useDeterministicSerialization();
    try {
      message.writeTo(stream);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return Bytes.wrap(out);
  }

  /**
   * The message these bytes are the canonical form of, or empty. Allocates no more than the bytes
   * warrant. Unknown fields are dropped in parsing, so that bytes with any do not come back.
   */
  public static <M extends Message> Optional<M> decode(Parser<M> parser, Bytes bytes) {
    CodedInputStream input = CodedInputStream.newInstance(bytes.unsafeArray());
    input.setRecursionLimit(DEPTH_MAX);
    try {
      M message = DiscardUnknownFieldsParser.wrap(parser).parseFrom(input);
      return encode(message).equals(bytes) ? Optional.of(message) : Optional.empty();
    } catch (InvalidProtocolBufferException malformed) {
      return Optional.empty();
    }
  }
}
