package org.undchain.node.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;
import org.undchain.node.config.Problem;
import org.undchain.node.config.RulesFile;
import org.undchain.node.config.Spelling;
import org.undchain.node.json.Json;

/** Writes, checks and explains rules files. */
final class RulesCommand implements Command {
  private static final String OWNER = "owner";

  @Override
  public String usage() {
    return "init [--real] [--owner ID|NAME] | check FILE | explain KEY";
  }

  @Override
  public String summary() {
    return "write, check and explain the rules of a chain";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "undchain rules init > rules.toml",
        "undchain rules check rules.toml",
        "undchain rules explain time.slot_ms");
  }

  @Override
  public List<Option> options() {
    return List.of(
        Option.flag("--real", "defaults of a real chain instead of a devnet's"),
        new Option(
            "--owner",
            "ID|NAME",
            "who signs the rules (default: the key \"owner\", made if absent)"));
  }

  @Override
  public int run(Call call) throws Failure, IOException {
    Arguments arguments = call.arguments();
    String action = arguments.operand(0, "what to do with rules");
    switch (action) {
      case "init" -> {
        arguments.refuseMoreThan(1);
        init(call);
      }
      case "check" -> {
        arguments.refuseMoreThan(2);
        check(call, call.session().path(arguments.operand(1, "FILE")));
      }
      case "explain" -> {
        arguments.refuseMoreThan(2);
        explain(call, arguments.operand(1, "KEY"));
      }
      default ->
          throw Failure.usage(
              "\"rules " + action + "\" is unknown",
              "rules can be written, checked and explained",
              "undchain rules "
                  + Spelling.nearest(action, List.of("init", "check", "explain")).orElse("--help"));
    }
    return 0;
  }

  private static void init(Call call) throws Failure, IOException {
    boolean devnet = !call.arguments().has("--real");
    String text = RulesFile.text(devnet, owner(call), List.of(), Map.of());
    if (call.console().isJson()) {
      call.console().document(Json.object().put("toml", text).build());
    } else {
      call.console().line(text.stripTrailing());
    }
  }

  private static NodeId owner(Call call) throws Failure, IOException {
    KeyRing keys = new KeyRing(call.session());
    Optional<String> named = call.arguments().text("--owner");
    if (named.isPresent()) {
      return keys.account(named.get());
    }
    for (KeyRing.Entry entry : keys.list()) {
      if (entry.name().equals(OWNER) && !entry.ofDevnet()) {
        return KeyRing.signer(entry).id();
      }
    }
    KeyRing.Entry made = keys.create(OWNER);
    call.console().note("made the owner's key: " + made.file());
    return KeyRing.signer(made).id();
  }

  private static void check(Call call, Path file) throws Failure, IOException {
    Bytes content;
    try (InputStream in = Files.newInputStream(file)) {
      content = Bytes.wrap(in.readNBytes(RulesFile.BYTES_MAX + 1));
    } catch (NoSuchFileException absent) {
      throw Failure.local(
          3102,
          "NO_SUCH_FILE",
          "there is no file " + file,
          "the rules were to be read from it",
          "undchain rules init > " + file.getFileName());
    }
    switch (RulesFile.read(content)) {
      case RulesFile.Reading.Good(RunRules rules) -> tell(call, file, rules);
      case RulesFile.Reading.Bad(List<Problem> problems) ->
          throw Failures.of(Problem.refusal(1204, file, problems), "RULES_INVALID");
    }
  }

  private static void tell(Call call, Path file, RunRules rules) {
    int n = rules.activeCount();
    if (call.console().isJson()) {
      call.console()
          .document(
              Json.object()
                  .put("ok", true)
                  .put("hash", rules.rulesHash().hex())
                  .put("devnet", rules.devnet())
                  .putInt("active", n)
                  .putInt("known", rules.knownCount())
                  .putInt("quorum", RunRules.quorum(n))
                  .putInt("faulty", RunRules.faulty(n))
                  .build());
      return;
    }
    call.console().line(file.getFileName() + " ok   hash " + rules.rulesHash().hex());
    call.console()
        .line(
            "  "
                + n
                + " active = "
                + rules.knownCount()
                + " known + "
                + (n - rules.knownCount())
                + " unknown · quorum "
                + RunRules.quorum(n)
                + " · tolerates "
                + RunRules.faulty(n)
                + " faulty");
    call.console()
        .line(
            "  slot "
                + rules.slotMillis()
                + " ms · pay period "
                + rules.periodSlots()
                + " slots = "
                + rules.slotMillis() * rules.periodSlots() / 1000
                + " s");
    int stalling = n - RunRules.quorum(n) + 1;
    if (rules.knownCount() >= stalling) {
      call.console()
          .line(
              "  note: "
                  + rules.knownCount()
                  + " known can stall a block ("
                  + RunRules.quorum(n)
                  + " needed) but never decide one; "
                  + (stalling - 1)
                  + " known could do neither");
    }
  }

  private static void explain(Call call, String key) throws Failure {
    Optional<String> text = RulesFile.explain(key);
    if (text.isEmpty()) {
      throw Failure.local(
          3103,
          "NO_SUCH_RULE",
          "there is no rule " + key,
          "rules are named as in the file, section.key",
          Spelling.nearest(key, RulesFile.keys())
              .map(near -> "undchain rules explain " + near)
              .orElse("undchain rules init"));
    }
    if (call.console().isJson()) {
      call.console().document(Json.object().put("key", key).put("text", text.get()).build());
    } else {
      call.console().line(text.get());
    }
  }
}
