package org.undchain.node.devnet;

/** All nodes of a devnet while they run. */
interface Network extends AutoCloseable {

  /** From now on the end of a node is told. */
  void watch();

  /** Ends all nodes that still run; each has its disk closed when this returns. */
  @Override
  void close();
}
