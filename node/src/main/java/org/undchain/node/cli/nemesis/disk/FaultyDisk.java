package org.undchain.node.cli.nemesis.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The library that stands between a process and its disk. It is compiled where it is used, since it
 * has to fit the C library of the machine; that asks for Linux and a C compiler named {@code cc}.
 */
public final class FaultyDisk {
  private static final String SOURCE = "faulty-disk.c";
  private static final long SECONDS_MAX = 60;
  private static final List<Path> COMPILERS = List.of(Path.of("/usr/bin/cc"), Path.of("/bin/cc"));

  private final Path library;

  private FaultyDisk(Path library) {
    this.library = library;
  }

  /** Whether this machine can make one. */
  public static boolean isPossible() {
    return System.getProperty("os.name").equals("Linux") && compiler().isPresent();
  }

  private static Optional<Path> compiler() {
    return COMPILERS.stream().filter(Files::isExecutable).findFirst();
  }

  /**
   * Compiles the library into a folder.
   *
   * @throws IOException if the compiler is missing or refuses, with what it said
   */
  public static FaultyDisk build(Path folder) throws IOException, InterruptedException {
    Path source = folder.resolve(SOURCE);
    Path library = folder.resolve("faulty-disk.so").toAbsolutePath();
    try (InputStream text = FaultyDisk.class.getResourceAsStream(SOURCE)) {
      if (text == null) {
        throw new IllegalStateException(SOURCE + " is not in the program");
      }
      Files.write(source, text.readAllBytes());
    }
    Path compiler =
        compiler().orElseThrow(() -> new IOException("there is no C compiler: install gcc"));
    Process process =
        new ProcessBuilder(
                compiler.toString(),
                "-O1",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-shared",
                "-fPIC",
                "-o",
                library.toString(),
                source.toString(),
                "-ldl",
                "-lpthread")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(compiler + " refuses " + source + ": " + said.strip());
    }
    return new FaultyDisk(library);
  }

  /**
   * What a process needs in its environment so that this stands before a folder.
   *
   * @param root the folder, which is there
   * @param control the file of a {@link DiskControl}
   */
  public Map<String, String> environment(Path root, Path control) throws IOException {
    return Map.of(
        "LD_PRELOAD",
        library.toString(),
        "UNDCHAIN_DISK_ROOT",
        root.toRealPath().toString(),
        "UNDCHAIN_DISK_CONTROL",
        control.toAbsolutePath().toString());
  }

  /** The same, and every change is noted in a file of its own. */
  public Map<String, String> environment(Path root, Path control, Path trace) throws IOException {
    Map<String, String> all = new TreeMap<>(environment(root, control));
    all.put("UNDCHAIN_DISK_TRACE", trace.toAbsolutePath().toString());
    return all;
  }
}
