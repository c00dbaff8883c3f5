package org.undchain.core.sync;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.machine.Load;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Get;
import org.undchain.core.message.GetWhat;
import org.undchain.core.message.ReconSummary;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/** Knows how far the others are and whom to ask for the next blocks (section 4.9). */
public final class CatchUp {
  /** How long a question waits for its answer before somebody else is asked. */
  private static final long ANSWER_MILLIS = 2000;

  /** How long a lead of one block is given to arrive by itself (R4.28). */
  private static final long PATIENCE_MILLIS = 500;

  private static final int PEERS_MAX = 256;

  private final Map<NodeId, Long> tips = new TreeMap<>();
  private Optional<Question> open = Optional.empty();
  private long oneAheadSince = Long.MAX_VALUE;

  private record Question(NodeId to, long from, BlockTime at) {}

  /** What to ask whom. */
  public record Ask(NodeId whom, Get get) {}

  /** Takes a tip; answers whether it is news. */
  public boolean onTip(NodeId from, ReconSummary summary) {
    long height = summary.getTipHeight();
    return (tips.containsKey(from) || tips.size() < PEERS_MAX)
        && !Long.valueOf(height).equals(tips.put(from, height));
  }

  public Load load() {
    return new Load("tips of others", tips.size(), PEERS_MAX);
  }

  public void onPeerDown(NodeId peer) {
    tips.remove(peer);
    open = open.filter(question -> !question.to().equals(peer));
  }

  /** An answer came; the next question may follow at once. */
  public void onAnswer(NodeId from) {
    open = open.filter(question -> !question.to().equals(from));
  }

  /** A peer whose answer was worth nothing is not asked again before it shows a new tip. */
  public void distrust(NodeId peer) {
    tips.remove(peer);
  }

  /** The next question, if one is due. */
  public Optional<Ask> next(BlockTime now, long height) {
    if (open.isPresent() && now.minus(open.get().at()) < ANSWER_MILLIS) {
      return Optional.empty();
    }
    Optional<NodeId> best = furthest(open.map(Question::to));
    if (best.isEmpty()) {
      best = furthest(Optional.empty());
    }
    long lead = best.map(peer -> tips.getOrDefault(peer, 0L) - height).orElse(0L);
    if (lead <= 0) {
      oneAheadSince = Long.MAX_VALUE;
      return Optional.empty();
    }
    if (lead == 1) {
      oneAheadSince = Math.min(oneAheadSince, now.millis());
      if (now.millis() - oneAheadSince < PATIENCE_MILLIS) {
        return Optional.empty();
      }
    }
    open = Optional.of(new Question(best.get(), height + 1, now));
    return Optional.of(
        new Ask(
            best.get(),
            Get.newBuilder().setWhat(GetWhat.GET_WHAT_FILE).setFrom(height + 1).build()));
  }

  /** Whether so many of the set said how far they are that they make a quorum with this one. */
  public boolean hasHeardQuorum(ValidatorSet set) {
    return 1 + tips.keySet().stream().filter(set::contains).count() >= set.quorum();
  }

  /**
   * Whether f + 1 validators, so an honest one, are two or more blocks ahead: then no stamps and no
   * votes.
   */
  public boolean isBehind(ValidatorSet set, long height) {
    int ahead = 0;
    for (Map.Entry<NodeId, Long> tip : tips.entrySet()) {
      if (tip.getValue() >= height + 2 && set.contains(tip.getKey())) {
        ahead++;
      }
    }
    return ahead > set.faulty();
  }

  private Optional<NodeId> furthest(Optional<NodeId> except) {
    NodeId best = null;
    long bestTip = 0;
    for (Map.Entry<NodeId, Long> tip : tips.entrySet()) {
      boolean isExcepted = except.isPresent() && except.get().equals(tip.getKey());
      if (!isExcepted && tip.getValue() > bestTip) {
        best = tip.getKey();
        bestTip = tip.getValue();
      }
    }
    return Optional.ofNullable(best);
  }
}
