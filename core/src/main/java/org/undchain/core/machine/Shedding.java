package org.undchain.core.machine;

import org.undchain.core.value.BlockTime;

/**
 * The machine has no room for requests before {@code until}: its node refuses what comes until then
 * at the door, before any signature of it is checked (section 11). Who waits for the machine to say
 * no costs it what it lacks.
 */
public record Shedding(BlockTime until) implements Notice {}
