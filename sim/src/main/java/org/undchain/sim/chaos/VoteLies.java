package org.undchain.sim.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.ReconData;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.sim.Traitor;

/** Votes that break a promise, a rule of the block or the own lock (E4 to E6), now and then. */
final class VoteLies {
  private static final Hash OTHER = Hashes.tagged("another file");

  private final BooleanSupplier lies;

  /**
   * @param lies whether it lies this time
   */
  VoteLies(BooleanSupplier lies) {
    this.lies = lies;
  }

  /** E4: a prevote for the own file without its first entry, which it stamped. */
  Traitor.Lie omission() {
    return (Votes)
        (liar, now, vote) ->
            isFirstPrevote(vote) && lies.getAsBoolean()
                ? liar.truth(now, vote).filter(truth -> truth.getIdsCount() > 0).stream()
                    .map(truth ->
                        liar.forge(truth.getHeader().toBuilder(), butFirst(truth), List.of()))
                    .map(value -> to(vote, value))
                    .toList()
                : List.of(vote);
  }

  /** E5: a prevote for a header on another state. */
  Traitor.Lie wrongState() {
    return (Votes)
        (liar, now, vote) ->
            isFirstPrevote(vote) && lies.getAsBoolean()
                ? liar.truth(now, vote).stream()
                    .map(truth ->
                        liar.forge(
                            truth.getHeader().toBuilder().setPrevStateRoot(OTHER.toByteString()),
                            ids(truth),
                            List.of()))
                    .map(value -> to(vote, value))
                    .toList()
                : List.of(vote);
  }

  /** E6: after a precommit a prevote for something else, without a POL since. */
  Traitor.Lie brokenLock() {
    return (Votes)
        (liar, now, vote) ->
            vote.getType() == VoteType.VOTE_TYPE_PRECOMMIT
                    && !vote.getValue().isEmpty()
                    && lies.getAsBoolean()
                ? List.of(vote, to(prevoteAfter(vote), OTHER))
                : List.of(vote);
  }

  private static Vote prevoteAfter(Vote vote) {
    return vote.toBuilder()
        .setRound(vote.getRound() + 1)
        .setType(VoteType.VOTE_TYPE_PREVOTE)
        .build();
  }

  private static boolean isFirstPrevote(Vote vote) {
    return vote.getRound() == 0
        && vote.getType() == VoteType.VOTE_TYPE_PREVOTE
        && !vote.getValue().isEmpty();
  }

  private static Vote to(Vote vote, Hash value) {
    return vote.toBuilder().setValue(value.toByteString()).build();
  }

  private static List<Hash> butFirst(ReconData truth) {
    List<Hash> ids = ids(truth);
    ids.removeFirst();
    return ids;
  }

  private static List<Hash> ids(ReconData truth) {
    List<Hash> ids = new ArrayList<>();
    truth.getIdsList().forEach(id -> ids.add(Hash.of(id)));
    return ids;
  }

  /** A lie about votes alone. */
  private interface Votes extends Traitor.Lie {
    @Override
    List<Vote> instead(Traitor liar, BlockTime now, Vote vote);
  }
}
