package org.undchain.node.transport.grpc;

import org.undchain.core.value.Hash;

/** One gRPC stream as its connection sees it, whichever side opened it. */
interface Wire {
  /** SHA-256 over the certificates of both sides. */
  Hash binding();

  /** Whether a frame would leave at once. */
  boolean isReady();

  /** Only the connection's sender calls this. */
  void send(byte[] frame) throws StreamEnded;

  /** Lets {@code count} more frames in. */
  void request(int count);

  /** Ends the stream behind what was sent. Only the connection's sender calls this. */
  void finish(String why) throws StreamEnded;

  /** Ends the stream at once, whatever waits; safe from any thread. */
  void abort(String why);

  /** The Hello is over: larger frames may come. */
  void trust(ConnectedPeer peer);
}
