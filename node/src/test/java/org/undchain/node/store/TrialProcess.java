package org.undchain.node.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.undchain.node.cli.nemesis.disk.DiskControl;
import org.undchain.node.cli.nemesis.disk.DiskFault;

/** A {@link DiskTrials} that runs, seen from outside. */
final class TrialProcess implements AutoCloseable {
  private final Path root;
  private final DiskControl control;
  private final Process process;
  private final BufferedReader out;
  private final Writer in;

  /**
   * What came of one trial.
   *
   * @param acknowledged groups whose commit returned
   * @param isFinished nothing failed
   * @param isCopied a copy of the folder was made at the failure, before anything was closed
   * @param words the last line
   */
  record Result(
      int acknowledged, boolean isFinished, boolean isCopied, String words, long happened) {}

  private TrialProcess(Path root, DiskControl control, Process process) {
    this.root = root;
    this.control = control;
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.in = process.outputWriter(StandardCharsets.UTF_8);
  }

  static TrialProcess start(String series, Path root, Path control, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xmx512m",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    DiskTrials.class.getName(),
                    series,
                    root.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    TrialProcess started = new TrialProcess(root, DiskControl.open(control), builder.start());
    started.expect("ready");
    return started;
  }

  DiskControl control() {
    return control;
  }

  /** One trial on a disk with this fault, which lasts until everything is closed. */
  Result run(String name, DiskFault fault, Path copy) throws IOException, InterruptedException {
    control.arm(fault);
    say(name);
    int acknowledged = 0;
    boolean isCopied = false;
    while (true) {
      String line = line();
      if (line.startsWith("acknowledged ")) {
        acknowledged = Integer.parseInt(line.substring("acknowledged ".length()));
        if (isCopied) {
          throw new AssertionError("acknowledged after a failure: " + line);
        }
      } else if (line.equals("failed")) {
        signal("STOP"); // nothing moves while the disk is read
        awaitStillness();
        TestFolders.copy(root.resolve(name), copy);
        signal("CONT");
        isCopied = true;
        say("close");
      } else {
        control.disarm();
        if (line.startsWith("bug ")) {
          throw new AssertionError(line);
        }
        return new Result(
            acknowledged, line.equals("finished"), isCopied, line, control.happened());
      }
    }
  }

  private void signal(String name) throws IOException, InterruptedException {
    int code =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    if (code != 0) {
      throw new IOException("kill -" + name + " failed");
    }
  }

  /** A signal is sent before it has reached every thread. */
  private void awaitStillness() throws IOException {
    Path tasks = Path.of("/proc/" + process.pid() + "/task");
    boolean isStill = false;
    while (!isStill) {
      isStill = true;
      try (Stream<Path> threads = Files.list(tasks)) {
        for (Path thread : threads.toList()) {
          isStill &= Files.readString(thread.resolve("stat")).contains(") T ");
        }
      } catch (NoSuchFileException threadEnded) {
        isStill = false;
      }
    }
  }

  private void say(String word) throws IOException {
    in.write(word + "\n");
    in.flush();
  }

  private void expect(String word) throws IOException {
    String line = line();
    if (!line.equals(word)) {
      throw new IOException("said " + line);
    }
  }

  private String line() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException("the process of the trials has ended");
    }
    return line;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    in.close();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      process.waitFor();
    }
  }
}
