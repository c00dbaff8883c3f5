package org.undchain.sim;

import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.message.ChainContext;
import org.undchain.core.rules.Calendar;

/** What the doors of all nodes need to know of the chain. */
public record Setting(ChainContext context, SignatureCheck check, Calendar calendar) {}
