package org.undchain.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Holds a door to its bound on memory. */
final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocation() {}

  /** Lets bytes in; whether they were taken. */
  static boolean enter(Door door, byte[] bytes) throws Exception {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    boolean isTaken = door.enter(bytes);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    long most = door.allocationMax(bytes.length);
    Door.require(
        allocated <= most,
        bytes.length + " bytes made it allocate " + allocated + ", more than " + most);
    return isTaken;
  }
}
