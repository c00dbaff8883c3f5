package org.undchain.node.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.node.cli.Tool;
import org.undchain.node.validator.Testnet;

/** A client all of whose validators are off. */
class NoValidatorsTest {

  @Test
  @Tag("slow") // as long as validators may take to answer
  @Tag("case-1")
  @Tag("R2.3")
  void whoReachesNoValidatorIsToldHowManyItTriedAndWhatToDo(@TempDir Path folder) throws Exception {
    try (Testnet off = new Testnet(folder.resolve("net"), 4, Map.of())) {
      assertThat(off.chain().genesis().getValidatorsCount()).isEqualTo(4);
      Tool.Outcome told =
          new ClientCommands(folder).call("transfer", "bob", "0.001", "--key", "ann");
      assertThat(told.code()).isEqualTo(5);
      assertThat(told.err())
          .contains("0 of 4 validators can be reached, needed are 2")
          .contains("why:")
          .contains("try:");
    }
  }
}
