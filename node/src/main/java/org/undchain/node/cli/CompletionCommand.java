package org.undchain.node.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.undchain.node.config.Spelling;
import org.undchain.node.json.Json;

/** Prints a script that completes commands and options without starting a JVM for each Tab. */
final class CompletionCommand implements Command {
  private static final List<String> SHELLS = List.of("bash", "zsh", "fish");

  @Override
  public String usage() {
    return "bash|zsh|fish";
  }

  @Override
  public String summary() {
    return "a script that completes commands and options in a shell";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "undchain completion bash > ~/.local/share/bash-completion/completions/undchain",
        "undchain completion fish > ~/.config/fish/completions/undchain.fish");
  }

  @Override
  public List<Option> options() {
    return List.of();
  }

  @Override
  public int run(Call call) throws Failure {
    call.arguments().refuseMoreThan(1);
    String shell = call.arguments().operand(0, "the shell");
    String script =
        switch (shell) {
          case "bash" -> bash();
          case "zsh" -> "#compdef undchain\nautoload -U +X bashcompinit && bashcompinit\n" + bash();
          case "fish" -> fish();
          default ->
              throw Failure.usage(
                  "there is no completion for " + shell,
                  "known are " + String.join(", ", SHELLS),
                  "undchain completion " + Spelling.nearest(shell, SHELLS).orElse("bash"));
        };
    if (call.console().isJson()) {
      call.console().document(Json.object().put("shell", shell).put("script", script).build());
    } else {
      call.console().line(script.stripTrailing());
    }
    return 0;
  }

  private static List<String> names() {
    List<String> names = new ArrayList<>(CommandTable.NAMES);
    names.add("test");
    return names;
  }

  private static List<Option> optionsOf(String name) {
    List<Option> options = new ArrayList<>(CommandLine.GLOBAL);
    CommandTable.named(name).ifPresent(command -> options.addAll(command.options()));
    return options;
  }

  private static String words(List<Option> options) {
    return options.stream().map(Option::name).collect(Collectors.joining(" "));
  }

  private static String bash() {
    StringBuilder cases = new StringBuilder();
    for (String name : names()) {
      cases
          .append("    ")
          .append(name)
          .append(") words=\"")
          .append(words(optionsOf(name)))
          .append("\" ;;\n");
    }
    return """
    _undchain() {
      local word=${COMP_WORDS[COMP_CWORD]} command= words i
      for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
          --api|--home|--key) i=$((i + 1)) ;;
          -*) ;;
          *) command=${COMP_WORDS[i]}; break ;;
        esac
      done
      case $command in
        '') words="COMMANDS GLOBAL" ;;
    CASES    *) words="GLOBAL" ;;
      esac
      if [[ -n $command && $word != -* ]]; then COMPREPLY=($(compgen -f -- "$word")); return; fi
      COMPREPLY=($(compgen -W "$words" -- "$word"))
    }
    complete -o filenames -F _undchain undchain ./undchain
    """
        .replace("COMMANDS", String.join(" ", names()))
        .replace("GLOBAL", words(CommandLine.GLOBAL))
        .replace("CASES", cases);
  }

  private static String fish() {
    StringBuilder script = new StringBuilder();
    for (String name : names()) {
      String summary =
          CommandTable.named(name).map(Command::summary).orElse("build and run every test");
      script
          .append("complete -c undchain -n __fish_use_subcommand -a ")
          .append(name)
          .append(" -d '")
          .append(summary.replace("'", "\\'"))
          .append("'\n");
      for (Option option : optionsOf(name)) {
        script
            .append("complete -c undchain -n '__fish_seen_subcommand_from ")
            .append(name)
            .append("' ")
            .append(
                option.name().startsWith("--")
                    ? "-l " + option.name().substring(2)
                    : "-s " + option.name().substring(1))
            .append(option.isFlag() ? "" : " -r")
            .append(" -d '")
            .append(option.help().replace("'", "\\'"))
            .append("'\n");
      }
    }
    return script.toString();
  }
}
