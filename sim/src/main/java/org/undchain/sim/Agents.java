package org.undchain.sim;

import java.util.List;
import org.undchain.core.agent.SessionMemory;
import org.undchain.core.client.ClientAgent;
import org.undchain.core.crypto.Signer;
import org.undchain.core.message.Filter;
import org.undchain.core.message.FilterNode;
import org.undchain.core.message.FilterOp;
import org.undchain.core.message.Role;
import org.undchain.core.message.UtilityClass;
import org.undchain.core.partner.PartnerAgent;
import org.undchain.core.partner.PartnerKeys;
import org.undchain.core.partner.PartnerProfile;

/**
 * Clients and partners of a world with the agents that people run, which recover their sessions.
 */
public final class Agents {
  /** What every partner offers. */
  public static final PartnerProfile PARTNER =
      new PartnerProfile(
          UtilityClass.UTILITY_CLASS_STORAGE,
          Filter.newBuilder()
              .addNodes(
                  FilterNode.newBuilder()
                      .setOp(FilterOp.FILTER_OP_UTILITY_IS)
                      .setValue(UtilityClass.UTILITY_CLASS_STORAGE_VALUE))
              .build(),
          "MiB",
          1_000_000,
          8,
          10_000,
          List.of(),
          1);

  private Agents() {}

  public static NodeSpec client(World world, String name) {
    Signer signer = world.signer(name);
    return new NodeSpec(
        name,
        Role.ROLE_CLIENT,
        signer,
        start ->
            new ClientAgent(
                world.chain(),
                signer,
                world.firstSet(),
                SessionMemory.of(world.sessionKeys(), start.recovered())));
  }

  /**
   * A storage partner that takes every job it has room for.
   *
   * @param units its room
   */
  public static NodeSpec partner(World world, String name, long units) {
    Signer signer = world.signer(name);
    PartnerKeys keys =
        new PartnerKeys(signer, world.sessionKeys(), World.secret("sessions of " + name));
    PartnerAgent.Setup setup = new PartnerAgent.Setup(keys, PARTNER, world.firstSet(), units);
    return new NodeSpec(
        name,
        Role.ROLE_PARTNER,
        signer,
        start ->
            new PartnerAgent(
                world.chain(),
                setup,
                SessionMemory.of(world.sessionKeys(), start.recovered()).records()));
  }
}
