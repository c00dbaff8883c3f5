package org.undchain.node.store;

import java.io.IOException;
import java.nio.file.Path;
import org.undchain.core.machine.DamagedRecords;

/** Why a node's disk cannot be used; the message says what to do next. */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1;

  /** What to do about {@link Why#NO_SPACE}. */
  static final String MAKE_ROOM = ": make room on the disk and start again";

  /** What to do about {@link Why#INPUT_OUTPUT}. */
  static final String CHECK_DISK = ": check the disk and start again";

  /** What to do about {@link Why#DAMAGED}. */
  static final String HOW_TO_GO_ON =
      ": check the disk, move the folder away but keep keys/, and start again;"
          + " the node catches up and signs again once that is safe";

  /** Kind of a failure, for callers that decide by it. */
  public enum Why {
    WRONG_CHAIN,
    NEWER_VERSION,
    IN_USE,
    DAMAGED,
    NO_SPACE,
    SIGNED_BEFORE,
    INPUT_OUTPUT
  }

  private final Why why;

  public StoreException(Why why, String message) {
    super(message);
    this.why = why;
  }

  public StoreException(Why why, String message, Throwable cause) {
    super(message, cause);
    this.why = why;
  }

  /** The disk failed while something was done. */
  static StoreException of(String doing, IOException failure) {
    String text = doing + ": " + failure.getMessage();
    return String.valueOf(failure.getMessage()).contains("No space left")
        ? new StoreException(Why.NO_SPACE, text + MAKE_ROOM, failure)
        : new StoreException(Why.INPUT_OUTPUT, text + CHECK_DISK, failure);
  }

  /** What was read from a node's folder is whole by its check sums, and none of what it wrote. */
  public static StoreException damaged(Path folder, DamagedRecords found) {
    return new StoreException(
        Why.DAMAGED, found.getMessage() + " in " + folder + HOW_TO_GO_ON, found);
  }

  public Why why() {
    return why;
  }
}
