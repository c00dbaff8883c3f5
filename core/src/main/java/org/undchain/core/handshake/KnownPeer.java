package org.undchain.core.handshake;

import java.util.Optional;
import org.undchain.core.message.Hello;
import org.undchain.core.message.Role;
import org.undchain.core.message.SetCert;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The other side of a connection after its Hello was verified. All but the identity are its own
 * claims.
 *
 * @param version the newest version both speak, major · 1000 + minor
 * @param blockTime what its clock showed when it sent its last Hello
 */
public record KnownPeer(
    NodeId id,
    Role role,
    int version,
    Hash rulesHash,
    long period,
    BlockTime blockTime,
    long tipHeight,
    long tipSlot,
    Optional<SetCert> setCert) {

  static KnownPeer of(NodeId id, Hello hello, int version) {
    return new KnownPeer(
        id,
        hello.getRole(),
        version,
        Hash.of(hello.getRulesHash()),
        hello.getPeriod(),
        new BlockTime(hello.getBlockTimeMillis()),
        hello.getTipHeight(),
        hello.getTipSlot(),
        hello.hasSetCert() ? Optional.of(hello.getSetCert()) : Optional.empty());
  }
}
