package org.undchain.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.value.Address;
import org.undchain.node.cli.Tool.Outcome;
import org.undchain.node.json.Json;
import org.undchain.node.json.MalformedJson;

final class CommandLineTest {
  @TempDir Path folder;

  @Test
  void aNewKeyIsListedShownAndOnlyItsOwnersToRead() throws Exception {
    Tool tool = new Tool(folder);
    Outcome made = tool.call("keys", "new", "anna");
    assertThat(made.code()).isZero();
    assertThat(Address.parse(made.out().strip())).isPresent();
    Path file = folder.resolve("home/keys/anna.key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    Json.Obj shown = object(tool.call("keys", "show", "anna", "--json"));
    assertThat(shown.text("id")).contains(made.out().strip());
    assertThat(object(tool.call("keys", "list", "--json")).objects("keys")).hasSize(1);
    assertThat(tool.call("keys", "list").out()).contains("anna");
  }

  @Test
  void aKeyIsNeverWrittenOver() {
    Tool tool = new Tool(folder);
    tool.call("keys", "new", "anna");
    Outcome again = tool.call("keys", "new", "anna");
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("error[UND-1303]", "why:", "try:");
  }

  @Test
  void aKeyThatOthersMayReadIsRefusedWithTheCommandThatMendsIt() throws IOException {
    Tool tool = new Tool(folder);
    tool.call("keys", "new", "anna");
    Path file = folder.resolve("home/keys/anna.key");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Outcome refused = tool.call("keys", "show", "anna");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("error[UND-1301]", "try: chmod 600 " + file);
  }

  @Test
  void anAbsentKeyIsNotFoundAndTheNearestNameIsNamed() {
    Tool tool = new Tool(folder);
    tool.call("keys", "new", "anna");
    Outcome absent = tool.call("keys", "show", "ana");
    assertThat(absent.code()).isEqualTo(3);
    assertThat(absent.err()).contains("--key anna");
  }

  /** Found by the fuzzer: a home with a zero byte counted as a bug of the command. */
  @Test
  void aWordWithAZeroByteIsRefusedAndNoBug() {
    Outcome refused = new Tool(folder).call("decode", "--home", "he\0re", "00");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("zero byte", "try:");
  }

  @Test
  void rulesThatWereWrittenAreGood() throws Exception {
    Tool tool = new Tool(folder);
    Outcome text = tool.call("rules", "init");
    assertThat(text.code()).isZero();
    Files.writeString(folder.resolve("rules.toml"), text.out());
    Outcome checked = tool.call("rules", "check", "rules.toml");
    assertThat(checked.err()).isEmpty();
    assertThat(checked.code()).isZero();
    assertThat(checked.out()).contains("rules.toml ok", "quorum 7", "tolerates 2 faulty");
    assertThat(object(tool.call("rules", "check", "rules.toml", "--json")).bool("ok"))
        .contains(true);
  }

  @Test
  void aWrongRuleIsRefusedWithLineColumnWhyAndWhatToTry() throws IOException {
    Tool tool = new Tool(folder);
    String text = tool.call("rules", "init").out().replace("slot_ms = 2000", "slot_ms = 20");
    Files.writeString(folder.resolve("rules.toml"), text);
    Outcome refused = tool.call("rules", "check", "rules.toml");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .containsPattern("rules.toml:[0-9]+:[0-9]+ time.slot_ms is 20, the limit is 500")
        .contains("why:", "undchain rules explain time.slot_ms");
  }

  @Test
  void everyRuleIsExplained() {
    Tool tool = new Tool(folder);
    for (String key : org.undchain.node.config.RulesFile.keys()) {
      assertThat(tool.call("rules", "explain", key).code()).as(key).isZero();
    }
    assertThat(tool.call("rules", "explain", "time.slot").err()).contains("time.slot_ms");
  }

  @Test
  void bytesThatAreNoMessageAreRefused() {
    Tool tool = new Tool(folder);
    assertThat(tool.call("decode", "zz").code()).isEqualTo(2);
    assertThat(tool.call("decode", "ffff").code()).isEqualTo(6);
    assertThat(tool.call("decode", "--as", "Headr", "00").err()).contains("--as Header");
  }

  @Test
  void bytesAreShownByField() throws Exception {
    Json.Obj shown = object(new Tool(folder).call("decode", "--as", "Transfer", ""));
    assertThat(shown.fields()).isEmpty();
    Json.Obj header = object(new Tool(folder).call("decode", "--as", "Header", "0801"));
    assertThat(header.fields()).hasSize(1);
  }

  @Test
  void completionKnowsEveryCommand() {
    Tool tool = new Tool(folder);
    for (String shell : new String[] {"bash", "zsh", "fish"}) {
      assertThat(tool.call("completion", shell).out()).contains(CommandTable.NAMES);
    }
    assertThat(tool.call("completion", "tcsh").code()).isEqualTo(2);
  }

  @Test
  void everyCommandHasHelpWithExamples() {
    Tool tool = new Tool(folder);
    for (String name : CommandTable.NAMES) {
      Outcome help = tool.call(name, "--help");
      assertThat(help.code()).as(name).isZero();
      assertThat(help.out() + help.err()).as(name).contains("undchain " + name);
    }
  }

  @Test
  void aMisspeltCommandIsToldTheNearestOne() {
    Outcome unknown = new Tool(folder).call("statsu");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("try: undchain status");
  }

  @Test
  void whereNoNodeIsKnownAReadingCommandSaysHowToStartOne() throws Exception {
    Outcome alone = new Tool(folder).call("status", "--json");
    assertThat(alone.code()).isEqualTo(5);
    Json.Obj error = object(alone).object("error").orElseThrow();
    assertThat(error.text("code")).contains("UND-5002");
    assertThat(error.list("try")).contains(new Json.Str("undchain devnet"));
  }

  @Test
  void whereNothingAnswersAReadingCommandEndsUnreachable() {
    Outcome dead = new Tool(folder).call("status", "--api", "unix:nowhere.sock");
    assertThat(dead.code()).isEqualTo(5);
    assertThat(dead.err()).contains("error[UND-5001]");
  }

  private static Json.Obj object(Outcome outcome) throws MalformedJson {
    return (Json.Obj) Json.parse(outcome.out());
  }
}
