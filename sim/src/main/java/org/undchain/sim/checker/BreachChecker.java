package org.undchain.sim.checker;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.job.LaneHeaders;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.Table;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Notice;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.EvidenceLeaf;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.time.ClockNotice;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * L8: when an honest validator has heard two votes (E1) or two lane headers (E3) that convict a
 * member, and lives on, the conviction is on chain in time. What was heard is read at the border;
 * only breaches of the height or slot that the hearer works at count, since nobody is asked to keep
 * the votes of others for ever.
 */
public final class BreachChecker implements Observer {
  private static final int DOUBLE_VOTE = 1;
  private static final int LANE_FORK = 3;

  private final Chain chain;
  private final Predicate<NodeId> isGuilty;
  private final Map<NodeId, Witness> witnesses = new TreeMap<>();
  private Set<Case> convicted = new TreeSet<>();
  private long height;

  private record Case(int code, NodeId offender) implements Comparable<Case> {
    @Override
    public int compareTo(Case other) {
      return code != other.code
          ? Integer.compare(code, other.code)
          : offender.compareTo(other.offender);
    }
  }

  /** What one life of a validator heard. */
  private static final class Witness {
    final Map<String, ByteString> words = new HashMap<>();
    final Map<Case, BlockTime> known = new TreeMap<>();
    long height;
    long slot;
    ValidatorSet set;

    Witness(ValidatorNotice.Began began) {
      this(began.height(), began.slot() + 1, ValidatorSet.of(began.set()).orElseThrow());
    }

    Witness(long height, long slot, ValidatorSet set) {
      this.height = height;
      this.slot = slot;
      this.set = set;
    }

    void forget() {
      words.clear();
      known.clear();
    }
  }

  /**
   * @param isGuilty validators that need not testify
   */
  public BreachChecker(Chain chain, Predicate<NodeId> isGuilty) {
    this.chain = chain;
    this.isGuilty = isGuilty;
  }

  /** Breaches that somebody who is still there has heard. */
  public int known() {
    return witnesses.values().stream().mapToInt(witness -> witness.known.size()).sum();
  }

  /** Judges what was heard up to {@code heardUntil}: long enough ago for a few blocks. */
  public void judge(BlockTime heardUntil) {
    witnesses.forEach((node, witness) ->
        witness.known.forEach((breach, at) -> {
          if (!heardUntil.isBefore(at) && !convicted.contains(breach)) {
            throw new Violation(
                "L8",
                node
                    + " heard E"
                    + breach.code()
                    + " of "
                    + breach.offender()
                    + " at "
                    + at.millis()
                    + " and nothing of it is on chain");
          }
        }));
  }

  @Override
  public void onCrash(NodeId node) {
    witnesses.remove(node);
  }

  @Override
  public void onNotice(NodeId node, BlockTime now, Notice notice) {
    if (isGuilty.test(node)) {
      return;
    }
    switch (notice) {
      case ValidatorNotice.Began began -> witnesses.put(node, new Witness(began));
      case ClockNotice.Synchronised awake -> // until now it listened to nobody
          Optional.ofNullable(witnesses.get(node)).ifPresent(Witness::forget);
      case ValidatorNotice.BlockCommitted committed -> {
        enter(node, committed);
        if (committed.block().header().getHeight() > height) {
          height = committed.block().header().getHeight();
          convicted = convictions(committed);
        }
      }
      default -> {}
    }
  }

  private void enter(NodeId node, ValidatorNotice.BlockCommitted committed) {
    ValidatorSet set = ValidatorSet.of(committed.set()).orElseThrow();
    long newHeight = committed.block().header().getHeight();
    long slot = committed.block().header().getNextSlot();
    Witness witness = witnesses.computeIfAbsent(node, first -> new Witness(newHeight, slot, set));
    witness.words.clear();
    witness.height = newHeight;
    witness.slot = slot;
    witness.set = set;
  }

