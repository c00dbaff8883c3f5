package org.undchain.core.consensus;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.codec.Canonical;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.machine.DamagedRecords;
import org.undchain.core.message.Cert;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Proposal;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteRecord;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * What a validator must not forget about one height over a restart (R4.40): everything it signed,
 * its lock, and the POLs it relied on. Votes are sent again byte for byte, never made anew.
 *
 * @param pols every POL that a record carried, complete
 * @param candidates the contents that a record carried
 */
public record Restored(
    LastSigned last,
    List<Envelope> votes,
    List<Envelope> proposals,
    int lockedRound,
    Hash lockedValue,
    int validRound,
    Hash validValue,
    List<Cert> pols,
    List<Candidate> candidates) {

  public Restored {
    votes = List.copyOf(votes);
    proposals = List.copyOf(proposals);
    pols = List.copyOf(pols);
    candidates = List.copyOf(candidates);
  }

  /**
   * What the records of a log say about one height; empty if nothing was signed there. All vote and
   * proposal records of the height are needed, in the order in which they were written: a POL and
   * its content stand only in the first record after they were learned.
   *
   * @throws DamagedRecords if a record says what no validator signs (R4.41)
   */
  public static Optional<Restored> of(long epoch, long height, Iterable<LogRecord> records) {
    Reader reader = new Reader(epoch, height);
    for (LogRecord record : records) {
      if (record.hasVote()) {
        reader.vote(record.getVote());
      } else if (record.hasProposal()) {
        reader.proposal(record.getProposal());
      }
    }
    return reader.result();
  }

  /** The votes signed before, as ballots of this member, in the order in which they were signed. */
  List<Ballot> ballots(ChainContext chain, int member) {
    return votes.stream()
        .flatMap(it -> Ballot.of(member, vote(it), Envelopes.id(chain, it), it).stream())
        .toList();
  }

  List<Offer> offers(ChainContext chain) {
    return proposals.stream()
        .flatMap(it -> Offer.of(proposal(it), Envelopes.id(chain, it), it).stream())
        .toList();
  }

  Lock lock() {
    return new Lock(lockedRound, lockedValue, validRound, validValue);
  }

  static Vote vote(Envelope envelope) {
    return Canonical.decode(Vote.parser(), Bytes.of(envelope.getBody()))
        .orElseThrow(() -> new DamagedRecords("a vote in the log cannot be read"));
  }

  static Proposal proposal(Envelope envelope) {
    return Canonical.decode(Proposal.parser(), Bytes.of(envelope.getBody()))
        .orElseThrow(() -> new DamagedRecords("a proposal in the log cannot be read"));
  }

  private static final class Reader {
    private final long epoch;
    private final long height;
    private final List<Envelope> votes = new ArrayList<>();
    private final List<Envelope> proposals = new ArrayList<>();
    private final List<Cert> pols = new ArrayList<>();
    private final TreeMap<Hash, Candidate> candidates = new TreeMap<>();
    private LastSigned last = LastSigned.NOTHING;
    private VoteRecord newest = VoteRecord.getDefaultInstance();

    Reader(long epoch, long height) {
      this.epoch = epoch;
      this.height = height;
    }

    void vote(VoteRecord record) {
      Vote vote = Restored.vote(record.getVote());
      if (vote.getEpoch() != epoch || vote.getHeight() != height) {
        return;
      }
      votes.add(record.getVote());
      newest = record;
      sign(vote.getRound(), step(vote));
      if (record.hasPol()) {
        pols.add(record.getPol());
      }
      if (record.hasHeader()) {
        List<Hash> ids = record.getIdsList().stream().map(Reader::hash).toList();
        candidates.put(
            Certificates.valueOf(record.getHeader()), new Candidate(record.getHeader(), ids));
      }
    }

    void proposal(Envelope envelope) {
      Proposal proposal = Restored.proposal(envelope);
      if (proposal.getEpoch() == epoch && proposal.getHeight() == height) {
        proposals.add(envelope);
        sign(proposal.getRound(), Step.PROPOSE);
      }
    }

    Optional<Restored> result() {
      if (votes.isEmpty() && proposals.isEmpty()) {
        return Optional.empty();
      }
      boolean hasVote = !votes.isEmpty();
      return Optional.of(
          new Restored(
              last,
              votes,
              proposals,
              hasVote ? newest.getLockedRound() : Ballot.NO_ROUND,
              value(newest.getLockedValue()),
              hasVote ? newest.getValidRound() : Ballot.NO_ROUND,
              value(newest.getValidValue()),
              pols,
              List.copyOf(candidates.values())));
    }

    private void sign(int round, Step step) {
      LastSigned signed = new LastSigned(epoch, height, round, step);
      if (signed.compareTo(last) > 0) {
        last = signed;
      }
    }

    private static Step step(Vote vote) {
      return switch (vote.getType()) {
        case VOTE_TYPE_PREVOTE -> Step.PREVOTE;
        case VOTE_TYPE_PRECOMMIT -> Step.PRECOMMIT;
        case VOTE_TYPE_UNSPECIFIED, UNRECOGNIZED ->
            throw new DamagedRecords("a vote without a type in the log");
      };
    }

    private static Hash value(ByteString field) {
      return field.isEmpty() ? Ballot.NIL : hash(field);
    }

    private static Hash hash(ByteString field) {
      if (field.size() != Hash.SIZE) {
        throw new DamagedRecords("a hash of " + field.size() + " bytes in a vote record");
      }
      return Hash.of(field);
    }
  }
}
