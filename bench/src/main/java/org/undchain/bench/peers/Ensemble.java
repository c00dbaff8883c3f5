package org.undchain.bench.peers;

import java.io.IOException;
import java.util.function.Consumer;

/** Servers of another system that run in this process, and a client of them. */
interface Ensemble extends AutoCloseable {
  /**
   * Hands in a command of so many bytes as the ensemble was started with. Safe for any thread.
   *
   * @param done hears once, on some thread, whether the command is committed and durable
   */
  void submit(Consumer<Boolean> done) throws IOException;

  /** Ends client and servers. */
  @Override
  void close() throws IOException;
}
