package org.undchain.node.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.undchain.node.config.Spelling;

/**
 * The words of one command line, sorted into options and operands and checked by the command's
 * list.
 */
public final class Arguments {
  private final String command;
  private final List<String> operands;
  private final Map<String, String> options;

  private Arguments(String command, List<String> operands, Map<String, String> options) {
    this.command = command;
    this.operands = List.copyOf(operands);
    this.options = options;
  }

  /** Accepts {@code --name value}, {@code --name=value} and, after {@code --}, operands only. */
  static Arguments parse(String command, List<Option> known, List<String> words) throws Failure {
    List<String> operands = new ArrayList<>();
    Map<String, String> options = new LinkedHashMap<>();
    if (words.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
      throw Failure.usage(
          "a word has a zero byte in it", "no path or name has one", "leave it out");
    }
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("--")) {
        operands.addAll(words.subList(i + 1, words.size()));
        break;
      }
      if (!word.startsWith("-") || word.equals("-")) {
        operands.add(word);
        continue;
      }
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String name = equals < 0 ? word : word.substring(0, equals);
      Option option = named(command, known, name);
      String value;
      if (option.isFlag()) {
        if (equals >= 0) {
          throw Failure.usage(
              name + " takes no value", "it is a switch", "leave out " + word.substring(equals));
        }
        value = "";
      } else if (equals >= 0) {
        value = word.substring(equals + 1);
      } else if (i + 1 < words.size()) {
        value = words.get(++i);
      } else {
        throw Failure.usage(name + " needs a value", option.help(), name + " " + option.value());
      }
      if (options.put(name, value) != null) {
        throw Failure.usage(name + " stands twice", "only one value can hold", "leave one out");
      }
    }
    return new Arguments(command, operands, options);
  }

  private static Option named(String command, List<Option> known, String name) throws Failure {
    for (Option option : known) {
      if (option.name().equals(name)) {
        return option;
      }
    }
    List<String> names = known.stream().map(Option::name).toList();
    throw Failure.usage(
        "unknown option " + name,
        command.isEmpty() ? "no command has it" : "\"" + command + "\" does not have it",
        Spelling.nearest(name, names)
            .orElse("undchain " + command + (command.isEmpty() ? "" : " ") + "--help"));
  }

  public boolean has(String name) {
    return options.containsKey(name);
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(options.get(name));
  }

  /** A whole number within bounds, or what stands when the option is absent. */
  public long integer(String name, long otherwise, long low, long high) throws Failure {
    Optional<String> text = text(name);
    return text.isEmpty() ? otherwise : number(name, text.get(), low, high);
  }

  /** An operand read as a whole number. */
  public long integer(int index, String name, long low, long high) throws Failure {
    return number(name, operand(index, name), low, high);
  }

  private static long number(String name, String text, long low, long high) throws Failure {
    try {
      long value = Long.parseLong(text);
      if (value >= low && value <= high) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // told below
    }
    throw Failure.usage(
        name + " is no whole number from " + low + " to " + high + ": " + text,
        "the value is outside of what makes sense",
        "choose one between");
  }

  public List<String> operands() {
    return operands;
  }

  /** The operand at {@code index}; without it the command cannot start. */
  public String operand(int index, String name) throws Failure {
    if (index >= operands.size()) {
      throw Failure.usage(
          name + " is missing",
          "\"" + command + "\" cannot do without it",
          "undchain " + command + " --help");
    }
    return operands.get(index);
  }

  public Optional<String> operandIfPresent(int index) {
    return index < operands.size() ? Optional.of(operands.get(index)) : Optional.empty();
  }

  public void refuseMoreThan(int count) throws Failure {
    if (operands.size() > count) {
      throw Failure.usage(
          "too many words: " + operands.get(count),
          "\"" + command + "\" takes " + (count == 0 ? "none" : "at most " + count),
          "undchain " + command + " --help");
    }
  }
}
