package org.undchain.bench.profile;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * Processor time of one thread of this process while it was measured, those of the compiler and the
 * collector included, which samples do not see.
 */
@Name(ThreadCpu.NAME)
@Label("Processor time of a thread")
@Category("UndChain benchmark")
@StackTrace(false)
final class ThreadCpu extends Event {
  static final String NAME = "org.undchain.ThreadCpu";

  @Label("Name of the thread, as the system knows it")
  final String threadName;

  @Label("Milliseconds")
  final long millis;

  ThreadCpu(String threadName, long millis) {
    this.threadName = threadName;
    this.millis = millis;
  }
}
