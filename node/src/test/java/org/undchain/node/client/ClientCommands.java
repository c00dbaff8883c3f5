package org.undchain.node.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.undchain.core.crypto.Hashes;
import org.undchain.node.cli.Main;
import org.undchain.node.cli.Tool;
import org.undchain.node.config.ChainFiles;

/** The commands of people who have a home folder for a {@link StorageNet}. */
final class ClientCommands {
  private final Path folder;

  /**
   * @param folder of the network; {@code home} in it gets the keys of ann and bob
   */
  ClientCommands(Path folder) throws IOException {
    this.folder = folder;
    Path keys = Files.createDirectories(folder.resolve("home/keys"));
    for (String name : List.of(ChainFiles.GENESIS, ChainFiles.RULES)) {
      Files.copy(folder.resolve("net").resolve(name), folder.resolve("home").resolve(name));
    }
    for (String name : List.of("ann", "bob")) {
      Path key = keys.resolve(name + ".key");
      Files.writeString(
          key, Hashes.sha256(name.getBytes(StandardCharsets.UTF_8)).hex() + System.lineSeparator());
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }
  }

  Tool.Outcome call(String... words) {
    return new Tool(folder).call(words);
  }

  /**
   * The same command in a process of its own, which writes to {@code process.log}.
   *
   * @param heap the most it may have, as the JVM wants it said
   */
  Process process(String heap, String... words) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx" + heap,
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--home",
                folder.resolve("home").toString()));
    all.addAll(List.of(words));
    return new ProcessBuilder(all)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
        .start();
  }

  /** What processes wrote. */
  Path log() {
    return folder.resolve("process.log");
  }
}
