package org.undchain.bench.micro;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Times parts and judges each by the history. A part that is worse is timed again, and is good if
 * one of {@link #TRIES} is: noise makes slower, but hardly ever thrice.
 */
final class Gate {
  static final int TRIES = 3;

  private final Stopwatch stopwatch;
  private final GateRule rule;
  private final Consumer<String> messages;

  /** Measures the ratio of a part. */
  interface Stopwatch {
    double ratio(Part part) throws MicroException;
  }

  /**
   * @param messages is told of every try that was worse
   */
  Gate(Stopwatch stopwatch, GateRule rule, Consumer<String> messages) {
    this.stopwatch = stopwatch;
    this.rule = rule;
    this.messages = messages;
  }

  /** The best judgement of each part, in their order. */
  List<GateRule.Judgement> judge(List<Part> parts) throws MicroException {
    List<GateRule.Judgement> judgements = new ArrayList<>();
    for (Part part : parts) {
      judgements.add(judge(part));
    }
    return judgements;
  }

  private GateRule.Judgement judge(Part part) throws MicroException {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < TRIES; i++) {
      best = Math.min(best, stopwatch.ratio(part));
      GateRule.Judgement judgement = rule.judge(part.label(), best);
      if (!judgement.isWorse()) {
        return judgement;
      }
      messages.accept("try " + (i + 1) + " of " + TRIES + ", " + judgement);
    }
    return rule.judge(part.label(), best);
  }
}
