package org.undchain.bench.micro;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.undchain.sim.Options;

/** {@code bench open-file}: the cost of a job beside so many that wait. */
public final class OpenFileCommand {
  public static final List<String> USAGE =
      List.of(
          "  undchain bench open-file [--entries N] [--warm-up SECONDS]",
          "      cost of one more job with 1 000 and with 100 000 entries in the open files of four",
          "      validators, without disk and network, and the memory of an entry");
  private static final List<String> OPTIONS = List.of("--entries", "--warm-up");
  private static final int FEW = 1000;
  private static final int MANY = 100_000;

  private OpenFileCommand() {}

  /** Few entries first, many second, few once more: what is warm then was not at first. */
  public record Result(OpenFileBench.Row few, OpenFileBench.Row many) {
    public double ratio() {
      return many.microsPerJob() / few.microsPerJob();
    }
  }

  /**
   * @param words behind {@code bench open-file}
   * @return 0: measured
   * @throws IllegalArgumentException if the words are no command
   */
  public static int run(List<String> words, PrintStream out) {
    Options options = Options.of(words, OPTIONS);
    Result result =
        measure(
            (int) options.number("--entries", MANY, 2 * FEW, MANY),
            (int) options.number("--warm-up", 20, 0, 600),
            out);
    out.printf(Locale.ROOT, "%.2f times the cost (asked: at most 1.2)%n", result.ratio());
    return 0;
  }

  /**
   * @param out is given each row as soon as it is measured
   */
  public static Result measure(int entries, int warmUp, PrintStream out) {
    OpenFileBench bench = new OpenFileBench();
    bench.warmUp(warmUp);
    out.println(OpenFileBench.Row.head());
    List<OpenFileBench.Row> few = new ArrayList<>();
    few.add(told(bench.measure(FEW), out));
    OpenFileBench.Row many = told(bench.measure(entries), out);
    few.add(told(bench.measure(FEW), out));
    return new Result(
        few.stream().min(Comparator.comparingDouble(OpenFileBench.Row::microsPerJob)).orElseThrow(),
        many);
  }

  private static OpenFileBench.Row told(OpenFileBench.Row row, PrintStream out) {
    out.println(row.line());
    return row;
  }
}
