package org.undchain.node.store;

import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Whose data a folder holds: one node on one chain. */
public record StoreOwner(Hash chainId, NodeId node) {}
