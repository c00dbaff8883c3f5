package org.undchain.bench.profile;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;

/**
 * A recording that goes on in this process. What it records is chosen to cost little: samples by
 * processor time, allocations by sample, pauses and forces, and nothing that is written at each
 * lock or read.
 */
public final class Profile implements AutoCloseable {
  /** By processor time, native code included; where the JVM cannot, by the clock. */
  static final String CPU_SAMPLE = "jdk.CPUTimeSample";

  static final String CPU_SAMPLES_LOST = "jdk.CPUTimeSamplesLost";
  static final String CLOCK_SAMPLE = "jdk.ExecutionSample";
  static final String ALLOCATION = "jdk.ObjectAllocationSample";
  static final String COLLECTION = "jdk.GarbageCollection";
  static final String FORCE = "jdk.FileForce";

  private static final String CPU_PERIOD = "5ms";
  private static final String CLOCK_PERIOD = "10 ms";
  private static final String ALLOCATIONS = "400/s";

  private final Recording recording;
  private final Path file;
  private final ThreadTimes before = ThreadTimes.read();
  private final long beginNanos = System.nanoTime();
  private final long beginCpuNanos = cpuNanos();
  private final long beginAllocated = allocatedBytes();

  private Profile(Recording recording, Path file) {
    this.recording = recording;
    this.file = file;
  }

  /**
   * Begins to record.
   *
   * @param file that is written, or written over, at the end
   */
  public static Profile start(Path file) {
    boolean hasCpuSamples =
        FlightRecorder.getFlightRecorder().getEventTypes().stream()
            .anyMatch(type -> type.getName().equals(CPU_SAMPLE));
    Recording recording = new Recording(hasCpuSamples ? byCpu() : byClock());
    recording.enable(ALLOCATION).withStackTrace().with("throttle", ALLOCATIONS);
    recording.enable(COLLECTION).withoutThreshold();
    recording.enable(FORCE).withoutThreshold().withStackTrace();
    recording.enable(ThreadCpu.class);
    recording.enable(Measured.class);
    recording.start();
    return new Profile(recording, file);
  }

  private static Map<String, String> byCpu() {
    return Map.of(
        CPU_SAMPLE + "#enabled", "true",
        CPU_SAMPLE + "#throttle", CPU_PERIOD,
        CPU_SAMPLES_LOST + "#enabled", "true");
  }

  private static Map<String, String> byClock() {
    return Map.of(CLOCK_SAMPLE + "#enabled", "true", CLOCK_SAMPLE + "#period", CLOCK_PERIOD);
  }

  /** Ends the recording and writes the file. */
  public void stop(Work work) throws IOException {
    long wallMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos);
    long cpuMillis = TimeUnit.NANOSECONDS.toMillis(cpuNanos() - beginCpuNanos);
    ThreadTimes.read()
        .since(before)
        .values()
        .forEach(thread -> new ThreadCpu(thread.name(), thread.millis()).commit());
    new Measured(work, wallMillis, cpuMillis, allocatedBytes() - beginAllocated).commit();
    recording.stop();
    recording.dump(file);
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static long allocatedBytes() {
    return ManagementFactory.getPlatformMXBean(ThreadMXBean.class).getTotalThreadAllocatedBytes();
  }

  @Override
  public void close() {
    recording.close();
  }
}
