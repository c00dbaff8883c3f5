package org.undchain.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever an instrument of a campaign finds, the campaign ends with 1 and says how to repeat it.
 */
class CampaignTest {
  private static final Path CAMPAIGN = Path.of("../.ci/campaign");

  @TempDir private Path folder;

  @Test
  void aCampaignThatFindsNothingIsGood() throws Exception {
    Outcome outcome = campaign("nothing", 1);
    assertThat(outcome.code()).as(outcome.said()).isZero();
    assertThat(outcome.said()).contains("campaign: 4 runs, 0 found");
  }

  @ParameterizedTest
  @CsvSource({"sim,1", "check,1", "check,7", "twins,1", "fuzz,1", "fuzz,2"})
  void aFindingOfAnyInstrumentIsOneOfTheCampaign(String instrument, int code) throws Exception {
    Outcome outcome = campaign(instrument, code);
    assertThat(outcome.code()).as(outcome.said()).isEqualTo(1);
    String end = outcome.said().substring(outcome.said().indexOf("campaign: 4 runs, 1 found"));
    assertThat(end).contains("repeat: ./undchain " + instrument + " ");
    assertThat(outcome.said()).contains("repeat: ./undchain short").contains("\texit " + code);
  }

  @Test
  void anInstrumentThatEndsWithoutAWordIsNoGoodEnd() throws Exception {
    Outcome outcome = campaign("silent", 1);
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.said()).contains("campaign: 4 runs, 1 found");
  }

  private record Outcome(int code, String said) {}

  /**
   * A campaign of no minutes, so of one short run of each; {@code broken} is the one that finds.
   */
  private Outcome campaign(String broken, int code) throws IOException, InterruptedException {
    Path script = Files.createDirectories(folder.resolve(".ci")).resolve("campaign");
    Files.copy(CAMPAIGN, script);
    Path stub = folder.resolve("undchain");
    Files.writeString(
        stub,
        """
        #!/usr/bin/env bash
        if [ "$*" = "fuzz --list" ]; then echo door; exit 0; fi
        if [ "$1 $BROKEN" = "sim silent" ]; then exit 1; fi
        if [ "$1" != "$BROKEN" ]; then echo good; exit 0; fi
        echo "  repeat: ./undchain short"
        exit "$CODE"
        """);
    Files.setPosixFilePermissions(stub, PosixFilePermissions.fromString("rwx------"));
    ProcessBuilder builder =
        new ProcessBuilder(List.of("bash", script.toString(), "--minutes", "0", "--seed", "7"))
            .redirectErrorStream(true);
    builder.environment().put("BROKEN", broken);
    builder.environment().put("CODE", String.valueOf(code));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), said);
  }
}
