package org.undchain.core.machine;

/**
 * Own records that a machine cannot go on from: what it persisted is not what it reads back. Only
 * thrown while it is made from them; whoever makes it stops and says so (R4.41).
 */
public final class DamagedRecords extends RuntimeException {
  private static final long serialVersionUID = 1;

  public DamagedRecords(String what) {
    super(what);
  }

  public DamagedRecords(String what, Throwable cause) {
    super(what, cause);
  }
}
