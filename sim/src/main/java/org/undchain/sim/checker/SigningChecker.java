package org.undchain.sim.checker;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.undchain.core.message.Beat;
import org.undchain.core.message.Entry;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Proposal;
import org.undchain.core.message.Vote;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * I2 over the whole life of every key, restarts included: never two different votes for one (epoch,
 * height, round, type), two proposals of one round, two lane headers of one (slot, seq), or two
 * BEATs of one beat (E1, E2, E3, E15).
 */
public final class SigningChecker implements Observer {
  private final Map<Place, ByteString> signed = new HashMap<>();
  private final Predicate<NodeId> isGuilty;
  private final Predicate<Envelope> isSigned;
  private long votes;

  /** What a key may sign one content for: up to four numbers say which vote, lane or beat. */
  private record Place(String what, long a, long b, long c, long d, ByteString signer) {
    @Override
    public String toString() {
      return what + ' ' + a + ' ' + b + ' ' + c + ' ' + d + " by " + Bytes.of(signer).hex();
    }
  }

  public SigningChecker() {
    this(key -> false, entry -> true);
  }

  /**
   * @param isGuilty keys of which nothing is promised, whoever passes on what they signed
   * @param isSigned whether an entry bears its signer's signature; batches are passed on with
   *     contents that nobody took
   */
  public SigningChecker(Predicate<NodeId> isGuilty, Predicate<Envelope> isSigned) {
    this.isGuilty = isGuilty;
    this.isSigned = isSigned;
  }

  /** Different votes seen so far; a checker that saw none proves nothing. */
  public long votes() {
    return votes;
  }

  @Override
  public void onSaid(NodeId from, Envelope message) {
    look(message);
  }

  @Override
  public void onDurable(NodeId node, LogRecord record) {
    if (record.hasVote()) {
      look(record.getVote().getVote());
    } else if (record.hasLane()) {
      look(record.getLane().getBatch());
    } else if (record.hasProposal()) {
      look(record.getProposal());
    } else if (record.hasBeat()) {
      look(record.getBeat());
    }
  }

  private void look(Envelope envelope) {
    int kind = envelope.getKind();
    int type = envelope.getType();
    if (kind == EnvelopeKind.ENVELOPE_KIND_VOTE_VALUE) {
      vote(envelope);
    } else if (kind == EnvelopeKind.ENVELOPE_KIND_MESSAGE_VALUE
        && type == WireMessage.PROPOSAL_FIELD_NUMBER) {
      Proposal proposal = read(Proposal.parser(), envelope);
      once(
          envelope,
          "E2 proposal",
          proposal.getEpoch(),
          proposal.getHeight(),
          proposal.getRound(),
          0);
    } else if (kind == EnvelopeKind.ENVELOPE_KIND_MESSAGE_VALUE
        && type == WireMessage.LANE_BATCH_FIELD_NUMBER) {
      look(read(LaneBatch.parser(), envelope));
    } else if (kind == EnvelopeKind.ENVELOPE_KIND_ENTRY_VALUE && type == Entry.BEAT_FIELD_NUMBER) {
      once(envelope, "E15 beat", read(Beat.parser(), envelope).getBeat(), 0, 0, 0);
    }
  }

  private void look(LaneBatch batch) {
    Envelope header = batch.getHeader();
    LaneHeader lane = read(LaneHeader.parser(), header);
    once(header, "E3 lane", lane.getSlot(), lane.getSeq(), 0, 0);
    batch.getContentsList().stream().filter(isSigned).forEach(this::look);
  }

  private void vote(Envelope envelope) {
    Vote vote = read(Vote.parser(), envelope);
    if (once(
        envelope,
        "E1 vote",
        vote.getEpoch(),
        vote.getHeight(),
        vote.getRound(),
        vote.getTypeValue())) {
      votes++;
    }
  }

  private boolean once(Envelope envelope, String what, long a, long b, long c, long d) {
    if (isGuilty.test(NodeId.of(envelope.getSigner()))) {
      return false;
    }
    Place key = new Place(what, a, b, c, d, envelope.getSigner());
    ByteString before = signed.putIfAbsent(key, envelope.getBody());
    if (before != null && !before.equals(envelope.getBody())) {
      throw new Violation("S2", "two different contents of " + key);
    }
    return before == null;
  }

  private static <T> T read(Parser<T> parser, Envelope envelope) {
    try {
      return parser.parseFrom(envelope.getBody());
    } catch (InvalidProtocolBufferException malformed) {
      throw new IllegalStateException("a node sent what cannot be read", malformed);
    }
  }
}
