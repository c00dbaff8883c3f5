package org.undchain.node.client;

import org.undchain.core.value.Hash;
import org.undchain.utilities.storage.StorageProgress;

/** Hears how far a job is; called from several threads. */
public interface JobProgress extends StorageProgress {
  /** The job has its name: whoever stops now can go on later. */
  default void job(Hash jobId) {}

  /** A step is done. */
  default void step(String name, String detail) {}
}
