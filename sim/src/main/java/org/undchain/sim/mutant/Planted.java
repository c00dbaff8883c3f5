package org.undchain.sim.mutant;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.sim.Main;

/** The option {@code --mutant NAME}: runs an instrument on the program with one planted bug. */
public final class Planted {
  public static final String OPTION = "--mutant";

  private Planted() {}

  /**
   * Runs the command again in a process that has the bug.
   *
   * @param words the command with the option
   * @param root of the repository: the bug is compiled from its sources
   * @return the exit code of that process
   * @throws IllegalArgumentException if there is no such mutant
   */
  public static int run(List<String> words, Path root) throws IOException, InterruptedException {
    int place = words.indexOf(OPTION);
    List<Mutant> mutants = Mutant.all(root.resolve("sim/mutants"));
    Optional<Mutant> mutant =
        mutants.stream()
            .filter(it -> place + 1 < words.size() && it.name().equals(words.get(place + 1)))
            .findFirst();
    if (mutant.isEmpty()) {
      throw new IllegalArgumentException(
          "there are the mutants "
              + String.join(", ", mutants.stream().map(Mutant::name).toList()));
    }
    String classPath = System.getProperty("java.class.path");
    Path classes = Plot.plant(mutant.get(), root.resolve("core/src/main/java"), classPath);
    try {
      List<String> command = new ArrayList<>(Hunt.java(classes, classPath));
      command.add(Main.class.getName());
      command.addAll(words.subList(0, place));
      command.addAll(words.subList(place + 2, words.size()));
      System.out.println("planted: " + mutant.get().breaks() + " (" + mutant.get().rule() + ")");
      int code = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (code == Hunt.FOUND) {
        System.out.println("planted: repeat it with " + OPTION + ' ' + mutant.get().name());
      }
      return code;
    } finally {
      Plot.remove(classes);
    }
  }
}
