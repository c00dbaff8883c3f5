package org.undchain.core.job;

import org.undchain.core.machine.Notice;
import org.undchain.core.value.BlockTime;

/**
 * The machine has no room before {@code until} for requests of accounts that are not drawn: its
 * node refuses what comes of them until then at the door, before any signature of it is checked
 * (section 11). Who waits for the machine to say no costs it what it lacks.
 */
public record Shedding(BlockTime until, Lots lots) implements Notice {}
