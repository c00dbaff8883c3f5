package org.undchain.node.cli.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.undchain.node.runtime.Metrics;

class CommitTimesTest {
  @Test
  void halfOfTheBlocksLieBelowTheBoundThatIsTold() {
    Metrics metrics = new Metrics();
    metrics.committed(15);
    metrics.committed(45);
    metrics.committed(46);
    metrics.committed(4000);
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
