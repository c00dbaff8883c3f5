package org.undchain.node.cli.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.undchain.node.cli.Command.Call;
import org.undchain.node.cli.CommandLine;
import org.undchain.node.cli.Console;
import org.undchain.node.cli.Failure;
import org.undchain.node.json.Json;
import org.undchain.node.json.MalformedJson;

/** Runs a command of the tool inside another one, as a user would type it, and reads its JSON. */
final class Inner {
  private final Call call;

  Inner(Call call) {
    this.call = call;
  }

  /** What a command ended in. */
  record Outcome(int code, Json.Obj answer) {}

  /** Runs a command; one that fails is an outcome, not a failure of ours. */
  Outcome call(String... words) throws IOException, Failure {
    List<String> all =
        new ArrayList<>(List.of("--home", call.session().home().toString(), "--json", "-q"));
    call.session().key().ifPresent(key -> all.addAll(List.of("--key", key)));
    call.session().api().ifPresent(api -> all.addAll(List.of("--api", api)));
    all.addAll(List.of(words));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    int code =
        new CommandLine(call.session().surroundings(), new Console(stream, System.err)).run(all);
    return new Outcome(code, parse(words[0], out.toString(StandardCharsets.UTF_8)));
  }

  /** Runs a command that has to succeed. */
  Json.Obj done(String... words) throws IOException, Failure {
    Outcome outcome = call(words);
    if (outcome.code != 0) {
      throw Failure.told(
          outcome.answer.object("error").orElse(Json.object().build()), 9003, "local");
    }
    return outcome.answer;
  }

  private static Json.Obj parse(String command, String text) throws Failure {
    if (text.isBlank()) {
      return Json.object().build();
    }
    try {
      if (Json.parse(text) instanceof Json.Obj answer) {
        return answer;
      }
    } catch (MalformedJson wrong) {
      // told below
    }
    throw Failure.local(
        9003,
        "NO_JSON",
        command + " answered no JSON",
        "it printed " + text.length() + " characters of something else",
        "undchain " + command + " --json");
  }
}
