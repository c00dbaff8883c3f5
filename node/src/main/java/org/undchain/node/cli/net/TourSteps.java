package org.undchain.node.cli.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.undchain.node.cli.Console;
import org.undchain.node.cli.Failure;
import org.undchain.node.json.Json;

/** The steps of a tour as they are told, one after the other; stops being ok at the first no. */
final class TourSteps {
  private final Console console;
  private final List<Json> told = new ArrayList<>();
  private boolean isOk = true;

  TourSteps(Console console) {
    this.console = console;
  }

  /** One step: does something and says what came of it. */
  interface Step {
    Result run() throws Failure, IOException, InterruptedException;
  }

  /** What came of a step. */
  record Result(boolean isOk, String detail) {
    static Result ok(String detail) {
      return new Result(true, detail);
    }

    static Result check(boolean isOk, String detail) {
      return new Result(isOk, detail);
    }
  }

  /** Runs a step; a failure ends the tour after it was told as a step that failed. */
  void run(String name, Step step) throws Failure, IOException, InterruptedException {
    long began = System.nanoTime();
    try {
      tell(name, step.run(), began);
    } catch (Failure failure) {
      tell(name, new Result(false, String.valueOf(failure.getMessage())), began);
      throw failure;
    }
  }

  private void tell(String name, Result result, long began) {
    long millis = (System.nanoTime() - began) / 1_000_000;
    isOk &= result.isOk;
    told.add(
        Json.object()
            .put("name", name)
            .put("ok", result.isOk)
            .putInt("millis", (int) millis)
            .put("detail", result.detail)
            .build());
    if (!console.isJson()) {
      console.line(
          String.format(
              Locale.ROOT,
              "%2d  %-10s %-4s %s  (%.1f s)",
              told.size(),
              name,
              result.isOk ? "ok" : "NO",
              result.detail.replace("\n", "\n                   "),
              millis / 1000.0));
    }
  }

  boolean isOk() {
    return isOk;
  }

  List<Json> told() {
    return List.copyOf(told);
  }
}
