package org.undchain.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Holds a door to its bound on memory. */
final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int AGAIN = 2;

  private Allocation() {}

  /**
   * Lets bytes in; whether they were taken. Bytes that make it allocate too much are let in again:
   * the first time the JVM may have loaded classes for them.
   */
  static boolean enter(Door door, byte[] bytes) throws Exception {
    long most = door.allocationMax(bytes.length);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    boolean isTaken = door.enter(bytes);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    for (int again = 0; again < AGAIN && allocated > most; again++) {
      before = THREADS.getCurrentThreadAllocatedBytes();
      isTaken = door.enter(bytes);
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    Door.require(
        allocated <= most,
        bytes.length + " bytes made it allocate " + allocated + ", more than " + most);
    return isTaken;
  }
}
