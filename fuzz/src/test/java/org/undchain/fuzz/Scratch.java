package org.undchain.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder of one process for doors that read files, in memory where the system has such. */
public final class Scratch {
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  private final Path folder;

  public Scratch() {
    try {
      Path parent =
          Files.isWritable(SHARED_MEMORY)
              ? SHARED_MEMORY
              : Path.of(System.getProperty("java.io.tmpdir"));
      folder = Files.createTempDirectory(parent, "undchain-fuzz");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** The folder, empty. */
  public Path emptied() throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      List<Path> left = inside.sorted(Comparator.naturalOrder()).toList();
      left.forEach(Scratch::delete);
    }
    return folder;
  }

  /** The folder with nothing but this file in it; the file. */
  public Path with(String name, byte[] content) throws IOException {
    return Files.write(emptied().resolve(name), content);
  }

  private static void delete(Path path) {
    try {
      Files.walkFileTree(
          path,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                Path visited, @org.jspecify.annotations.Nullable IOException failure)
                throws IOException {
              Files.deleteIfExists(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
