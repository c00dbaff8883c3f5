package org.undchain.sim;

/** What a disk answers when records are to be made durable. */
public enum DiskHealth {
  GOOD,
  /** EIO, once: nobody knows what of the group is on the disk. */
  FAILS_ONCE,
  /** ENOSPC until there is room again: nothing of a group is on the disk. */
  FULL
}
