package org.undchain.core.partner;

import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.session.SessionKeys;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * The keys of a partner: its identity, and a key for each job that nobody can guess and that is the
 * same again after a restart.
 *
 * @param secret 32 secret bytes of this partner
 */
public record PartnerKeys(Signer identity, SessionKeys sessions, Bytes secret) {

  /** Seed of the session key for one job. */
  Bytes seedOf(Hash jobId) {
    return Hashes.tagged("session", secret, jobId.bytes()).bytes();
  }
}
