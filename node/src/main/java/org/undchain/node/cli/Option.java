package org.undchain.node.cli;

/**
 * One option a command knows.
 *
 * @param name as it is typed, {@code --last} or {@code -o}
 * @param value placeholder of its value; empty for a flag
 */
public record Option(String name, String value, String help) {

  public static Option flag(String name, String help) {
    return new Option(name, "", help);
  }

  boolean isFlag() {
    return value.isEmpty();
  }

  String shown() {
    return isFlag() ? name : name + " " + value;
  }
}
