package org.undchain.utilities.storage;

/** Hears how far an object is; called from several threads. */
public interface StorageProgress {
  /** Hears nothing. */
  StorageProgress NONE = new StorageProgress() {};

  /** So many bytes of the object are sent to all partners, or restored. */
  default void advanced(long bytes, long of) {}

  /** A partner is given up, or asked last from now on. */
  default void skipped(Skipped skipped) {}
}
