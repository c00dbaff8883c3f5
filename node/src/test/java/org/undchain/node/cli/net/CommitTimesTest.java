package org.undchain.node.cli.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.core.metrics.Histogram;
import org.junit.jupiter.api.Test;
import org.undchain.node.runtime.Metrics;

class CommitTimesTest {
  @Test
  void halfOfTheBlocksLieBelowTheBoundThatIsTold() {
    Metrics metrics = new Metrics();
    Histogram commit = metrics.histogram("undchain_commit_seconds", "of a node", 0.02, 0.05, 1);
    commit.observe(0.015);
    commit.observe(0.045);
    commit.observe(0.046);
    commit.observe(4);
    assertThat(CommitTimes.of(metrics.text()))
        .hasValue(new CommitTimes(4, 0.05))
        .map(CommitTimes::told)
        .hasValue("half of 4 blocks within 50 ms of the cut-off");
  }

  @Test
  void aNodeWithoutBlocksTellsNone() {
    assertThat(CommitTimes.of(new Metrics().text())).isEmpty();
    assertThat(CommitTimes.of("")).isEmpty();
  }
}
