package org.undchain.fuzz.core;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.handshake.Greeting;
import org.undchain.core.handshake.Handshake;
import org.undchain.core.handshake.HandshakeStep;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Frame;
import org.undchain.core.message.Role;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Parts;
import org.undchain.fuzz.Town;

/**
 * Whatever comes before a connection is open, with Ed25519: nobody becomes known by Hellos that it
 * did not sign for this connection. First byte: which side we are; then a frame.
 */
public final class HelloDoor implements Door {
  private static final int DIALER = 1;
  private static final Hash BINDING = Hashes.tagged("binding");

  private final Chain chain = Town.ofReal().chain();
  private final BlockTime now = Town.ofReal().story().at(3, 0);
  private final Signer one = Town.ofReal().story().signer("one");
  private final Signer two = Town.ofReal().story().signer("two");
  private final List<Envelope> dialed = new ArrayList<>();
  private final List<Envelope> accepted = new ArrayList<>();
  private final Set<Hash> genuine = new TreeSet<>();

  /** Lets two honest sides greet each other and keeps what they said. */
  public HelloDoor() {
    Handshake dialer = dialer();
    Handshake acceptor = acceptor();
    List<HandshakeStep> steps = new ArrayList<>(dialer.start(now));
    acceptor.start(now);
    collect(steps, dialed);
    collect(acceptor.onEnvelope(now, dialed.getFirst()), accepted);
    collect(dialer.onEnvelope(now, accepted.getFirst()), dialed);
    for (List<Envelope> side : List.of(dialed, accepted)) {
      side.forEach(envelope -> genuine.add(Envelopes.id(chain.context(), envelope)));
    }
  }

  private static void collect(List<HandshakeStep> steps, List<Envelope> into) {
    for (HandshakeStep step : steps) {
      if (step instanceof HandshakeStep.Send(Envelope envelope)) {
        into.add(envelope);
      }
    }
  }

  private Handshake dialer() {
    return Handshake.dialer(
        greeting(one), nonce("one"), BINDING, chain.signatures(), Optional.empty());
  }

  private Handshake acceptor() {
    return Handshake.acceptor(greeting(two), nonce("two"), BINDING, chain.signatures());
  }

  private static Bytes nonce(String of) {
    return Hashes.tagged("nonce " + of).bytes();
  }

  private Greeting greeting(Signer self) {
    return new Greeting(
        chain.context(),
        self,
        Role.ROLE_VALIDATOR,
        true,
        Optional.of(new Greeting.Standing(chain.rules().rulesHash(), 0, true)),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public boolean enter(byte[] bytes) {
    if (bytes.length == 0) {
      return false;
    }
    List<Envelope> envelopes;
    try {
      envelopes = Frame.parseFrom(Parts.rest(bytes, 1)).getEnvelopesList();
    } catch (InvalidProtocolBufferException malformed) {
      return false;
    }
    Handshake side = bytes[0] == DIALER ? dialer() : acceptor();
    side.start(now);
    for (Envelope envelope : envelopes) {
      side.onEnvelope(now, envelope);
      boolean isOurs = genuine.contains(Envelopes.idOrZero(chain.context(), envelope));
      Door.require(
          side.state() != Handshake.State.READY || isOurs, "a Hello that nobody signed is taken");
      if (side.state() == Handshake.State.READY) {
        return true;
      }
    }
    return false;
  }

  @Override
  public List<byte[]> honest() {
    return List.of(
        Parts.join(Parts.one(0), Parts.frame(dialed)),
        Parts.join(Parts.one(DIALER), Parts.frame(accepted)));
  }
}
