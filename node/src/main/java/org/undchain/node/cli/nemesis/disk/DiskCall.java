package org.undchain.node.cli.nemesis.disk;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** Kinds of calls on files; {@code faulty-disk.c} has the same in the same order. */
public enum DiskCall {
  CREATE,
  WRITE,
  SYNC,
  ALLOCATE,
  TRUNCATE,
  RENAME,
  LINK,
  UNLINK,
  MKDIR,
  OPEN,
  READ,
  STAT;

  /** Everything that changes something. */
  public static final Set<DiskCall> CHANGES =
      Collections.unmodifiableSet(EnumSet.range(CREATE, MKDIR));

  /** Everything that only looks. */
  public static final Set<DiskCall> LOOKS = Collections.unmodifiableSet(EnumSet.range(OPEN, STAT));

  long bit() {
    return 1L << ordinal();
  }
}
