package org.undchain.bench.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A small object over real partners; what the figures are is up to the machine. */
@Tag("slow")
class StoreBenchTest {
  @Test
  void anObjectIsStoredBesideItsLimits() throws Exception {
    StoreBench.Result result = StoreBench.run(3_000_000, 1_000_000);
    assertThat(result.bytes()).isEqualTo(3_000_000);
    assertThat(result.uploadSeconds()).isPositive().isLessThan(result.allSeconds());
    assertThat(result.cpuSeconds()).isPositive();
    assertThat(result.limits().slowest()).isPositive();
    assertThat(result.limits().together()).isPositive().isLessThan(result.limits().hashing());
    assertThat(result.lines()).hasSize(3);
  }
}
