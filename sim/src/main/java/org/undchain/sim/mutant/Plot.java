package org.undchain.sim.mutant;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A folder with the classes of one mutant; in front of the others on a class path it plants the
 * bug. Only the changed file is compiled.
 */
final class Plot {
  private Plot() {}

  /**
   * Compiles a mutant.
   *
   * @param sources the core's sources
   * @param classPath the rest of the program
   * @return the folder of the classes, to be given to {@link #remove}
   * @throws IllegalStateException if it does not compile
   */
  static Path plant(Mutant mutant, Path sources, String classPath) throws IOException {
    Path folder = Files.createTempDirectory("mutant-" + mutant.name() + '-');
    Path source = folder.resolve("src").resolve(mutant.file());
    Files.createDirectories(Optional.ofNullable(source.getParent()).orElseThrow());
    Files.writeString(source, mutant.planted(Files.readString(sources.resolve(mutant.file()))));
    Path classes = Files.createDirectories(folder.resolve("classes"));
    JavaCompiler javac =
        Optional.ofNullable(ToolProvider.getSystemJavaCompiler())
            .orElseThrow(() -> new IllegalStateException("a JDK is needed, not a JRE"));
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of("-proc:none", "-nowarn", "-cp", classPath, "-d", classes.toString());
      boolean isGood =
          javac
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      if (!isGood) {
        throw new IllegalStateException(mutant.name() + " does not compile: " + messages);
      }
    }
    return classes;
  }

  /** Deletes what {@link #plant} made. */
  static void remove(Path classes) throws IOException {
    Path folder = Optional.ofNullable(classes.getParent()).orElseThrow();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
