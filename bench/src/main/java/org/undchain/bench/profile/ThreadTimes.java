package org.undchain.bench.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Processor time of each thread of this process so far, as the kernel counts it. A thread that
 * ended is in no later reading; where the system has no such files nothing is.
 */
record ThreadTimes(Map<Long, Used> byId) {
  private static final Path TASKS = Path.of("/proc/self/task");

  /** Of one tick: the kernel tells user space hundredths of a second, whatever it counts in. */
  private static final long TICK_MILLIS = 10;

  /** The user and the system ticks, counted from the field behind the name. */
  private static final int USER = 11;

  private static final int SYSTEM = 12;

  /**
   * @param name at most 15 characters
   */
  record Used(String name, long millis) {}

  static ThreadTimes read() {
    Map<Long, Used> found = new TreeMap<>();
    if (Files.isDirectory(TASKS)) {
      try (Stream<Path> tasks = Files.list(TASKS)) {
        for (Path task : tasks.toList()) {
          read(task, found);
        }
      } catch (IOException none) {
        return new ThreadTimes(Map.of());
      }
    }
    return new ThreadTimes(found);
  }

  private static void read(Path task, Map<Long, Used> found) {
    try {
      found.put(Long.parseLong(task.getFileName().toString()), parse(stat(task)));
    } catch (IOException ended) {
      // between the listing and the reading; what it used is told with what no thread accounts for
    }
  }

  private static String stat(Path task) throws IOException {
    return Files.readString(task.resolve("stat"));
  }

  /** A line of {@code stat}: number, name in parentheses that may hold anything, then fields. */
  static Used parse(String line) {
    int end = line.lastIndexOf(')');
    String[] fields = line.substring(end + 2).split(" ");
    long ticks = Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]);
    return new Used(line.substring(line.indexOf('(') + 1, end), ticks * TICK_MILLIS);
  }

  /** What each thread used since then. */
  Map<Long, Used> since(ThreadTimes before) {
    Map<Long, Used> used = new TreeMap<>();
    byId.forEach((id, now) -> {
      Used then = before.byId.get(id);
      used.put(id, new Used(now.name(), now.millis() - (then == null ? 0 : then.millis())));
    });
    return used;
  }
}
