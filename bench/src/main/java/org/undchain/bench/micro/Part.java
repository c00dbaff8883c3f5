package org.undchain.bench.micro;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The parts of the program that are timed. */
enum Part {
  SIGNATURE_CHECK("signature-check", SignatureCheckBenchmark.class, Kernel.HASH),
  ENVELOPE_OPEN("envelope-open", EnvelopeOpenBenchmark.class, Kernel.SIGNATURE),
  LANE_BATCH("lane-batch", LaneBatchBenchmark.class, Kernel.HASH),
  FINGERPRINT("fingerprint", FingerprintBenchmark.class, Kernel.HASH),
  LIST_PATHS("list-paths", ListPathsBenchmark.class, Kernel.HASH),
  STATE_ROOT("state-root", StateRootBenchmark.class, Kernel.HASH),
  ERASURE_CODE("erasure-code", ErasureCodeBenchmark.class, Kernel.HASH),
  PAYOUT("payout", PayoutBenchmark.class, Kernel.HASH);

  private final String label;
  private final Class<?> benchmark;
  private final Kernel kernel;

  Part(String label, Class<?> benchmark, Kernel kernel) {
    this.label = label;
    this.benchmark = benchmark;
    this.kernel = kernel;
  }

  String label() {
    return label;
  }

  Class<?> benchmark() {
    return benchmark;
  }

  Kernel kernel() {
    return kernel;
  }

  /**
   * @throws IllegalArgumentException if no part is called so
   */
  static Part of(String label) {
    return Arrays.stream(values())
        .filter(part -> part.label.equals(label))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("there is no part " + label + ", but " + labels()));
  }

  static String labels() {
    return Arrays.stream(values()).map(Part::label).collect(Collectors.joining(", "));
  }

  static List<Part> all() {
    return List.of(values());
  }
}
