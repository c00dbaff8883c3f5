package org.undchain.node.devnet;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts this program again as a process of its own session, which outlives the terminal and gets
 * none of its signals. It runs on the same Java, class path and start-up cache.
 */
public final class Offspring {
  /** Set by the launcher: the flags it gave this JVM, one a line. */
  private static final String FLAGS_VARIABLE = "UNDCHAIN_FLAGS";

  private static final String MAIN = "org.undchain.node.cli.Main";
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private Offspring() {}

  /**
   * Prepares a call; the caller says where its streams go and starts it.
   *
   * @param flags of the JVM, after and so above those of the launcher
   */
  public static ProcessBuilder call(List<String> flags, List<String> words) {
    List<String> line = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      line.add(SETSID.toString());
    }
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(inherited());
    line.addAll(flags);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    line.addAll(words);
    return new ProcessBuilder(line).redirectInput(new File("/dev/null"));
  }

  private static List<String> inherited() {
    return Optional.ofNullable(System.getenv(FLAGS_VARIABLE))
        .map(flags -> flags.lines().toList())
        .orElse(
            List.of(
                "-XX:+UseSerialGC",
                "-ea:org.undchain...",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xlog:disable",
                "-Xlog:all=off"));
  }

  /** Starts one node of a devnet and notes its process. */
  static Process node(DevnetFolder folder, DevnetNode node, Map<String, String> environment)
      throws IOException {
    String role = node.isPartner() ? "partner" : "validator";
    Path config = folder.nodeFile(node.name());
    Path console = folder.nodeFolder(node.name()).resolve("console.log");
    ProcessBuilder builder =
        call(
            List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"),
            List.of(role, "run", "--config", config.toString()));
    builder.environment().putAll(environment);
    Process process =
        builder
            .redirectOutput(ProcessBuilder.Redirect.appendTo(console.toFile()))
            .redirectError(ProcessBuilder.Redirect.appendTo(console.toFile()))
            .start();
    ProcessMark.of(process.toHandle()).write(folder.pidFile(node.name()));
    return process;
  }
}
