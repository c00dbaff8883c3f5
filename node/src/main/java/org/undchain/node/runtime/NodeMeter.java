package org.undchain.node.runtime;

import org.undchain.core.message.RejectCode;
import org.undchain.node.transport.grpc.TransportMeter;

/** What a node counts of itself. */
public interface NodeMeter extends TransportMeter, LoopMeter {
  /** For nodes whose numbers nobody reads. */
  NodeMeter NONE =
      new NodeMeter() {
        @Override
        public void rejected(RejectCode why) {}

        @Override
        public void droppedSlow() {}

        @Override
        public void peers(int count) {}

        @Override
        public void inboxDepth(int waiting) {}

        @Override
        public void persisted(int records, long nanos) {}
      };
}
