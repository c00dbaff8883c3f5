package org.undchain.bench.profile;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** What was done while it was recorded: all figures "per job" are made with it. */
@Name(Measured.NAME)
@Label("What was measured")
@Category("UndChain benchmark")
@StackTrace(false)
final class Measured extends Event {
  static final String NAME = "org.undchain.Measured";

  @Label("Committed jobs")
  final long jobs;

  @Label("Validators")
  final int validators;

  @Label("Groups of records forced to the disk by all validators")
  final long groups;

  @Label("Milliseconds")
  final long wallMillis;

  @Label("Processor time of the process in milliseconds")
  final long cpuMillis;

  @Label("Bytes that all threads allocated")
  final long allocatedBytes;

  Measured(Work work, long wallMillis, long cpuMillis, long allocatedBytes) {
    this.jobs = work.jobs();
    this.validators = work.validators();
    this.groups = work.groups();
    this.wallMillis = wallMillis;
    this.cpuMillis = cpuMillis;
    this.allocatedBytes = allocatedBytes;
  }
}
