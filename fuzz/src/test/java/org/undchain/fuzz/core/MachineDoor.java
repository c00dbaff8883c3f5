package org.undchain.fuzz.core;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.undchain.core.agent.SessionMemory;
import org.undchain.core.client.ClientAgent;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Machine;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Frame;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Role;
import org.undchain.core.partner.PartnerAgent;
import org.undchain.core.partner.PartnerKeys;
import org.undchain.core.sync.Archive;
import org.undchain.core.time.Synchronising;
import org.undchain.core.validator.Validator;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Parts;
import org.undchain.fuzz.Town;
import org.undchain.sim.Agents;
import org.undchain.sim.FakeSignatures;
import org.undchain.sim.NamedKeys;
import org.undchain.sim.World;

/**
 * A machine that has just started and messages to it that pass its door, in a town whose signatures
 * a fuzzer can make. It answers or ignores them; it never breaks.
 *
 * <p>Bytes: a frame; a message comes from its signer.
 */
public final class MachineDoor implements Door {
  private static final int SLOTS = 4;
  private static final FakeSignatures SIGNATURES = new FakeSignatures();

  private final Town town = Town.ofForgeable();
  private final Chain chain = town.chain();
  private final NodeId self;
  private final Function<BlockTime, Machine> machine;
  private final BlockTime now = town.story().at(SLOTS, 250);

  private MachineDoor(Function<Town, NodeId> self, Function<Town, Machine> machine) {
    this.self = self.apply(town);
    this.machine = time -> machine.apply(town);
  }

  public static Door validator() {
    return new MachineDoor(town -> keys(town).identity().id(), MachineDoor::validator);
  }

  /** A validator that still measures the clocks of the others (R3.1). */
  public static Door clock() {
    return new MachineDoor(
        town -> keys(town).identity().id(),
        town ->
            new Synchronising(
                town.chain(), keys(town).identity(), firstSet(town), validator(town)));
  }

  public static Door client() {
    return new MachineDoor(
        town -> town.story().id("ann"),
        town ->
            new ClientAgent(
                town.chain(),
                town.story().signer("ann"),
                firstSet(town),
                SessionMemory.of(SIGNATURES::signer, town.log(town.story().id("ann")))));
  }

  public static Door partner() {
    return new MachineDoor(
        town -> town.story().id("paul"),
        town -> {
          PartnerKeys keys =
              new PartnerKeys(
                  town.story().signer("paul"),
                  SIGNATURES::signer,
                  World.secret("sessions of paul"));
          PartnerAgent.Setup setup =
              new PartnerAgent.Setup(keys, Agents.PARTNER, firstSet(town), 1000);
          return new PartnerAgent(
              town.chain(),
              setup,
              SessionMemory.of(SIGNATURES::signer, town.log(town.story().id("paul"))).records());
        });
  }

  private static Validator validator(Town town) {
    return new Validator(town.chain(), keys(town), Archive.EMPTY, List.of(), false);
  }

  private static ValidatorSet firstSet(Town town) {
    return ValidatorSet.of(GenesisBlock.firstSet(town.chain())).orElseThrow();
  }

  private static NamedKeys keys(Town town) {
    return new NamedKeys(SIGNATURES, "validator 0", town.chain().rules().periodSlots());
  }

  @Override
  public boolean enter(byte[] bytes) {
    List<Opened> messages = new ArrayList<>();
    try {
      for (Envelope envelope : Frame.parseFrom(bytes).getEnvelopesList()) {
        Envelopes.open(chain.context(), chain.signatures(), envelope)
            .good()
            .ifPresent(messages::add);
      }
    } catch (InvalidProtocolBufferException malformed) {
      return false;
    }
    if (messages.isEmpty()) {
      return false;
    }
    Machine running = machine.apply(now);
    running.on(now, new Event.Started());
    for (NodeId member : town.story().validators()) {
      if (!member.equals(self)) {
        running.on(now, new Event.PeerUp(member, Role.ROLE_VALIDATOR));
      }
    }
    for (Opened message : messages) {
      running.on(now, new Event.MessageIn(message.signer(), message));
    }
    return true;
  }

  /** What the others told it in its first slots, a few at a time. */
  @Override
  public List<byte[]> honest() {
    List<Envelope> told =
        town.said().stream().filter(one -> one.to().equals(self)).map(Town.Said::message).toList();
    List<byte[]> honest = new ArrayList<>();
    List<Integer> types = new ArrayList<>();
    for (Envelope message : told) {
      if (!types.contains(message.getType())) {
        types.add(message.getType());
        honest.add(Parts.frame(List.of(message)));
      }
    }
    honest.add(Parts.frame(told.subList(0, Math.min(30, told.size()))));
    return honest;
  }

  @Override
  public long allocationMax(int length) {
    return (32L << 20) + 4096L * length;
  }
}
