package org.undchain.node.api;

import java.util.List;
import java.util.function.Supplier;

/** The answers of a node that knows no chain: its numbers. */
final class MetricsAlone implements Answers {
  private static final List<String> PATH = List.of("metrics");

  private final String origin;
  private final Supplier<String> metrics;

  /**
   * @param origin what the node is called in refusals
   */
  MetricsAlone(String origin, Supplier<String> metrics) {
    this.origin = origin;
    this.metrics = metrics;
  }

  @Override
  public Reply reply(String target) {
    try {
      Question question = Question.of(target);
      if (!question.path().equals(PATH)) {
        throw Refused.notFound(
            "there is nothing at /" + String.join("/", question.path()),
            "a partner tells its numbers only; validators tell the chain",
            "/metrics");
      }
      question.taking();
      return Reply.metrics(metrics.get());
    } catch (Refused refused) {
      return refusal(refused);
    }
  }

  @Override
  public Reply refusal(Refused refused) {
    return Reply.json(refused.status(), refused.json(origin));
  }
}
