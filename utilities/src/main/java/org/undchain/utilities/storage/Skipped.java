package org.undchain.utilities.storage;

import org.undchain.core.value.NodeId;

/** A partner that did not do its part, and why. */
public record Skipped(NodeId partner, StorageReason reason, String detail) {}
