package org.undchain.fuzz.core;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.Eligibility;
import org.undchain.core.ledger.Execution;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.ledger.State;
import org.undchain.core.message.Block;
import org.undchain.core.message.Entry;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Header;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Parts;
import org.undchain.fuzz.Town;

/**
 * Bodies of every entry under a signature that is good, against the states before the blocks of a
 * town: what is eligible executes, and not a grain appears or is lost (S7).
 *
 * <p>Bytes: place of the type, place of the signer, height, body.
 */
public final class EntryDoor implements Door {
  private final Town town = Town.ofForgeable();
  private final Chain chain = town.chain();
  private final Bodies bodies = new Bodies(Entry.getDefaultInstance());
  private final List<Block> blocks = town.blocks();
  private final List<NodeId> signers = new ArrayList<>(town.story().validators());

  /** Lets everybody of the town sign. */
  public EntryDoor() {
    signers.add(town.story().id("ann"));
    signers.add(town.story().id("paul"));
    for (Envelope entry : town.entries()) {
      NodeId signer = NodeId.of(entry.getSigner());
      if (!signers.contains(signer)) {
        signers.add(signer);
      }
    }
  }

  @Override
  public boolean enter(byte[] bytes) {
    if (bytes.length < 3) {
      return false;
    }
    FieldDescriptor type = bodies.type(bytes[0]);
    NodeId signer = signers.get(Parts.place(bytes[1], signers.size()));
    Header header = blocks.get(Parts.place(bytes[2], blocks.size())).getHead().getHeader();
    State parent = parentOf(header);
    Envelope envelope =
        Envelope.newBuilder()
            .setBody(Bytes.wrap(Parts.rest(bytes, 3)).toByteString())
            .setSigner(signer.toByteString())
            .setSig(signer.toByteString())
            .setKind(EnvelopeKind.ENVELOPE_KIND_ENTRY_VALUE)
            .setType(type.getNumber())
            .setPayPeriod(header.getPeriod())
            .setChainTag(chain.context().tag())
            .build();
    Optional<OpenedEntry> opened =
        Envelopes.openEntry(chain.context(), (key, message, signature) -> true, envelope).good();
    if (opened.isEmpty()
        || !Eligibility.check(chain, parent, opened.get(), header.getSlot()).isAccept()) {
      return false;
    }
    State after = Execution.execute(chain, parent, header, List.of(opened.get())).after();
    Door.require(after.money() == parent.money(), "the entry made or burnt money");
    return true;
  }

  private State parentOf(Header header) {
    return town.story()
        .chronicle()
        .stateAt(header.getHeight() - 1)
        .orElseGet(() -> GenesisBlock.state(chain));
  }

  /** Every type of entry at the block it came into. */
  @Override
  public List<byte[]> honest() {
    List<byte[]> honest = new ArrayList<>();
    List<Integer> types = new ArrayList<>();
    for (int at = 0; at < blocks.size(); at++) {
      long period = blocks.get(at).getHead().getHeader().getPeriod();
      Predicate<Envelope> isNew =
          entry -> entry.getPayPeriod() == period && !types.contains(entry.getType());
      for (Envelope entry : blocks.get(at).getEntriesList().stream().filter(isNew).toList()) {
        types.add(entry.getType());
        honest.add(
            Parts.join(
                bodies.choice(entry),
                Parts.one(signers.indexOf(NodeId.of(entry.getSigner()))),
                Parts.one(at),
                entry.getBody().toByteArray()));
      }
    }
    return honest;
  }
}
