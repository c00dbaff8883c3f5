package org.undchain.sim.chaos;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import java.util.Optional;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Vote;

/** Reads what is said on a wire; empty where it cannot be read. */
final class Wording {
  private Wording() {}

  static Optional<Vote> vote(Envelope envelope) {
    return read(Vote.parser(), envelope);
  }

  static <T> Optional<T> read(Parser<T> parser, Envelope envelope) {
    try {
      return Optional.of(parser.parseFrom(envelope.getBody()));
    } catch (InvalidProtocolBufferException malformed) {
      return Optional.empty();
    }
  }
}
