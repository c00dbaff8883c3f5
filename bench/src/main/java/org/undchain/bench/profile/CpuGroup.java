package org.undchain.bench.profile;

import java.util.Arrays;

/** Threads of a process that do the same kind of work, told by what they are called. */
enum CpuGroup {
  LOAD("load (clients)", "loop-load", "commit-watch", "pool-", "main", "java"),
  LOOPS("loops (machines)", "loop-"),
  SIGNATURES("signature pools", "signatures-"),
  IO("net (TLS, HTTP/2)", "net-"),
  MESSAGES("messages (virtual threads: open, send)", "ForkJoinPool", "VirtualThread"),
  DISK("database", "rocksdb:"),
  COMPILER("compiler", "C1 Compiler", "C2 Compiler", "Sweeper"),
  COLLECTOR("collector", "GC Thread", "G1 ", "ZDriver", "ZWorker", "XWorker", "Shenandoah"),
  OTHERS("other threads", "");

  private final String label;
  private final String[] beginnings;

  CpuGroup(String label, String... beginnings) {
    this.label = label;
    this.beginnings = beginnings;
  }

  String label() {
    return label;
  }

  static CpuGroup of(String threadName) {
    return Arrays.stream(values())
        .filter(group -> Arrays.stream(group.beginnings).anyMatch(threadName::startsWith))
        .findFirst()
        .orElse(OTHERS);
  }
}
