package org.undchain.node.cli.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.node.cli.Tool;
import org.undchain.node.cli.nemesis.disk.FaultyDisk;

/**
 * Four validators as processes; the disk of one fails at a call, and that of one is slow. Whoever
 * failed stops itself and says why, comes back with all it had, and the audit of all disks finds no
 * violation.
 */
@Tag("case-37")
@Tag("case-38")
@Tag("slow")
final class DiskErrorTest {
  @TempDir private Path folder;

  @Test
  void aValidatorWhoseDiskFailsStopsAndComesBackWithAllItHad() {
    assumeTrue(FaultyDisk.isPossible(), "NOT TESTED: asks for Linux and a C compiler");
    String data = folder.resolve("net").toString();
    Tool.Outcome outcome =
        new Tool(folder)
            .call(
                "nemesis",
                "--only",
                "disk-error,disk-slow",
                "--rounds",
                "2",
                "--validators",
                "4",
                "--slot-millis",
                "1000",
                "--seed",
                "5",
                "--data",
                data);
    assertThat(outcome.code()).as(outcome.out() + outcome.err()).isZero();
    assertThat(outcome.out()).contains("disk-error 1", "disk-slow 1", "violations 0");
  }
}
