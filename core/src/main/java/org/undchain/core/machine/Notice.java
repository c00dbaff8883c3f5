package org.undchain.core.machine;

/** What a machine tells its own node. Each role defines its notices as records. */
public interface Notice {}
