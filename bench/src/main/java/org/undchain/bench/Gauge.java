package org.undchain.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads all figures at the begin and the end of a row. */
final class Gauge {
  private static final Path INTERFACES = Path.of("/proc/net/dev");

  private final BenchNetwork network;
  private final Tally tally;
  private final CommitWatch watch;
  private final AgreeBench.Setting setting;
  private final SignatureSpeed signatures;
  private Mark start = new Mark(0, 0, 0, 0, 0);

  private record Mark(
      long nanos, long cpuNanos, long collectorMillis, long loopbackBytes, long groups) {}

  Gauge(
      BenchNetwork network,
      Tally tally,
      CommitWatch watch,
      AgreeBench.Setting setting,
      SignatureSpeed signatures) {
    this.network = network;
    this.tally = tally;
    this.watch = watch;
    this.setting = setting;
    this.signatures = signatures;
  }

  void begin() {
    tally.read();
    watch.read();
    start = mark();
  }

  AgreeRow end(String load) {
    Mark end = mark();
    return new AgreeRow(
        load,
        setting.validators(),
        setting.batch(),
        (end.nanos() - start.nanos()) / 1e9,
        tally.read(),
        watch.read(),
        (end.cpuNanos() - start.cpuNanos()) / 1e9,
        (end.collectorMillis() - start.collectorMillis()) / 1e3,
        end.loopbackBytes() - start.loopbackBytes(),
        end.groups() - start.groups(),
        Runtime.getRuntime().availableProcessors(),
        signatures);
  }

  private Mark mark() {
    return new Mark(
        System.nanoTime(),
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime(),
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionTime)
            .sum(),
        loopbackBytes(),
        network.groupsPersisted());
  }

  /** Bytes over the loopback interface, whoever sent them; 0 where the system does not tell. */
  private static long loopbackBytes() {
    try {
      List<String> lines = Files.readAllLines(INTERFACES);
      return lines.stream()
          .map(String::strip)
          .filter(line -> line.startsWith("lo:"))
          .mapToLong(line -> Long.parseLong(line.substring(3).strip().split("\\s+")[0]))
          .findFirst()
          .orElse(0);
    } catch (IOException unknown) {
      return 0;
    }
  }
}
