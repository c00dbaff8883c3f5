package org.undchain.sim.checker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever adds a checker shows that it sees something: a test tagged with its name. */
class CheckersTest {
  private static final Path MAIN = Path.of("src/main/java/org/undchain/sim/checker");
  private static final Path TESTS = Path.of("src/test/java/org/undchain/sim");
  private static final Pattern TEST =
      Pattern.compile("@Tag\\(\"(\\w+Checker)\"\\)[^{]*\\{(.*?)\\n  }", Pattern.DOTALL);

  @Test
  void everyCheckerHasAViolationPlantedForIt() throws IOException {
    Set<String> planted = new TreeSet<>();
    for (Path file : javaFiles(TESTS)) {
      Matcher test = TEST.matcher(Files.readString(file));
      while (test.find()) {
        if (test.group(2).contains("Violat")) {
          planted.add(test.group(1));
        }
      }
    }
    assertThat(planted).containsExactlyInAnyOrderElementsOf(checkers());
  }

  @Test
  void everyCheckerIsInTheTableOfDocsTesting() throws IOException {
    String page = Files.readString(Path.of("../docs/testing.md"));
    List<String> untold =
        checkers().stream().filter(name -> !page.contains('`' + name + '`')).toList();
    assertThat(untold).isEmpty();
  }

  private static List<String> checkers() throws IOException {
    List<String> names = new ArrayList<>();
    for (Path file : javaFiles(MAIN)) {
      String name = file.getFileName().toString().replace(".java", "");
      if (name.endsWith("Checker")) {
        names.add(name);
      }
    }
    assertThat(names).hasSizeGreaterThan(20);
    return names;
  }

  private static List<Path> javaFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }
}
