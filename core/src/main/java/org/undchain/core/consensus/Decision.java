package org.undchain.core.consensus;

import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.message.Cert;

/** What a height ended with (R4.26): the value, all contents in hand, and its certificate. */
public record Decision(Candidate candidate, Cert qc) {}
