package org.undchain.node.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that writes a series of records into one folder after the other, on whatever disk its
 * environment gives it. It tells each group after its commit returned; after a failure it waits for
 * a word before it closes what is open.
 *
 * <p>Arguments: name of the series, and the root folder. Each line of input names a folder below.
 */
final class DiskTrials {
  private final BufferedReader in =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

  private DiskTrials() {}

  public static void main(String[] args) throws IOException {
    DiskTrials trials = new DiskTrials();
    DiskSeries series = DiskSeries.of(args[0]);
    tell("ready");
    for (Optional<String> name = trials.word(); name.isPresent(); name = trials.word()) {
      trials.run(series, Path.of(args[1]).resolve(name.get()));
    }
  }

  private Optional<String> word() throws IOException {
    return Optional.ofNullable(in.readLine());
  }

  private void run(DiskSeries series, Path data) {
    try {
      series.run(
          data,
          count -> tell("acknowledged " + count),
          () -> {
            tell("failed");
            waitForWord();
          });
      tell("finished");
    } catch (StoreException failure) {
      tell("stopped " + failure.why() + " " + line(String.valueOf(failure.getMessage())));
    } catch (RuntimeException bug) {
      bug.printStackTrace();
      tell("bug " + line(bug.toString()));
    }
  }

  private void waitForWord() {
    try {
      in.readLine();
    } catch (IOException gone) {
      throw new IllegalStateException(gone);
    }
  }

  private static String line(String text) {
    return text.replace('\n', ' ');
  }

  /** In one write, so that a trace has it whole. */
  private static void tell(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    System.out.write(bytes, 0, bytes.length);
    System.out.flush();
  }
}
