package org.undchain.sim.story;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.ReconData;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.sim.Traitor;

/** One lie for each code of section 4.7, told at one height only, so that its price is known. */
final class Lies {
  private static final Hash OTHER = Hashes.tagged("another file");

  private Lies() {}

  /** E1: two prevotes in one round. */
  static Traitor.Lie twoPrevotes(long height) {
    return votes((liar, now, vote) ->
        isFirstPrevote(vote, height)
            ? List.of(vote, vote.toBuilder().setValue(OTHER.toByteString()).build())
            : List.of(vote));
  }

  /** E2: two proposals in every round it may propose in; to get there it spoils round 0. */
  static Traitor.Lie twoProposals() {
    return new Traitor.Lie() {
      @Override
      public List<Vote> instead(Traitor liar, BlockTime now, Vote vote) {
        return List.of(vote.getRound() == 0 ? vote.toBuilder().clearValue().build() : vote);
      }

      @Override
      public List<Envelope> beside(Traitor liar, WireMessage message, Envelope envelope) {
        return message.hasProposal() && liar.isOwn(envelope)
            ? List.of(liar.reseal(envelope, Traitor.variant(message.getProposal())))
            : List.of();
      }
    };
  }

  /** E3: two first batches in the lane of a slot. */
  static Traitor.Lie twoLanes(long slot) {
    return lanes(lane -> lane.getSlot() == slot ? Optional.of(lane) : Optional.empty());
  }

  /** Begins lanes for slots that nobody may stamp for yet. */
  static Traitor.Lie earlyLanes() {
    return lanes(lane -> Optional.of(lane.toBuilder().setSlot(lane.getSlot() + 2).build()));
  }

  /** An empty first batch beside the own first one. */
  private static Traitor.Lie lanes(Function<LaneHeader, Optional<LaneHeader>> forged) {
    return new Traitor.Lie() {
      @Override
      public List<Envelope> beside(Traitor liar, WireMessage message, Envelope envelope) {
        Envelope header = message.getLaneBatch().getHeader();
        if (!message.hasLaneBatch() || !liar.isOwn(header) || laneOf(header).getSeq() != 0) {
          return List.of();
        }
        return forged
            .apply(laneOf(header))
            .map(lane -> LaneBatch.newBuilder().setHeader(liar.reseal(header, empty(lane))).build())
            .map(batch -> liar.unsigned(envelope.getPayPeriod(), batch))
            .stream()
            .toList();
      }
    };
  }

  private static LaneHeader empty(LaneHeader lane) {
    return lane.toBuilder()
        .setIdCount(0)
        .setIdsRoot(MerkleList.root(List.of()).toByteString())
        .setFirstHandCount(0)
        .setFirstHandBytes(0)
        .setTotalCount(0)
        .setSetFp(RadixTree.empty().root().toByteString())
        .build();
  }

  /** E4: a vote for a file without an entry that it stamped. */
  static Traitor.Lie omission(long height, Supplier<Hash> stamped) {
    return prevotes(
        height,
        (liar, truth) -> {
          List<Hash> ids = idsOf(truth);
          ids.remove(stamped.get());
          return liar.forge(truth.getHeader().toBuilder(), ids, List.of());
        });
  }

  /** E4: a vote to skip a slot for which it stamped. */
  static Traitor.Lie skip(long height) {
    return prevotes(
        height,
        (liar, truth) -> {
          long after = truth.getHeader().getSlot() + 2;
          return liar.forge(
              truth.getHeader().toBuilder().setNextSlot(after), idsOf(truth), List.of());
        });
  }

  /** E5: a vote for a header on another state. */
  static Traitor.Lie wrongState(long height) {
    return prevotes(
        height,
        (liar, truth) ->
            liar.forge(
                truth.getHeader().toBuilder().setPrevStateRoot(OTHER.toByteString()),
                idsOf(truth),
                List.of()));
  }

  /** E5: a vote for a file with an entry that nobody may take. */
  static Traitor.Lie ineligible(long height, Supplier<Envelope> entry) {
    return prevotes(
        height,
        (liar, truth) -> {
          List<Hash> ids = idsOf(truth);
          ids.add(Envelopes.id(liar.chain().context(), entry.get()));
          return liar.forge(truth.getHeader().toBuilder(), ids, List.of(entry.get()));
        });
  }

  /** E6: after a precommit a prevote for something else, without a POL since. */
  static Traitor.Lie ignoredLock(long height) {
    return votes((liar, now, vote) -> {
      boolean isLock =
          vote.getHeight() == height
              && vote.getType() == VoteType.VOTE_TYPE_PRECOMMIT
              && !vote.getValue().isEmpty();
      return isLock
          ? List.of(
              vote,
              vote.toBuilder()
                  .setRound(vote.getRound() + 1)
                  .setType(VoteType.VOTE_TYPE_PREVOTE)
                  .setValue(OTHER.toByteString())
                  .build())
          : List.of(vote);
    });
  }

  private interface Forger {
    Hash forge(Traitor liar, ReconData truth);
  }

  /** Prevotes of round 0 for a file that was made up instead of the honest one. */
  private static Traitor.Lie prevotes(long height, Forger forger) {
    return votes((liar, now, vote) ->
        isFirstPrevote(vote, height)
            ? liar.truth(now, vote).map(truth -> to(vote, forger.forge(liar, truth))).stream()
                .toList()
            : List.of(vote));
  }

  private interface Votes {
    List<Vote> instead(Traitor liar, BlockTime now, Vote vote);
  }

  private static Traitor.Lie votes(Votes votes) {
    return new Traitor.Lie() {
      @Override
      public List<Vote> instead(Traitor liar, BlockTime now, Vote vote) {
        return votes.instead(liar, now, vote);
      }
    };
  }

  private static boolean isFirstPrevote(Vote vote, long height) {
    return vote.getHeight() == height
        && vote.getRound() == 0
        && vote.getType() == VoteType.VOTE_TYPE_PREVOTE
        && !vote.getValue().isEmpty();
  }

  private static Vote to(Vote vote, Hash value) {
    return vote.toBuilder().setValue(value.toByteString()).build();
  }

  private static List<Hash> idsOf(ReconData data) {
    List<Hash> ids = new ArrayList<>();
    data.getIdsList().forEach(id -> ids.add(Hash.of(id)));
    return ids;
  }

  private static LaneHeader laneOf(Envelope header) {
    try {
      return LaneHeader.parseFrom(header.getBody());
    } catch (InvalidProtocolBufferException malformed) {
      throw new IllegalStateException(malformed);
    }
  }
}
