package org.undchain.core.agent;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.crypto.Signer;
import org.undchain.core.job.LaneHeaders;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.ledger.LedgerFixture;
import org.undchain.core.machine.Event;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Ack;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.LanePhase;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Stamp;
import org.undchain.core.message.Status;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Speaks for the four validators of a {@link LedgerFixture}, with their real keys. */
public final class Members {
  public static final int COUNT = 4;

  private final Chain chain;

  public Members(Chain chain) {
    this.chain = chain;
  }

  public ValidatorSet set() {
    return ValidatorSet.of(GenesisBlock.firstSet(chain)).orElseThrow();
  }

  public Signer identity(int member) {
    return LedgerFixture.signer("validator" + member);
  }

  public NodeId id(int member) {
    return identity(member).id();
  }

  public Event up(int member) {
    return new Event.PeerUp(id(member), org.undchain.core.message.Role.ROLE_VALIDATOR);
  }

  /** A stamp of a lane that holds this entry only. */
  public Stamp stamp(int member, Hash entryId, long slot) {
    return stamp(id(member), LedgerFixture.signer("consensus" + member), entryId, slot);
  }

  public Stamp stamp(NodeId lane, Signer key, Hash entryId, long slot) {
    LaneHeader header =
        LaneHeader.newBuilder()
            .setSlot(slot)
            .setLane(lane.toByteString())
            .setPhase(LanePhase.LANE_PHASE_ADMIT)
            .setIdsRoot(MerkleList.root(List.of(LaneHeaders.leaf(entryId, true))).toByteString())
            .setIdCount(1)
            .setFirstHandCount(1)
            .setFirstHandBytes(100)
            .setTotalCount(1)
            .setSetFp(Hash.ZERO.toByteString())
            .build();
    Envelope sealed =
        Envelopes.seal(
            chain.context(),
            key,
            EnvelopeKind.ENVELOPE_KIND_LANE_HEADER,
            WireMessage.LANE_BATCH_FIELD_NUMBER,
            chain.calendar().periodOf(slot),
            header);
    return Stamp.newBuilder().setHeader(sealed).setFirstHand(true).build();
  }

  public Ack ack(Hash entryId, long slot, int... stampers) {
    List<Stamp> stamps = new ArrayList<>();
    for (int stamper : stampers) {
      stamps.add(stamp(stamper, entryId, slot));
    }
    return Ack.newBuilder()
        .setEntryId(entryId.toByteString())
        .setSlot(slot)
        .setHeight(slot + 1)
        .addAllStamps(stamps)
        .setSetHash(set().hash().toByteString())
        .build();
  }

  public Status status(Hash entryId, long height, EntryResult result) {
    return Status.newBuilder()
        .setEntryId(entryId.toByteString())
        .setHeight(height)
        .setSlot(height)
        .setResult(result)
        .build();
  }

  public Reject reject(Hash ref, RejectCode code) {
    return Reject.newBuilder().setRef(ref.toByteString()).setCode(code).build();
  }

  /** A message signed by a member, as the connection hands it over. */
  public Event from(int member, Message message) {
    return from(identity(member), message);
  }

  public Event from(Signer sender, Message message) {
    return in(sender.id(), Envelopes.sealMessage(chain.context(), sender, 0, message));
  }

  /** A message that proves itself, without a signature. */
  public Event plain(NodeId sender, Message message) {
    return in(
        sender,
        Envelopes.unsigned(chain.context(), sender, Envelopes.messageType(message), 0, message));
  }

  public Event in(NodeId peer, Envelope envelope) {
    return new Event.MessageIn(
        peer, Envelopes.open(chain.context(), chain.signatures(), envelope).good().orElseThrow());
  }
}
