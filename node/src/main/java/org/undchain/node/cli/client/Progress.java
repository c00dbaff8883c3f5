package org.undchain.node.cli.client;

import java.util.concurrent.TimeUnit;
import org.undchain.core.value.Hash;
import org.undchain.node.cli.Console;
import org.undchain.node.client.JobProgress;
import org.undchain.utilities.storage.Skipped;

/**
 * Tells on standard error how far a job is: a line that is written over on a terminal, else one
 * line in ten seconds. When the process is stopped it says how to go on.
 */
final class Progress implements JobProgress, AutoCloseable {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long FRAME_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int BAR = 24;

  private final Console console;
  private final boolean isTerminal;
  private final boolean isQuiet;
  private final Thread farewell;
  private volatile String job = "";
  private volatile boolean isOver;
  private long toldNanos = System.nanoTime();
  private boolean isLineOpen;

  Progress(Console console, boolean isQuiet, String goOn) {
    this.console = console;
    this.isQuiet = isQuiet;
    this.isTerminal = System.console() != null && System.console().isTerminal();
    this.farewell =
        new Thread(() -> {
          if (!isOver && !job.isEmpty()) {
            console.warn("stopped; job " + job + " goes on with: " + goOn);
          }
        });
    Runtime.getRuntime().addShutdownHook(farewell);
  }

  @Override
  public void job(Hash jobId) {
    job = jobId.hex();
    step("job", jobId.hex());
  }

  @Override
  public synchronized void step(String name, String detail) {
    endLine();
    if (isTerminal || !name.equals("job")) {
      console.note(name + ": " + detail);
    }
  }

  @Override
  public synchronized void advanced(long bytes, long of) {
    long now = System.nanoTime();
    if (isQuiet || now - toldNanos < (isTerminal ? FRAME_NANOS : PAUSE_NANOS)) {
      return;
    }
    toldNanos = now;
    long permille = of == 0 ? 1000 : bytes * 1000 / of;
    String text = (bytes >> 20) + " of " + (of >> 20) + " MiB, " + permille / 10 + " %";
    if (isTerminal) {
      int full = (int) (permille * BAR / 1000);
      System.err.print("\r[" + "#".repeat(full) + " ".repeat(BAR - full) + "] " + text + "   ");
      System.err.flush();
      isLineOpen = true;
    } else {
      console.note(text);
    }
  }

  @Override
  public synchronized void skipped(Skipped skipped) {
    endLine();
    console.note("skipped: " + SkippedPartners.text(skipped));
  }

  private void endLine() {
    if (isLineOpen) {
      System.err.println();
      isLineOpen = false;
    }
  }

  @Override
  public synchronized void close() {
    isOver = true;
    endLine();
    try {
      Runtime.getRuntime().removeShutdownHook(farewell);
    } catch (IllegalStateException stopping) {
      // the process ends already
    }
  }
}
