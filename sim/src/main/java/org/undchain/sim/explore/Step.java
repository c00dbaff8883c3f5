package org.undchain.sim.explore;

import java.util.List;
import java.util.Optional;

/** What a schedule does to one validator; printed as what happens to it. */
sealed interface Step {

  /** The files are frozen: the vote begins in round 0. */
  record Start() implements Step {
    @Override
    public String toString() {
      return "starts";
    }
  }

  /** Hears from f+1 members that they are in this round. */
  record Jump(int round) implements Step {
    @Override
    public String toString() {
      return "follows f+1 others to round " + round;
    }
  }

  /** Receives a certificate. */
  record Show(Pol pol) implements Step {
    @Override
    public String toString() {
      return "is shown " + pol;
    }
  }

  /** Receives a proposal; a spoiled POL has a wrong signature. */
  record Offer(int round, int value, Optional<Pol> pol, boolean isSpoiled) implements Step {
    @Override
    public String toString() {
      String by =
          pol.map(it -> " by " + (isSpoiled ? "a forged " : "") + it + " of " + it.signatures())
              .orElse("");
      return "gets the proposal of " + Values.name(value) + " in round " + round + by;
    }
  }

  /** A timer fires if it runs; the purposes are those of the agreement. */
  record Timeout(String purpose) implements Step {
    @Override
    public String toString() {
      return "waits until " + purpose;
    }
  }

  /**
   * Receives the prevotes of others for a value.
   *
   * @param polRounds what the votes of the honest among them name
   */
  record Prevotes(int round, int value, List<Integer> polRounds, int traitors) implements Step {
    @Override
    public String toString() {
      return "gets the prevotes for "
          + Values.name(value)
          + " in round "
          + round
          + " of "
          + polRounds.size()
          + " honest (by POL rounds "
          + polRounds
          + ") and "
          + traitors
          + " traitors";
    }
  }

  /** Receives the precommits of others for a value. */
  record Precommits(int round, int value, int honest, int traitors) implements Step {
    @Override
    public String toString() {
      return "gets the precommits for "
          + Values.name(value)
          + " in round "
          + round
          + " of "
          + honest
          + " honest and "
          + traitors
          + " traitors";
    }
  }

  /** Dies and comes back with its log. */
  record Restart() implements Step {
    @Override
    public String toString() {
      return "dies and comes back with its log";
    }
  }
}
