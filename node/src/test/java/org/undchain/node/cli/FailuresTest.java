package org.undchain.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.node.store.StoreException;

/** Why a node that ran has stopped itself, in words that say what to do. */
@Tag("case-37")
@Tag("case-38")
final class FailuresTest {
  private static final String AGAIN = "undchain validator run --config v5/node.toml";

  @Test
  void aDiskThatFailedIsNoBugOfTheProgram() {
    Failure told =
        stopped(
            new StoreException(
                StoreException.Why.INPUT_OUTPUT, "writing 3 records failed in v5/store: EIO"));
    assertThat(told.code()).isEqualTo(1427);
    assertThat(told.exitCode()).isEqualTo(2);
    assertThat(told.text())
        .contains("v5 has stopped itself: its disk failed", "writing 3 records", "dmesg", AGAIN);
  }

  @Test
  void aFullDiskAsksForRoom() {
    Failure told =
        stopped(new StoreException(StoreException.Why.NO_SPACE, "No space left on device"));
    assertThat(told.code()).isEqualTo(1428);
    assertThat(told.text()).contains("its disk is full", "df -h v5", AGAIN);
  }

  /** The ratchet of the keys is turned behind a notice, which throws what is not checked. */
  @Test
  void theDiskIsFoundBehindOtherFailures() {
    Failure told =
        stopped(
            new IllegalStateException(
                new UncheckedIOException("the key ratchet cannot be turned", new IOException())));
    assertThat(told.code()).isEqualTo(1427);
  }

  @Test
  void aBugStaysOne() {
    Failure told = stopped(new IllegalStateException("a quorum decided otherwise"));
    assertThat(told.code()).isEqualTo(9002);
    assertThat(told.exitCode()).isEqualTo(1);
    assertThat(told.text()).contains("a quorum decided otherwise", "look into node.log");
  }

  private static Failure stopped(Throwable fatal) {
    return Failures.stopped("v5", Path.of("v5"), Path.of("node.log"), AGAIN, fatal);
  }
}
