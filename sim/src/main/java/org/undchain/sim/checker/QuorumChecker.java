package org.undchain.sim.checker;

import java.util.Map;
import java.util.TreeMap;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Cert;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Header;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.SignedHeader;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * What makes a block a block: q good precommits of different validators of its set, for exactly its
 * header. Reads the sets from the PAYOUT records, as a light client would (R10.9).
 */
public final class QuorumChecker implements Observer {
  private final ChainContext context;
  private final SignatureCheck check;
  private final Map<Hash, ValidatorSet> sets = new TreeMap<>();
  private final Map<Long, Integer> rounds = new TreeMap<>();

  public QuorumChecker(ChainContext context, SignatureCheck check, ValidatorSet first) {
    this.context = context;
    this.check = check;
    sets.put(first.hash(), first);
  }

  /** The round in which each height was decided; the lowest that any node has a certificate of. */
  public Map<Long, Integer> rounds() {
    return rounds;
  }

  @Override
  public void onDurable(NodeId node, LogRecord record) {
    if (record.hasPayout()) {
      ValidatorSet.of(record.getPayout().getNextSet()).ifPresent(set -> sets.put(set.hash(), set));
    }
    if (record.hasBlock()) {
      judge(node, record.getBlock().getHead());
    }
  }

  private void judge(NodeId node, SignedHeader head) {
    Header header = head.getHeader();
    Cert qc = head.getQc();
    Bytes value = Hashes.sha256(Canonical.encode(header)).bytes();
    ValidatorSet set = sets.get(Hash.of(header.getSetHash()));
    if (set == null) {
      throw new Violation("S14", "block " + header.getHeight() + " names a set nobody knows");
    }
    if (qc.getHeight() != header.getHeight()
        || qc.getSlot() != header.getSlot()
        || qc.getType() != VoteType.VOTE_TYPE_PRECOMMIT
        || !Bytes.of(qc.getValue()).equals(value)) {
      throw new Violation(
          "S1", node + " keeps block " + header.getHeight() + " under a foreign QC");
    }
    Vote vote =
        Vote.newBuilder()
            .setEpoch(qc.getEpoch())
            .setHeight(qc.getHeight())
            .setSlot(qc.getSlot())
            .setRound(qc.getRound())
            .setType(VoteType.VOTE_TYPE_PRECOMMIT)
            .setValue(qc.getValue())
            .build();
    int good = 0;
    for (int member = 0, at = 0; member < set.n(); member++) {
      if ((qc.getBitmap() >> member & 1) == 1 && at < qc.getSigsCount()) {
        good += isSigned(set.member(member).consensusKey(), header, vote, qc, at) ? 1 : 0;
        at++;
      }
    }
    if (good < set.quorum()) {
      throw new Violation(
          "S1", "block " + header.getHeight() + " has " + good + " good votes of " + set.quorum());
    }
    rounds.merge(header.getHeight(), qc.getRound(), Math::min);
  }

  private boolean isSigned(NodeId key, Header header, Vote vote, Cert qc, int at) {
    Bytes signed =
        Envelopes.signedBytes(
            context,
            EnvelopeKind.ENVELOPE_KIND_VOTE,
            WireMessage.VOTE_FIELD_NUMBER,
            header.getPeriod(),
            key,
            Canonical.encode(vote));
    return check.verify(key, signed, Bytes.of(qc.getSigs(at)));
  }
}
