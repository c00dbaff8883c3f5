import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes docs/cases.md: for each case of docs/cases.txt the tests that carry its number, as
 * {@code @Tag("case-29")}, or the area it waits for.
 *
 * <pre>
 *   java docs/CasesPage.java           writes the page
 *   java docs/CasesPage.java --check   fails if the page is not what it would write, or if a case
 *                                      that must have a test has none
 * </pre>
 */
public final class CasesPage {
  private static final Pattern LINE = Pattern.compile("(\\d+) ([+-]) (.*)");
  private static final Pattern TAG = Pattern.compile("@Tag\\(\"case-(\\d+)\"\\)");
  private static final Pattern METHOD = Pattern.compile("^\\s+(?:public )?void (\\w+)\\(");

  private record Case(boolean isDue, String text) {}

  private final Path root = Path.of("").toAbsolutePath();
  private final Map<Integer, Case> cases = new TreeMap<>();
  private final Map<Integer, TreeSet<String>> tests = new TreeMap<>();

  public static void main(String[] args) throws IOException {
    CasesPage page = new CasesPage();
    page.read();
    Path file = page.root.resolve("docs/cases.md");
    String text = page.write();
    if (args.length == 1 && args[0].equals("--check")) {
      if (!page.open().isEmpty()) {
        System.err.println("no test carries these cases: " + page.open() + "; tag one \"case-N\"");
        System.exit(1);
      }
      if (!Files.exists(file) || !Files.readString(file).equals(text)) {
        System.err.println("docs/cases.md is not what the tests say; try: java docs/CasesPage.java");
        System.exit(1);
      }
    } else {
      Files.writeString(file, text);
      page.open().forEach(number -> System.err.println("no test carries case " + number));
    }
  }

  private List<Integer> open() {
    return cases.keySet().stream()
        .filter(number -> cases.get(number).isDue() && !tests.containsKey(number))
        .toList();
  }

  private void read() throws IOException {
    for (String line : Files.readAllLines(root.resolve("docs/cases.txt"))) {
      Matcher parts = LINE.matcher(line);
      if (parts.matches()) {
        cases.put(
            Integer.parseInt(parts.group(1)),
            new Case(parts.group(2).equals("+"), parts.group(3)));
      }
    }
    for (String module : List.of("core", "sim", "utilities", "node")) {
      try (Stream<Path> paths = Files.walk(root.resolve(module + "/src/test"))) {
        for (Path path : paths.filter(it -> it.toString().endsWith(".java")).sorted().toList()) {
          readTest(path);
        }
      }
    }
  }

  private void readTest(Path path) throws IOException {
    List<Integer> tags = new ArrayList<>();
    for (String line : Files.readAllLines(path)) {
      Matcher tag = TAG.matcher(line);
      while (tag.find()) {
        tags.add(Integer.parseInt(tag.group(1)));
      }
      Matcher method = METHOD.matcher(line);
      if (method.find()) {
        for (int number : tags) {
          if (!cases.containsKey(number)) {
            throw new IllegalArgumentException(path + " carries case " + number + ", which is none");
          }
          tests
              .computeIfAbsent(number, first -> new TreeSet<>())
              .add(link(path, method.group(1)));
        }
        tags.clear();
      }
    }
  }

  private String link(Path path, String method) {
    String name = path.getFileName().toString().replace(".java", "");
    String place = root.relativize(path).toString().replace('\\', '/');
    return "[" + name + "." + method + "](../" + place + ")";
  }

  private String write() {
    StringBuilder page = new StringBuilder(20_000);
    page.append("# Cases of faults and attacks\n\n")
        .append("Made by `java docs/CasesPage.java` from `docs/cases.txt` and the tags of the tests; ")
        .append("do not edit. A test that plays a case carries its number as `@Tag(\"case-N\")`.\n\n")
        .append("| case | fault | tests |\n|---|---|---|\n");
    cases.forEach((number, one) -> {
      int colon = one.text().indexOf(": ");
      String area = one.isDue() ? "" : "waits for " + one.text().substring(0, colon);
      String fault = one.isDue() ? one.text() : one.text().substring(colon + 2);
      List<String> cell = new ArrayList<>(tests.getOrDefault(number, new TreeSet<>()));
      if (!area.isEmpty()) {
        cell.add(area);
      }
      page.append("| " + number + " | " + fault + " | ")
          .append(cell.stream().collect(joining("<br>")))
          .append(" |\n");
    });
    return page.toString();
  }
}
