package org.undchain.utilities.storage;

import java.util.List;

/** Storage that failed for a reason the caller has to deal with. */
public final class StorageException extends Exception {
  private static final long serialVersionUID = 1L;

  private final StorageReason reason;
  private final transient List<Skipped> skipped;

  public StorageException(StorageReason reason, String detail) {
    this(reason, detail, List.of());
  }

  public StorageException(StorageReason reason, String detail, List<Skipped> skipped) {
    super(detail);
    this.reason = reason;
    this.skipped = List.copyOf(skipped);
  }

  public StorageException(StorageReason reason, String detail, Throwable cause) {
    super(detail, cause);
    this.reason = reason;
    this.skipped = List.of();
  }

  public StorageReason reason() {
    return reason;
  }

  /** The partners that did not do their part. */
  public List<Skipped> skipped() {
    return skipped;
  }
}
