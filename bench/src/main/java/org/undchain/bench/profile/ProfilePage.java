package org.undchain.bench.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/** The page that is read from a recording. */
public final class ProfilePage {
  private static final int TOP = 15;

  /** More, since the first of them are the turns of the loop, within which all happens. */
  private static final int TOP_UNDER = 25;

  private static final String NONE_OF_OURS = "(no frame of ours)";

  private final Map<CpuGroup, Long> cpuMillis = new EnumMap<>(CpuGroup.class);
  private final Ranking threads = new Ranking();
  private final Ranking leaves = new Ranking();
  private final Ranking self = new Ranking();
  private final Ranking under = new Ranking();
  private final Ranking allocations = new Ranking();
  private final Set<Long> allocating = new HashSet<>();
  private final Pauses collections = new Pauses();
  private final Pauses forces = new Pauses();
  private long samples;
  private long failed;
  private long lost;
  private Work work = new Work(0, 1, 0);
  private long wallMillis = 1;
  private long processMillis = 1;
  private long allocatedBytes;

  /** Waits of one kind. */
  private static final class Pauses {
    long count;
    double totalMillis;
    double longestMillis;

    void add(double sum, double longest) {
      count++;
      totalMillis += sum;
      longestMillis = Math.max(longestMillis, longest);
    }
  }

  private ProfilePage() {}

