package org.undchain.sim;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Optional;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Opening;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.Bytes;

/**
 * An envelope on the wire: really bytes, really opened on arrival. Opening is a function of the
 * bytes, so the receivers of one broadcast share its outcome.
 */
final class Parcel {
  private static final Opening<Opened> UNOPENED =
      Opening.refused(RejectCode.REJECT_CODE_UNSPECIFIED, "not opened yet");

  private final Bytes bytes;
  private Opening<Opened> outcome = UNOPENED;
  private Optional<Envelope> envelope = Optional.empty();

  Parcel(Bytes bytes) {
    this.bytes = bytes;
  }

  static Parcel of(Envelope envelope) {
    return new Parcel(Bytes.wrap(envelope.toByteArray()));
  }

  Bytes bytes() {
    return bytes;
  }

  /** Whether this is an envelope of the type; a guess where the bytes cannot be trusted. */
  boolean isOfType(int type) {
    return envelope().map(envelope -> envelope.getType() == type).orElse(false);
  }

  /** What the bytes say, unchecked. */
  Optional<Envelope> envelope() {
    if (envelope.isEmpty()) {
      try {
        envelope = Optional.of(Envelope.parseFrom(bytes.unsafeArray()));
      } catch (InvalidProtocolBufferException malformed) {
        return Optional.empty();
      }
    }
    return envelope;
  }

  /** The same parcel with one bit flipped. */
  Parcel corrupted(Chance chance) {
    byte[] flipped = bytes.toByteArray();
    flipped[(int) chance.below(flipped.length)] ^= (byte) (1 << chance.below(8));
    return new Parcel(Bytes.wrap(flipped));
  }

  Opening<Opened> open(ChainContext chain, SignatureCheck check) {
    if (outcome == UNOPENED) {
      outcome = read(chain, check);
    }
    return outcome;
  }

  private Opening<Opened> read(ChainContext chain, SignatureCheck check) {
    return envelope()
        .map(read -> Envelopes.open(chain, check, read))
        .orElseGet(() -> Opening.refused(RejectCode.REJECT_CODE_MALFORMED, "no envelope"));
  }
}
