package org.undchain.node.transport.grpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.message.Envelope;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Parts;
import org.undchain.fuzz.Town;

/** Bytes of a stream: what splits is within its bounds and splits alike when it is sent on. */
public final class FrameDoor implements Door {
  private final Town town = Town.ofForgeable();

  @Override
  public boolean enter(byte[] bytes) {
    Optional<List<Envelope>> envelopes = Frames.split(bytes).good();
    if (envelopes.isEmpty()) {
      return false;
    }
    Door.require(envelopes.get().size() <= Frames.ENVELOPES_MAX, "too many envelopes pass");
    List<byte[]> segments = new ArrayList<>();
    envelopes.get().forEach(envelope -> segments.add(Frames.segment(envelope)));
    byte[] again = Frames.join(segments.isEmpty() ? List.of(new byte[0]) : segments);
    Door.require(
        Frames.split(again).good().equals(envelopes), "a frame that is sent on says otherwise");
    return true;
  }

  @Override
  public List<byte[]> honest() {
    List<Envelope> some = town.samples(1);
    return List.of(Parts.frame(some), Parts.frame(some.subList(0, 1)), new byte[0]);
  }
}
