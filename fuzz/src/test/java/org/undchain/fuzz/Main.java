package org.undchain.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * {@code undchain fuzz}: fuzzers at all doors, some at a time. Exit 0: nothing broke; 1: a door
 * broke or did not open; 2: a wrong command.
 */
public final class Main {
  private static final List<String> USAGE =
      List.of(
          "undchain fuzz [--target NAME[,NAME]] [--seconds S] [--jobs J] [--seed N]",
          "  lets a fuzzer in at every door, S seconds each (default 20), J at a time (default 2)",
          "undchain fuzz --list                      the doors",
          "undchain fuzz --target NAME --try FILE    one input, as a crash left it",
          "undchain fuzz --honest                    writes what honest people send to fuzz/corpus",
          "  docs/testing.md says what each door is and what must hold there");

  private final Path root = Path.of(System.getProperty("undchain.root", ".")).toAbsolutePath();
  private final Session.Folders folders =
      new Session.Folders(root.resolve("fuzz/corpus"), root.resolve(".undchain/fuzz"));
  private List<Doors.Named> doors = Doors.ALL;
  private int seconds = 20;
  private int jobs = 2;
  private long seed = System.currentTimeMillis() / 1000;

  private Main() {}

  public static void main(String[] args) throws Exception {
    System.exit(new Main().run(new ArrayList<>(List.of(args))));
  }

  private int run(List<String> words) throws Exception {
    Optional<Path> input = Optional.empty();
    try {
      while (!words.isEmpty()) {
        switch (words.removeFirst()) {
          case "--help" -> {
            USAGE.forEach(System.out::println);
            return 0;
          }
          case "--list" -> {
            Doors.ALL.forEach(door -> System.out.println(door.name()));
            return 0;
          }
          case "--honest" -> {
            return writeHonest();
          }
          case "--target" ->
              doors = List.of(words.removeFirst().split(",")).stream().map(Doors::named).toList();
          case "--seconds" -> seconds = number(words.removeFirst());
          case "--jobs" -> jobs = number(words.removeFirst());
          case "--seed" -> seed = number(words.removeFirst());
          case "--try" -> input = Optional.of(Path.of(words.removeFirst()));
          case String other -> throw new IllegalArgumentException("no option " + other);
        }
      }
    } catch (IllegalArgumentException | java.util.NoSuchElementException wrong) {
      System.err.printf(
          "error[UND-1012] this is no command of the fuzzer%n  why: %s%n  try: undchain fuzz --help%n",
          wrong.getMessage());
      return 2;
    }
    return input.isPresent() ? tried(input.get()) : fuzz();
  }

  private static int number(String text) {
    int value = Integer.parseInt(text);
    if (value < 1) {
      throw new IllegalArgumentException(text + " is below 1");
    }
    return value;
  }

  private int tried(Path input) throws Exception {
    boolean isTaken = Allocation.enter(doors.getFirst().open(), Files.readAllBytes(input));
    System.out.println(doors.getFirst().name() + (isTaken ? " takes it" : " refuses it"));
    return 0;
  }

  private int writeHonest() throws Exception {
    for (Doors.Named named : doors) {
      Path folder = Files.createDirectories(folders.keptOf(named.name()));
      int at = 0;
      for (byte[] honest : named.open().honest()) {
        Files.write(folder.resolve("honest-%02d".formatted(at++)), honest);
      }
      System.out.println(named.name() + ": " + at);
    }
    return 0;
  }

  private int fuzz() throws IOException, InterruptedException, ExecutionException {
    Files.createDirectories(folders.work());
    System.out.printf("seed %d, %d s for each of %d doors%n", seed, seconds, doors.size());
    System.out.printf(
        "%-13s %11s %7s %9s %9s %6s  %s%n",
        "door", "executions", "a s", "edges", "features", "new", "crash");
    Session session = new Session(folders, seconds, seed);
    long executions = 0;
    int broken = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(jobs)) {
      List<Future<Session.Outcome>> running = new ArrayList<>();
      for (Doors.Named door : doors) {
        running.add(pool.submit(() -> session.run(door.name())));
      }
      for (Future<Session.Outcome> one : running) {
        Session.Outcome outcome = one.get();
        print(outcome);
        executions += outcome.executions();
        broken += outcome.isWhole() ? 0 : 1;
      }
    }
    System.out.printf(
        "fuzz: %d doors, %d executions, %d broken%n", doors.size(), executions, broken);
    return broken == 0 ? 0 : 1;
  }

  private void print(Session.Outcome outcome) {
    System.out.printf(
        "%-13s %11d %7d %9d %9d %6d  %s%n",
        outcome.door(),
        outcome.executions(),
        outcome.executions() / seconds,
        outcome.edges(),
        outcome.features(),
        outcome.added(),
        outcome
            .crash()
            .map(Session.Crash::what)
            .orElse(outcome.isWhole() ? "-" : "see .undchain/fuzz/" + outcome.door() + ".log"));
    outcome
        .crash()
        .ifPresent(crash ->
            System.out.printf(
                "  repeat: ./undchain fuzz --target %s --try %s%n", outcome.door(), crash.input()));
  }
}
