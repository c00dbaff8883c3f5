package org.undchain.core.machine;

/** What a node's own user or edge asks of a machine. Each role defines its commands as records. */
public interface Command {}