  private static Set<Case> convictions(ValidatorNotice.BlockCommitted committed) {
    Set<Case> all = new TreeSet<>();
    for (EvidenceLeaf leaf : committed.after().all(Table.EVIDENCE, EvidenceLeaf.class)) {
      all.add(new Case(leaf.getCode(), NodeId.of(leaf.getOffender())));
    }
    return all;
  }

  @Override
  public void onEvent(NodeId node, BlockTime now, Event event) {
    Witness witness = witnesses.get(node);
    if (witness == null || !(event instanceof Event.MessageIn(NodeId peer, Opened message))) {
      return;
    }
    if (message.envelope().getKind() == EnvelopeKind.ENVELOPE_KIND_VOTE_VALUE) {
      onVote(witness, now, message);
    } else if (message.body().hasLaneBatch()) {
      onLane(witness, now, message.body().getLaneBatch());
    }
  }

  private static void onVote(Witness witness, BlockTime now, Opened message) {
    Vote vote = message.body().getVote();
    int member = witness.set.indexOfConsensusKey(message.signer());
    boolean isCounted =
        member >= 0
            && vote.getEpoch() == 0
            && vote.getHeight() == witness.height + 1
            && vote.getSlot() == witness.slot
            && vote.getRound() <= 1 // whatever round the hearer is in, these are near
            && vote.getPolRoundPlusOne() == 0
            && isVote(vote)
            && message.envelope().getPayPeriod() == witness.set.cert().getPeriod();
    if (isCounted) {
      String place = "vote " + member + ' ' + vote.getRound() + ' ' + vote.getType();
      heard(witness, now, DOUBLE_VOTE, member, place, message.envelope().getBody());
    }
  }

  /** What else a key signs is refused like noise, and is no second vote. */
  private static boolean isVote(Vote vote) {
    ByteString value = vote.getValue();
    boolean isNil = value.isEmpty();
    boolean isHash = value.size() == Hash.SIZE && !Hash.of(value).equals(Hash.ZERO);
    return (isNil || isHash)
        && (vote.getType() == VoteType.VOTE_TYPE_PREVOTE
            || vote.getType() == VoteType.VOTE_TYPE_PRECOMMIT);
  }

  private void onLane(Witness witness, BlockTime now, LaneBatch batch) {
    if (!isFirstNews(witness, batch.getHeader())) {
      return;
    }
    LaneHeaders.open(chain, witness.set, batch.getHeader())
        .filter(header -> header.body().getSlot() == witness.slot && header.body().getSeq() == 0)
        .filter(header -> isWhole(batch, header.body()))
        .ifPresent(header ->
            heard(
                witness,
                now,
                LANE_FORK,
                witness.set.indexOf(header.lane()),
                lane(header.lane()),
                header.envelope().getBody()));
  }

  /** Whether a header can be another first one of the lane: to open each costs a signature. */
  private static boolean isFirstNews(Witness witness, Envelope header) {
    try {
      LaneHeader claimed = LaneHeader.parseFrom(header.getBody());
      return claimed.getSlot() == witness.slot
          && claimed.getSeq() == 0
          && claimed.getLane().size() == NodeId.SIZE
          && !header.getBody().equals(witness.words.get(lane(NodeId.of(claimed.getLane()))));
    } catch (InvalidProtocolBufferException malformed) {
      return false;
    }
  }

  private static String lane(NodeId owner) {
    return "lane " + owner.hex();
  }

  /** A batch that is not what its header says is thrown away with the header. */
  private static boolean isWhole(LaneBatch batch, LaneHeader header) {
    return batch.getLeavesCount() == header.getIdCount()
        && header.getTotalCount() == header.getIdCount()
        && batch.getLeavesList().stream().allMatch(leaf -> leaf.getId().size() == Hash.SIZE)
        && MerkleList.root(LaneHeaders.leaves(batch.getLeavesList()))
            .toByteString()
            .equals(header.getIdsRoot());
  }

  private static void heard(
      Witness witness, BlockTime now, int code, int member, String place, ByteString word) {
    ByteString before = witness.words.putIfAbsent(place, word);
    if (before != null && !before.equals(word)) {
      witness.known.putIfAbsent(new Case(code, witness.set.member(member).id()), now);
    }
  }
}
