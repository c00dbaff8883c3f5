package org.undchain.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bench itself refuses to go on where a validator lacks an entry that another one has. */
@Tag("slow")
class OpenFileBenchTest {
  @Test
  void everyEntryOfARoundReachesTheFilesOfAllValidators() {
    OpenFileBench.Row row = new OpenFileBench().measure(600);
    assertThat(row.entries()).isEqualTo(600);
    assertThat(row.microsPerJob()).isPositive().isLessThanOrEqualTo(row.medianMicros());
  }
}
