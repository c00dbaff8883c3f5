package org.undchain.sim.chaos;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import org.undchain.core.machine.Machine;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.Vote;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Chance;
import org.undchain.sim.NamedKeys;
import org.undchain.sim.NodeSpec;
import org.undchain.sim.Traitor;
import org.undchain.sim.Twin;
import org.undchain.sim.VirtualDisk;

/** A validator that lies as one fault says, as long as the chaos lasts. */
final class Liar {
  private final Fault fault;
  private final Cluster cluster;
  private final NamedKeys keys;
  private final Chance chance;
  private final VirtualDisk secondDisk = new VirtualDisk();

  Liar(Fault fault, Cluster cluster, NamedKeys keys) {
    this.fault = fault;
    this.cluster = cluster;
    this.keys = keys;
    this.chance = Chance.of(cluster.plan().seed(), "liar " + fault.number());
  }

  NodeSpec.Boot boot(NodeSpec.Boot honest) {
    return switch (fault.kind()) {
      case TWINS ->
          start -> Twin.of(honest, start, secondDisk, this::isOnOtherSide, cluster::isCalm);
      case SILENT, SELECTIVE, LATE_SENDER ->
          start -> new Muffled(honest.machine(start), fault, cluster, this::isOnOtherSide);
      case MUTATOR ->
          start -> new Mutator(honest.machine(start), cluster, keys, chance, fault.amount());
      case REPLAYER -> start -> new Replayer(honest.machine(start), cluster, chance);
      case TWO_VOTES -> start -> traitor(honest.machine(start), new TwoVotes());
      case TWO_PROPOSALS -> start -> traitor(honest.machine(start), new TwoProposals());
      case OMISSION -> start -> traitor(honest.machine(start), votes().omission());
      case WRONG_STATE -> start -> traitor(honest.machine(start), votes().wrongState());
      case BROKEN_LOCK -> start -> traitor(honest.machine(start), votes().brokenLock());
      case TWO_LANES -> start -> traitor(honest.machine(start), new TwoLanes());
      default -> throw new IllegalArgumentException("nobody lies by " + fault.kind());
    };
  }

  private VoteLies votes() {
    return new VoteLies(this::lies);
  }

  private Machine traitor(Machine honest, Traitor.Lie lie) {
    return new Traitor(honest, cluster.chain(), keys, lie);
  }

  /** A half of the others that stays the same for the whole run. */
  private boolean isOnOtherSide(NodeId peer) {
    return Chance.of(cluster.plan().seed(), "side " + fault.number() + peer.hex()).coin();
  }

  private boolean lies() {
    return !cluster.isCalm() && chance.perMille((int) fault.amount());
  }

  /** E1: another vote beside, or instead of, an honest one: for nothing or for what others said. */
  private final class TwoVotes implements Traitor.Lie {
    private ByteString other = ByteString.EMPTY;

    @Override
    public List<Vote> instead(Traitor liar, BlockTime now, Vote vote) {
      ByteString value = other;
      other = vote.getValue();
      if (!lies() || value.equals(vote.getValue())) {
        return List.of(vote);
      }
      Vote second = vote.toBuilder().setValue(value).clearPolRoundPlusOne().build();
      return chance.coin() ? List.of(vote, second) : List.of(second);
    }
  }

  /** E2; spoils round 0 to be asked for proposals. */
  private final class TwoProposals implements Traitor.Lie {
    @Override
    public List<Vote> instead(Traitor liar, BlockTime now, Vote vote) {
      return List.of(vote.getRound() == 0 && lies() ? vote.toBuilder().clearValue().build() : vote);
    }

    @Override
    public List<Envelope> beside(Traitor liar, WireMessage message, Envelope envelope) {
      return message.hasProposal() && liar.isOwn(envelope) && lies()
          ? List.of(liar.reseal(envelope, Traitor.variant(message.getProposal())))
          : List.of();
    }
  }

  /** E3: a second batch in one place of the lane. */
  private final class TwoLanes implements Traitor.Lie {
    @Override
    public List<Envelope> beside(Traitor liar, WireMessage message, Envelope envelope) {
      Envelope header = message.getLaneBatch().getHeader();
      if (!message.hasLaneBatch() || !liar.isOwn(header) || !lies()) {
        return List.of();
      }
      try {
        LaneHeader lane = LaneHeader.parseFrom(header.getBody());
        LaneHeader forked = lane.toBuilder().setLast(!lane.getLast()).build();
        LaneBatch batch =
            message.getLaneBatch().toBuilder().setHeader(liar.reseal(header, forked)).build();
        return List.of(liar.unsigned(envelope.getPayPeriod(), batch));
      } catch (InvalidProtocolBufferException malformed) {
        throw new IllegalStateException("an honest lane cannot be read", malformed);
      }
    }
  }
}
