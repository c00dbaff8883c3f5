package org.undchain.node.transport.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.undchain.core.codec.Canonical;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Frame;
import org.undchain.core.message.Opening;
import org.undchain.core.message.RejectCode;

/**
 * The bytes of a {@code Frame}. A frame is the concatenation of its segments, one per envelope, so
 * an envelope for many peers is encoded once. What arrives is walked before anything is parsed:
 * number and sizes of the envelopes are known before an object is made for them.
 */
final class Frames {
  /** Most envelopes of a frame. */
  static final int ENVELOPES_MAX = 256;

  /** What an envelope may have beside its body: keys, signature, batch path. */
  private static final int OVERHEAD_MAX = 1024;

  /** Longest frame; an envelope with the longest body fits in. */
  static final int BYTES_MAX = Envelopes.BODY_MAX + OVERHEAD_MAX;

  private static final int TAG =
      Frame.ENVELOPES_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  private Frames() {}

  /** One envelope as it stands in a frame. */
  static byte[] segment(Envelope envelope) {
    int size = CodedOutputStream.computeMessageSize(Frame.ENVELOPES_FIELD_NUMBER, envelope);
    byte[] segment = new byte[size];
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(segment);
      out.writeMessage(Frame.ENVELOPES_FIELD_NUMBER, envelope);
      out.checkNoSpaceLeft();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return segment;
  }

  static byte[] join(List<byte[]> segments) {
    if (segments.size() == 1) {
      return segments.getFirst();
    }
    int size = 0;
    for (byte[] segment : segments) {
      size += segment.length;
    }
    byte[] frame = new byte[size];
    int at = 0;
    for (byte[] segment : segments) {
      System.arraycopy(segment, 0, frame, at, segment.length);
      at += segment.length;
    }
    return frame;
  }

  /** The envelopes of a frame from outside, unopened. */
  static Opening<List<Envelope>> split(byte[] frame) {
    if (frame.length > BYTES_MAX) {
      return Opening.refused(
          RejectCode.REJECT_CODE_TOO_LARGE, "a frame has at most " + BYTES_MAX + " bytes");
    }
    try {
      if (count(frame) > ENVELOPES_MAX) {
        return Opening.refused(
            RejectCode.REJECT_CODE_TOO_LARGE, "a frame has at most 256 envelopes");
      }
      List<Envelope> envelopes = new ArrayList<>();
      CodedInputStream in = CodedInputStream.newInstance(frame);
      in.setRecursionLimit(Canonical.DEPTH_MAX);
      while (in.readTag() == TAG) {
        int limit = in.pushLimit(in.readRawVarint32());
        envelopes.add(Envelope.parser().parseFrom(in));
        in.checkLastTagWas(0);
        in.popLimit(limit);
      }
      return new Opening.Good<>(envelopes);
    } catch (InvalidProtocolBufferException malformed) {
      return Opening.refused(RejectCode.REJECT_CODE_MALFORMED, "the frame cannot be parsed");
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** Counts the envelopes without reading them; anything else in the frame is malformed. */
  private static int count(byte[] frame) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(frame);
    int count = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag != TAG) {
        throw new InvalidProtocolBufferException("not an envelope");
      }
      in.skipRawBytes(in.readRawVarint32());
      count++;
    }
    return count;
  }
}
