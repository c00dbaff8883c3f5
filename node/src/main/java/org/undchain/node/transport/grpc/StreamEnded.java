package org.undchain.node.transport.grpc;

/** The stream was over before something could be written to it: the other side is gone. */
final class StreamEnded extends Exception {
  private static final long serialVersionUID = 1;

  StreamEnded(IllegalStateException cause) {
    super(cause);
  }
}
