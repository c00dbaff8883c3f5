import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes docs/rules.md: for each rule the code that quotes it and the tests that are tagged with it.
 *
 * <pre>
 *   java docs/RulesPage.java           writes the page
 *   java docs/RulesPage.java --check   fails if the page is not what it would write
 * </pre>
 */
public final class RulesPage {
  private static final Pattern RULE = Pattern.compile("\\b(R\\d{1,2}\\.\\d{1,2}[a-z]?|[EI][1-9]\\d?)\\b");
  private static final Pattern TAG = Pattern.compile("@Tag\\(\"(R\\d+\\.\\d+[a-z]?|[A-Z]\\d+)\"\\)");
  private static final Pattern METHOD = Pattern.compile("^\\s+(?:public )?void (\\w+)\\(");
  private static final Pattern COMMENT = Pattern.compile("//.*|^\\s*\\*.*|^\\s*/\\*\\*.*");
  private static final Comparator<String> BY_NUMBER =
      Comparator.comparing((String rule) -> rule.charAt(0))
          .thenComparing(RulesPage::numbers)
          .thenComparing(Comparator.naturalOrder());
  private static final int SHOWN_MAX = 8;

  private final Path root;
  private final Map<String, String> titles = new TreeMap<>(BY_NUMBER);
  private final Map<String, Set<String>> code = new TreeMap<>();
  private final Map<String, Set<String>> tests = new TreeMap<>();

  private RulesPage(Path root) {
    this.root = root;
  }

  public static void main(String[] args) throws IOException {
    Path root = Path.of("").toAbsolutePath();
    RulesPage page = new RulesPage(root);
    page.read();
    Path file = root.resolve("docs/rules.md");
    String text = page.write();
    if (args.length == 1 && args[0].equals("--check")) {
      if (!Files.exists(file) || !Files.readString(file).equals(text)) {
        System.err.println("docs/rules.md is not what the code says; try: java docs/RulesPage.java");
        System.exit(1);
      }
    } else {
      Files.writeString(file, text);
    }
  }

  private void read() throws IOException {
    for (String line : Files.readAllLines(root.resolve("docs/rules.txt"))) {
      int space = line.indexOf(' ');
      if (!line.startsWith("#") && space > 0) {
        titles.put(line.substring(0, space), line.substring(space + 1));
      }
    }
    for (String module : List.of("core", "sim", "utilities", "node")) {
      readTree(root.resolve(module + "/src/main"), false);
      readTree(root.resolve(module + "/src/test"), true);
    }
  }

  private void readTree(Path folder, boolean isTest) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.filter(RulesPage::isSource).sorted().toList()) {
        if (isTest) {
          readTest(path);
        } else {
          readCode(path);
        }
      }
    }
  }

  private static boolean isSource(Path path) {
    String name = path.toString();
    return name.endsWith(".java") || name.endsWith(".proto");
  }

  /** A rule counts as quoted where a comment names it. */
  private void readCode(Path path) throws IOException {
    for (String line : Files.readAllLines(path)) {
      Matcher comment = COMMENT.matcher(line);
      while (comment.find()) {
        Matcher rule = RULE.matcher(comment.group());
        while (rule.find()) {
          code.computeIfAbsent(rule.group(1), unseen -> new TreeSet<>()).add(link(path, ""));
        }
      }
    }
  }

  private void readTest(Path path) throws IOException {
    List<String> tags = new ArrayList<>();
    for (String line : Files.readAllLines(path)) {
      Matcher tag = TAG.matcher(line);
      while (tag.find()) {
        tags.add(tag.group(1));
      }
      Matcher method = METHOD.matcher(line);
      if (method.find()) {
        for (String rule : tags) {
          if (rule.startsWith("R") && !rule.contains(".")) {
            continue; // a whole section
          }
          tests
              .computeIfAbsent(rule, unseen -> new TreeSet<>())
              .add(link(path, "." + method.group(1)));
        }
        tags.clear();
      }
    }
  }

  private String link(Path path, String member) {
    String name = path.getFileName().toString().replaceAll("\\.java$", "");
    String place = root.relativize(path).toString().replace('\\', '/');
    return "[" + name + member + "](../" + place + ")";
  }

  private String write() {
    Set<String> rules = new TreeSet<>(BY_NUMBER);
    rules.addAll(code.keySet());
    rules.addAll(tests.keySet());
    rules.stream()
        .filter(rule -> !titles.containsKey(rule))
        .forEach(rule -> System.err.println("no title in docs/rules.txt: " + rule));
    StringBuilder page = new StringBuilder(40_000);
    page.append("# Rules\n\n")
        .append("Made by `java docs/RulesPage.java` from the code and `docs/rules.txt`; ")
        .append("do not edit. R: rules of the protocol, E: evidence of breach, I: invariants, ")
        .append("T: directed test vectors.\n\n")
        .append("| rule | about | code | tests |\n|---|---|---|---|\n");
    for (String rule : rules) {
      page.append("| ")
          .append(rule)
          .append(" | ")
          .append(titles.getOrDefault(rule, ""))
          .append(" | ")
          .append(cell(code.getOrDefault(rule, Set.of())))
          .append(" | ")
          .append(cell(tests.getOrDefault(rule, Set.of())))
          .append(" |\n");
    }
    return page.toString();
  }

  private static String cell(Set<String> links) {
    String shown = links.stream().limit(SHOWN_MAX).collect(joining("<br>"));
    int more = links.size() - SHOWN_MAX;
    return more > 0 ? shown + "<br>and " + more + " more" : shown;
  }

  /** The numbers in a rule, so that R4.2 stands before R4.12. */
  private static String numbers(String rule) {
    Matcher number = Pattern.compile("\\d+").matcher(rule);
    StringBuilder padded = new StringBuilder();
    while (number.find()) {
      padded.append(String.format("%04d", Integer.parseInt(number.group())));
    }
    return padded.toString();
  }
}
