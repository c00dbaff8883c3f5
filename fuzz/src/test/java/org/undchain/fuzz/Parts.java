package org.undchain.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Frame;

/** Puts the bytes of a door together and takes them apart. */
public final class Parts {
  private Parts() {}

  public static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** What follows the first {@code from} bytes; nothing if there are fewer. */
  public static byte[] rest(byte[] bytes, int from) {
    return Arrays.copyOfRange(bytes, Math.min(from, bytes.length), bytes.length);
  }

  /** One byte as a part. */
  public static byte[] one(int value) {
    return new byte[] {(byte) value};
  }

  /** The place that a byte names among {@code count}. */
  public static int place(byte chosen, int count) {
    return (chosen & 0xff) % count;
  }

  public static byte[] frame(Iterable<Envelope> envelopes) {
    return Frame.newBuilder().addAllEnvelopes(envelopes).build().toByteArray();
  }
}
