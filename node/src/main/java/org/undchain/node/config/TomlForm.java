package org.undchain.node.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlInvalidTypeException;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import org.undchain.core.value.Bytes;

/**
 * One TOML text on its way to values: gives typed values by their dotted path and collects every
 * problem with its place instead of stopping at the first.
 */
final class TomlForm {
  /** Most problems that are told of one file. */
  static final int PROBLEMS_MAX = 20;

  private final TomlParseResult toml;
  private final Function<String, String> explanation;
  private final List<Problem> problems = new ArrayList<>();
  private final Set<String> noSections = new TreeSet<>();

  private TomlForm(TomlParseResult toml, Function<String, String> explanation) {
    this.toml = toml;
    this.explanation = explanation;
  }

  /**
   * What a kind of file is like.
   *
   * @param template what shows a good one
   * @param explanation what to run to learn more of a key
   */
  record Kind(int bytesMax, String template, Function<String, String> explanation) {}

  /** What parsing ended in. */
  sealed interface Parsed {
    record Good(TomlForm form) implements Parsed {}

    record Bad(List<Problem> problems) implements Parsed {}
  }

  static Parsed parse(Bytes file, Kind kind) {
    if (file.size() > kind.bytesMax) {
      return bad(
          kind,
          "the file has " + file.size() + " bytes, at most " + kind.bytesMax,
          "nobody needs to say that much");
    }
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(file.unsafeArray()))
              .toString();
    } catch (CharacterCodingException notText) {
      return bad(kind, "the file is no UTF-8 text", "TOML is");
    }
    try {
      TomlParseResult toml = Toml.parse(text);
      return toml.hasErrors()
          ? new Parsed.Bad(
              toml.errors().stream().limit(PROBLEMS_MAX).map(TomlForm::syntax).toList())
          : new Parsed.Good(new TomlForm(toml, kind.explanation));
    } catch (StackOverflowError nested) {
      return bad(kind, "brackets are nested too deep", "no key needs that");
    } catch (RuntimeException | AssertionError confused) {
      // The parser's own: some damaged headers break its promises to itself.
      return bad(kind, "the file is no TOML", "the parser gave up: " + confused.getMessage());
    }
  }

  private static Parsed bad(Kind kind, String what, String why) {
    return new Parsed.Bad(List.of(new Problem(1, 1, what, why, kind.template)));
  }

  private static Problem syntax(TomlParseError error) {
    TomlPosition at = error.position();
    return new Problem(
        at.line(),
        at.column(),
        String.valueOf(error.getMessage()),
        "the file is no TOML here",
        "see https://toml.io");
  }

  /** Refuses every key that {@code known} does not hold and {@code isFree} does not let pass. */
  void refuseUnknown(String noun, List<String> known, Predicate<String> isFree) {
    for (String path : new TreeSet<>(toml.dottedKeySet(false))) {
      Optional<String> inside =
          known.stream().filter(key -> key.startsWith(path + '.')).findFirst();
      if (inside.isPresent()) {
        refuseOnce(path, inside.get());
      } else if (!known.contains(path) && !isFree.test(path)) {
        problem(
            path,
            "there is no " + noun + " " + path,
            "a misspelt " + noun + " would silently not hold",
            Spelling.nearest(path, known)
                .map(near -> "did you mean " + near + "?")
                .orElse("known are " + String.join(", ", known)));
      }
    }
  }

  boolean contains(String path) {
    return notASection(path).isEmpty() && toml.contains(path);
  }

  Optional<Long> integer(String path) {
    return typed(path, () -> toml.getLong(path), "a whole number");
  }

  Optional<Boolean> bool(String path) {
    return typed(path, () -> toml.getBoolean(path), "true or false");
  }

  Optional<String> text(String path, String wanted) {
    return typed(path, () -> toml.getString(path), wanted);
  }

  /** The keys of a table; none where it is absent. */
  List<String> keysOf(String path) {
    Optional<TomlTable> table = typed(path, () -> toml.getTable(path), "a section");
    return table.map(found -> List.copyOf(new TreeSet<>(found.keySet()))).orElse(List.of());
  }

  /** One element of a list with its place. */
  record Element(Object value, int line, int column) {
    Problem problem(String what, String why, String mend) {
      return new Problem(line, column, what, why, mend);
    }
  }

  /** The elements of a list; none where it is absent. */
  List<Element> list(String path, String wanted) {
    Optional<TomlArray> array = typed(path, () -> toml.getArray(path), wanted);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; array.isPresent() && i < array.get().size(); i++) {
      // The parser knows the place of every element it counted.
      TomlPosition at = Objects.requireNonNull(array.get().inputPositionOf(i));
      elements.add(new Element(array.get().get(i), at.line(), at.column()));
    }
    return elements;
  }

  private interface Getter<T> {
    @Nullable T get();
  }

  private <T> Optional<T> typed(String path, Getter<T> getter, String wanted) {
    Optional<String> inTheWay = notASection(path);
    if (inTheWay.isPresent()) {
      refuseOnce(inTheWay.get(), path);
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(getter.get());
    } catch (TomlInvalidTypeException other) {
      problem(
          path, path + " is not " + wanted, "the value has another type", explanation.apply(path));
      return Optional.empty();
    }
  }

  /** What stands where a section of the path should: the parser looks up no key behind it. */
  private Optional<String> notASection(String path) {
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
      String section = path.substring(0, dot);
      if (!toml.contains(section)) {
        return Optional.empty();
      }
      if (!toml.isTable(section)) {
        return Optional.of(section);
      }
    }
    return Optional.empty();
  }

  private void refuseOnce(String section, String path) {
    if (noSections.add(section)) {
      problem(
          section,
          section + " is not a section",
          "keys such as " + path + " stand in it",
          "write [" + section + "] on a line of its own, and its keys below");
    }
  }

  /** Notes a problem at the place of a key; of an absent one at the start of the file. */
  void problem(String path, String what, String why, String mend) {
    TomlPosition at = toml.inputPositionOf(notASection(path).orElse(path));
    add(new Problem(at == null ? 1 : at.line(), at == null ? 1 : at.column(), what, why, mend));
  }

  void add(Problem problem) {
    problems.add(problem);
  }

  /** All problems so far, the first {@link #PROBLEMS_MAX} of them. */
  List<Problem> problems() {
    return problems.stream().limit(PROBLEMS_MAX).toList();
  }
}
