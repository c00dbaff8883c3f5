package org.undchain.node.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.undchain.node.config.ConfigException;
import org.undchain.node.store.StoreException;

/** Failures of other packages in the words of the command line. */
public final class Failures {
  private static final int CAUSES_MAX = 16;

  private Failures() {}

  public static Failure of(ConfigException refused) {
    return of(refused, "CONFIG");
  }

  public static Failure of(StoreException refused) {
    int code =
        switch (refused.why()) {
          case WRONG_CHAIN -> 1420;
          case NEWER_VERSION -> 1421;
          case IN_USE -> 1422;
          case DAMAGED -> 1423;
          case NO_SPACE -> 1424;
          case SIGNED_BEFORE -> 1425;
          case INPUT_OUTPUT -> 1426;
        };
    return Failure.local(
        code,
        refused.why().name(),
        "the node's disk cannot be used",
        String.valueOf(refused.getMessage()),
        "choose another data folder");
  }

  /**
   * A node that ran has stopped itself: because of its disk, which says so in words and with a code
   * of its own, or because of a bug.
   *
   * @param name of the node
   * @param data its folder
   * @param log where it wrote what happened
   * @param again the command that starts it again
   */
  public static Failure stopped(String name, Path data, Path log, String again, Throwable fatal) {
    Optional<IOException> disk = diskFailure(fatal);
    if (disk.isEmpty()) {
      return Failure.local(
          9002, "NODE_STOPPED", name + " has stopped itself", fatal.toString(), "look into " + log);
    }
    boolean isFull =
        disk.get() instanceof StoreException told && told.why() == StoreException.Why.NO_SPACE;
    String why = String.valueOf(disk.get().getMessage());
    return isFull
        ? Failure.local(
            1428,
            "DISK_FULL",
            name + " has stopped itself: its disk is full",
            why,
            "make room: df -h " + data,
            again)
        : Failure.local(
            1427,
            "DISK_FAILED",
            name + " has stopped itself: its disk failed",
            why,
            "check the disk of " + data + ": dmesg | tail",
            again);
  }

  /** What of the causes is a failure of the disk. */
  private static Optional<IOException> diskFailure(Throwable fatal) {
    Throwable at = fatal;
    for (int i = 0; i < CAUSES_MAX && at != null; i++) {
      if (at instanceof IOException disk) {
        return Optional.of(disk);
      }
      at = at.getCause();
    }
    return Optional.empty();
  }

  public static Failure of(ConfigException refused, String reason) {
    return new Failure(
        refused.code(), reason, refused.what(), refused.why(), refused.tries(), false, "local");
  }
}
