package org.undchain.node.transport.grpc;

import io.grpc.Context;
import org.undchain.core.message.Role;
import org.undchain.core.value.NodeId;

/**
 * Who said Hello on the same transport (TLS connection) as a call of another service: what {@code
 * Shards} asks to know its uploader. Absent if nobody did.
 */
public record ConnectedPeer(NodeId id, Role role) {
  /** Read with {@code KEY.get()} inside a call; null where nobody said Hello. */
  public static final Context.Key<ConnectedPeer> KEY = Context.key("undchain-connected-peer");
}
