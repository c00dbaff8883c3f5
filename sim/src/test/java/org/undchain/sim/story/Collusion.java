package org.undchain.sim.story;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.Role;
import org.undchain.core.validator.Validator;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Delay;
import org.undchain.sim.DiskArchive;
import org.undchain.sim.NamedKeys;
import org.undchain.sim.NodeSpec;
import org.undchain.sim.Signatures;
import org.undchain.sim.Simulation;
import org.undchain.sim.Twin;
import org.undchain.sim.VirtualDisk;
import org.undchain.sim.World;
import org.undchain.sim.checker.AgreementChecker;

/**
 * A chain whose first validators exist twice, each time connected to one half of the others, which
 * are parted. The real code twice, without a line of dishonest code.
 */
final class Collusion {
  private static final Delay DISK = new Delay(500, 500, 500);

  private final World world;
  private final Simulation simulation;
  private final AgreementChecker agreement;
  private final List<NodeId> honest = new ArrayList<>();
  private final Set<NodeId> secondSide = new TreeSet<>();
  private boolean isOver;

  Collusion(int n, int colluders) {
    Signatures signatures = Signatures.fake();
    List<NamedKeys> keys =
        IntStream.range(0, n)
            .mapToObj(i -> new NamedKeys(signatures, "validator " + i, 60))
            .sorted(Comparator.comparing(key -> key.identity().id()))
            .toList();
    world = World.of(signatures, keys, 3, List.of(), 60, 100);
    simulation = new Simulation(1, world.setting(), World.T0);
    for (int i = colluders; i < n; i++) {
      NodeId id = keys.get(i).identity().id();
      honest.add(id);
      if ((i - colluders) % 2 == 1) {
        secondSide.add(id);
      }
    }
    agreement = new AgreementChecker(world.chain().context().chainId());
    Set<NodeId> twins = new TreeSet<>();
    for (int i = 0; i < n; i++) {
      add(keys.get(i), i < colluders);
      if (i < colluders) {
        twins.add(keys.get(i).identity().id());
      }
    }
    simulation.observe(new org.undchain.sim.Honest(agreement, twins));
  }

  private void add(NamedKeys keys, boolean isTwin) {
    NodeId id = keys.identity().id();
    Chain chain = world.chain();
    NodeSpec.Boot real =
        start ->
            new Validator(
                chain, keys, new DiskArchive(start.disk()), start.recovered(), start.hasLostDisk());
    VirtualDisk second = new VirtualDisk();
    NodeSpec.Boot boot =
        isTwin ? start -> Twin.of(real, start, second, secondSide::contains, () -> isOver) : real;
    List<NodeId> before = simulation.nodes();
    simulation.add(new NodeSpec("v " + id, Role.ROLE_VALIDATOR, keys.identity(), boot), DISK);
    before.forEach(other -> simulation.network().join(id, other));
  }

  /** Starts everybody; the honest halves never hear of each other. */
  void begin() {
    for (NodeId one : honest) {
      for (NodeId other : honest) {
        if (secondSide.contains(one) != secondSide.contains(other)) {
          simulation.network().cutOneWay(one, other);
        }
      }
    }
    simulation.nodes().forEach(simulation::start);
  }

  /** The twins go, the halves meet. */
  void end() {
    isOver = true;
    simulation.network().heal();
  }

  void runSlots(int slots) {
    simulation.runUntil(simulation.now().plusMillis(slots * world.chain().rules().slotMillis()));
  }

  /** Height that an honest validator holds. */
  long agreedHeight() {
    return agreement.height();
  }
}
