package org.undchain.fuzz.core;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Contacts;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Genesis;
import org.undchain.core.message.Opened;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Opening;
import org.undchain.core.message.RejectCode;
import org.undchain.core.session.SessionObjects;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Town;

/**
 * Envelopes of every kind with Ed25519: whatever opens with a signature was signed by somebody, for
 * this chain and as this kind.
 */
public final class EnvelopeDoor implements Door {
  private final Town town = Town.ofReal();
  private final ChainContext chain = town.chain().context();
  private final SignatureCheck check = town.chain().signatures();
  private final Set<Hash> genuine = Genuine.of(town);
  private final Genesis genesis = town.chain().genesis();

  @Override
  public boolean enter(byte[] bytes) {
    Envelope envelope;
    try {
      envelope = Envelope.parseFrom(bytes);
    } catch (InvalidProtocolBufferException malformed) {
      return false;
    }
    boolean isMessage = message(envelope);
    boolean isEntry = entry(envelope);
    boolean isContact = contact(envelope);
    boolean isSession = session(envelope);
    boolean isGenesis = genesis(envelope);
    return isMessage || isEntry || isContact || isSession || isGenesis;
  }

  private boolean message(Envelope envelope) {
    return switch (Envelopes.open(chain, check, envelope)) {
      case Opening.Good<Opened>(Opened opened) -> {
        Door.require(
            !opened.isSigned() || genuine.contains(opened.id()), "a message nobody signed opens");
        yield true;
      }
      case Opening.Refused<Opened>(RejectCode code, String detail) -> refused(code, detail);
    };
  }

  private boolean entry(Envelope envelope) {
    return switch (Envelopes.openEntry(chain, check, envelope)) {
      case Opening.Good<OpenedEntry>(OpenedEntry entry) -> {
        Door.require(genuine.contains(entry.id()), "an entry nobody signed opens");
        yield true;
      }
      case Opening.Refused<OpenedEntry>(RejectCode code, String detail) -> refused(code, detail);
    };
  }

  private boolean contact(Envelope envelope) {
    Opening<?> opening = Contacts.open(chain, check, envelope);
    Door.require(
        opening.good().isEmpty() || genuine.contains(Envelopes.id(chain, envelope)),
        "a contact record nobody signed opens");
    return opening.good().isPresent();
  }

  private boolean session(Envelope envelope) {
    if (envelope.getSigner().size() != NodeId.SIZE) {
      return false;
    }
    NodeId signer = NodeId.of(envelope.getSigner());
    Bytes sig = Bytes.of(envelope.getSig());
    boolean isContract = SessionObjects.contractOf(chain, check, envelope).isPresent();
    boolean isOfBoth = SessionObjects.contract(chain, check, envelope, sig).isPresent();
    boolean isMicro = SessionObjects.micro(chain, check, envelope, signer).isPresent();
    boolean isClose = SessionObjects.closeOf(chain, check, envelope, signer).isPresent();
    boolean isTaken = isContract || isOfBoth || isMicro || isClose;
    Door.require(
        !isTaken || genuine.contains(Envelopes.id(chain, envelope)),
        "a session object nobody signed opens");
    return isTaken;
  }

  private boolean genesis(Envelope envelope) {
    Optional<Genesis> opened = GenesisBlock.open(check, envelope).good();
    opened.ifPresent(found -> Door.require(found.equals(genesis), "another genesis opens"));
    return opened.isPresent();
  }

  private static boolean refused(RejectCode code, String detail) {
    Door.require(
        code != RejectCode.REJECT_CODE_UNSPECIFIED && !detail.isEmpty(), "a refusal says no why");
    return false;
  }

  @Override
  public List<byte[]> honest() {
    List<Envelope> some = new ArrayList<>(town.samples(1));
    some.addAll(town.entrySamples(1));
    some.add(GenesisBlock.seal(town.story().signer("owner"), genesis));
    return some.stream().map(envelope -> Canonical.encode(envelope).toByteArray()).toList();
  }
}
