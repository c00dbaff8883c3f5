package org.undchain.node.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One thing that is wrong in a file of the user, with its place (both counted from 1).
 *
 * @param mend what to write instead
 */
public record Problem(int line, int column, String what, String why, String mend) {

  /** The place as compilers write it: {@code rules.toml:9:21}. */
  public String place(Path file) {
    return file.getFileName() + ":" + line + ":" + column;
  }

  /** The first problem of a file as the refusal; the others follow as things to try. */
  public static ConfigException refusal(int code, Path file, List<Problem> problems) {
    Problem first = problems.getFirst();
    List<String> tries = new ArrayList<>();
    tries.add(first.mend);
    for (Problem other : problems.subList(1, problems.size())) {
      tries.add("also " + other.place(file) + " " + other.what + ": " + other.mend);
    }
    return new ConfigException(code, first.place(file) + " " + first.what, first.why, tries);
  }
}