  /** Reads a whole recording that {@link Profile} made. */
  public static List<String> read(Path recording) throws IOException {
    ProfilePage page = new ProfilePage();
    try (RecordingFile file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        page.add(file.readEvent());
      }
    }
    return page.lines();
  }

  private void add(RecordedEvent event) {
    switch (event.getEventType().getName()) {
      case Profile.CPU_SAMPLE, Profile.CLOCK_SAMPLE -> sample(event);
      case Profile.CPU_SAMPLES_LOST -> lost += event.getInt("lostSamples");
      case Profile.ALLOCATION -> allocation(event);
      case Profile.COLLECTION ->
          collections.add(millis(event, "sumOfPauses"), millis(event, "longestPause"));
      case Profile.FORCE -> {
        double took = event.getDuration().toNanos() / 1e6;
        forces.add(took, took);
      }
      case ThreadCpu.NAME ->
          cpuMillis.merge(
              CpuGroup.of(event.getString("threadName")), event.getLong("millis"), Long::sum);
      case Measured.NAME -> {
        work = new Work(event.getLong("jobs"), event.getInt("validators"), event.getLong("groups"));
        wallMillis = Math.max(1, event.getLong("wallMillis"));
        processMillis = Math.max(1, event.getLong("cpuMillis"));
        allocatedBytes = event.getLong("allocatedBytes");
      }
      default -> {} // what every recording has, as the version of the JVM
    }
  }

  private static double millis(RecordedEvent event, String field) {
    return event.getDuration(field).toNanos() / 1e6;
  }

  private void sample(RecordedEvent event) {
    samples++;
    Frames frames = Frames.of(event);
    if (frames.all().isEmpty()) {
      failed++;
      return;
    }
    String leaf = frames.innermost().orElse(NONE_OF_OURS);
    String own = frames.innermostOwn().orElse(NONE_OF_OURS);
    threads.add(threadName(event), "", 1);
    leaves.add(leaf, own, 1);
    self.add(own, leaf, 1);
    frames.ownOnce().forEach(method -> under.add(method, "", 1));
  }

  /** The name without its number: all of one pool, and the loop of each validator, are one line. */
  private static String threadName(RecordedEvent event) {
    RecordedThread thread =
        event.hasField("sampledThread")
            ? event.getThread("sampledThread")
            : event.getThread("eventThread");
    if (thread == null) {
      return "(unknown)";
    }
    String name = thread.getJavaName();
    String shown = name == null || name.isEmpty() ? "(unnamed)" : name.replaceAll("[-0-9]+$", "");
    return shown.startsWith("loop-") && !shown.equals("loop-load") ? "loop" : shown;
  }

  /**
   * A sample weighs what its thread allocated since the one before, so the first one of a thread
   * weighs all that it ever allocated and is left out.
   */
  private void allocation(RecordedEvent event) {
    RecordedThread thread = event.getThread("eventThread");
    if (thread == null || allocating.add(thread.getId())) {
      return;
    }
    Frames frames = Frames.of(event);
    String type = event.getClass("objectClass").getName();
    allocations.add(
        frames.innermostOwn().orElse(NONE_OF_OURS),
        type.substring(type.lastIndexOf('.') + 1)
            + frames.caller().map(caller -> " for " + caller).orElse(""),
        event.getLong("weight"));
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    long jobs = Math.max(1, work.jobs());
    lines.add(
        text(
            "profile of %.1f s: %d jobs, %d validators, %.2f of %d cores, %.3f ms of processor a job"
                + " and validator",
            wallMillis / 1e3,
            work.jobs(),
            work.validators(),
            (double) processMillis / wallMillis,
            Runtime.getRuntime().availableProcessors(),
            (double) processMillis / jobs / work.validators()));
    groups(lines, jobs);
    pauses(lines, jobs);
    lines.add("");
    lines.add(
        text(
            "%d samples, %d without a stack, %d lost; by thread: %s",
            samples, failed, lost, shares(threads, 8)));
    long counted = Math.max(1, samples - failed);
    table(lines, "self, with what it calls in libraries (mostly)", self, counted, TOP);
    table(lines, "innermost of all (mostly for)", leaves, counted, TOP);
    table(lines, "under, with all that it calls", under, counted, TOP_UNDER);
    lines.add("");
    lines.add(
        text(
            "allocated: %.1f MB/s, %.1f kB a job; by the innermost of ours (mostly)",
            allocatedBytes / 1e3 / wallMillis, allocatedBytes / 1e3 / jobs));
    for (Ranking.Row row : allocations.top(TOP)) {
      double share = (double) row.weight() / Math.max(1, allocations.total());
      lines.add(
          text(
              "  %5.1f %%  %9.0f B/job  %s (%s)",
              100 * share, share * allocatedBytes / jobs, row.name(), row.kind()));
    }
    return lines;
  }

  private void groups(List<String> lines, long jobs) {
    long told = 0;
    for (Map.Entry<CpuGroup, Long> group : cpuMillis.entrySet()) {
      told += group.getValue();
      lines.add(group(group.getKey().label(), group.getValue(), jobs));
    }
    lines.add(
        group("threads that ended, or are not told", Math.max(0, processMillis - told), jobs));
  }

  private String group(String label, long millis, long jobs) {
    return text(
        "  %5.1f %%  %8.1f us a job  %s",
        100.0 * millis / processMillis, 1e3 * millis / jobs, label);
  }

  private void pauses(List<String> lines, long jobs) {
    lines.add(
        text(
            "collections: %d, stopped %.0f ms in all (%.1f %%), longest %.1f ms",
            collections.count,
            collections.totalMillis,
            100 * collections.totalMillis / wallMillis,
            collections.longestMillis));
    lines.add(
        text(
            "forces of files: %d by Java, %.0f ms in all, longest %.1f ms; %d groups of the database"
                + " (one for %.1f jobs)",
            forces.count,
            forces.totalMillis,
            forces.longestMillis,
            work.groups(),
            (double) jobs / Math.max(1, work.groups())));
  }

  private static String shares(Ranking ranking, int count) {
    List<String> shares = new ArrayList<>();
    for (Ranking.Row row : ranking.top(count)) {
      shares.add(
          text("%s %.0f %%", row.name(), 100.0 * row.weight() / Math.max(1, ranking.total())));
    }
    return String.join(", ", shares);
  }

  private static void table(
      List<String> lines, String title, Ranking ranking, long samples, int count) {
    lines.add("");
    lines.add(title);
    for (Ranking.Row row : ranking.top(count)) {
      lines.add(
          text(
              "  %5.1f %%  %s%s",
              100.0 * row.weight() / samples,
              row.name(),
              row.kind().isEmpty() || row.kind().equals(row.name())
                  ? ""
                  : " (" + row.kind() + ")"));
    }
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
