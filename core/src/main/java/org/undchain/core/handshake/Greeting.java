package org.undchain.core.handshake;

import java.util.Optional;
import org.undchain.core.crypto.Signer;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Hello;
import org.undchain.core.message.Role;
import org.undchain.core.message.SetCert;
import org.undchain.core.value.Hash;

/**
 * What this side says of itself in its Hellos (section 1).
 *
 * @param tip empty for a node that keeps no chain
 * @param standing empty for a node that knows nothing but the genesis yet: as a dialer it takes
 *     period, rules and block time from the answer
 */
public record Greeting(
    ChainContext chain,
    Signer identity,
    Role role,
    boolean devnet,
    Optional<Standing> standing,
    Optional<Tip> tip,
    Optional<SetCert> setCert) {

  /**
   * The rules in force and the pay period a node believes in.
   *
   * @param isSynchronised its clock is that of the others (R3.1); before, it holds nobody to its
   *     time, and where it dials it takes everything from the answer, as a newcomer does
   */
  public record Standing(Hash rulesHash, long period, boolean isSynchronised) {}

  /** The newest block a node has. */
  public record Tip(long height, long slot, Hash hash) {}

  /** A node that knows the genesis and nothing else: a client or partner that starts. */
  public static Greeting newcomer(ChainContext chain, Signer identity, Role role, boolean devnet) {
    return new Greeting(
        chain, identity, role, devnet, Optional.empty(), Optional.empty(), Optional.empty());
  }

  Hello.Builder hello() {
    Hello.Builder hello =
        Hello.newBuilder()
            .setNetworkId(chain.networkId().toByteString())
            .setChainId(chain.chainId().toByteString())
            .setRole(role)
            .setVersionMin(Handshake.VERSION_MIN)
            .setVersionMax(Handshake.VERSION_MAX)
            .setDevnet(devnet);
    tip.ifPresent(newest ->
        hello
            .setTipHeight(newest.height())
            .setTipSlot(newest.slot())
            .setTipHash(newest.hash().toByteString()));
    setCert.ifPresent(hello::setSetCert);
    return hello;
  }
}
