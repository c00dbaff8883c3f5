package org.undchain.node.runtime;

/** What a loop counts. Called by its thread. */
public interface LoopMeter {
  void inboxDepth(int waiting);

  /** A group of records became durable. */
  void persisted(int records, long nanos);
}
