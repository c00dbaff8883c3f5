package org.undchain.core.ledger;

import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Genesis;
import org.undchain.core.rules.Calendar;
import org.undchain.core.rules.RunRules;

/**
 * What never changes within a chain and every concept needs: its name, rules, calendar and genesis.
 */
public record Chain(
    ChainContext context,
    RunRules rules,
    Calendar calendar,
    Genesis genesis,
    SignatureCheck signatures) {}
