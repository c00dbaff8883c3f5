package org.undchain.bench.micro;

import java.io.PrintStream;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Times parts with JMH, each in JVMs of its own with the flags of this one. */
final class MicroRun {
  private final Pace pace;
  private final PrintStream messages;

  /**
   * @param messages is told which part is next
   */
  MicroRun(Pace pace, PrintStream messages) {
    this.pace = pace;
    this.messages = messages;
  }

  /**
   * @throws MicroException if the part failed, or another run is going on
   */
  Timed time(Part part) throws MicroException {
    messages.println("timing " + part.label());
    Options options =
        new OptionsBuilder()
            .include(Pattern.quote(part.benchmark().getName() + ".measure"))
            .forks(pace.forks())
            .warmupIterations(pace.warmUps())
            .warmupTime(TimeValue.milliseconds(pace.warmUpMillis()))
            .measurementIterations(pace.iterations())
            .measurementTime(TimeValue.milliseconds(pace.iterationMillis()))
            .addProfiler(KernelProfiler.class, part.kernel().name())
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .build();
    Runner runner =
        new Runner(options, OutputFormatFactory.createFormatInstance(messages, VerboseMode.SILENT));
    try {
      return Timed.of(part, runner.runSingle());
    } catch (RunnerException failed) {
      throw new MicroException(
          part.label() + " was not timed: " + failed.getMessage(),
          "one run at a time, a heap of 3 GB, a folder for temporary files",
          failed);
    }
  }
}
