package org.undchain.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Role;
import org.undchain.core.message.SetCert;
import org.undchain.core.message.SetMember;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.checker.AgreementChecker;
import org.undchain.sim.checker.SigningChecker;

/**
 * The vote of section 4.5 alone, over many heights, under every fault of network, disk, process.
 */
@Tag("slow")
class VotingTest {
  private static final int HEIGHTS = 12;

  private final List<NodeId> ids = new ArrayList<>();
  private SigningChecker signing = new SigningChecker();
  private Chain chain = world(4).chain();
  private AgreementChecker agreement = new AgreementChecker(Hash.ZERO);

  private static World world(int n) {
    return new World(
        Signatures.fake(),
        World.devnet(Signatures.fake(), n, List.of(), 21_600, 100),
        List.of(),
        List.of());
  }

  private Simulation voters(int n, long seed, LinkProfile profile, int agreePerMille) {
    return voters(n, seed, profile, agreePerMille, NodeSpec.Start::recovered);
  }

  private Simulation voters(
      int n,
      long seed,
      LinkProfile profile,
      int agreePerMille,
      Function<NodeSpec.Start, List<LogRecord>> memory) {
    World world = world(n);
    chain = world.chain();
    List<Signer> signers =
        IntStream.range(0, n)
            .mapToObj(i -> world.signer("voter " + i))
            .sorted((a, b) -> a.id().compareTo(b.id()))
            .toList();
    SetCert.Builder cert = SetCert.newBuilder();
    for (Signer signer : signers) {
      cert.addMembers(
          SetMember.newBuilder()
              .setId(signer.id().toByteString())
              .setConsensusKey(signer.id().toByteString())
              .setBeatTip(Hash.ZERO.toByteString()));
    }
    ValidatorSet set = ValidatorSet.of(cert.build()).orElseThrow();
    Simulation simulation = new Simulation(seed, world.setting(), World.T0);
    agreement = new AgreementChecker(chain.context().chainId());
    signing = new SigningChecker();
    simulation.observe(agreement);
    simulation.observe(signing);
    VotingNode.Lots lots =
        (node, height) -> {
          Chance chance = Chance.of(seed, "file " + node.hex() + ' ' + height);
          return IntStream.range(0, 3)
              .filter(i -> chance.perMille(agreePerMille))
              .mapToObj(i -> VotingNode.id("id " + height + ' ' + i))
              .toList();
        };
    simulation.network().profile(profile);
    ids.clear();
    for (int i = 0; i < n; i++) {
      Signer signer = signers.get(i);
      ids.add(signer.id());
      simulation.add(
          new NodeSpec(
              "voter" + i,
              Role.ROLE_VALIDATOR,
              signer,
              start -> new VotingNode(chain, set, signer, lots, memory.apply(start))),
          new Delay(500, 0, 2_000));
    }
    ids.forEach(a -> ids.forEach(b -> simulation.network().join(a, b)));
    ids.forEach(simulation::start);
    return simulation;
  }

  private long blocks(Simulation simulation, NodeId node) {
    return simulation.disk(node).durable().stream().filter(r -> r.hasBlock()).count();
  }

  private void finish(Simulation simulation) {
    simulation.runUntilOrFail(
        () -> ids.stream().allMatch(id -> blocks(simulation, id) >= HEIGHTS),
        simulation.now().plusMillis(120_000),
        HEIGHTS + " heights at all nodes");
  }

  @Test
  @Tag("R4.21")
  void equalFilesAreDecidedTwoFlightsAfterTheStart() {
    Simulation simulation = voters(9, 1, LinkProfile.perfect(new Delay(50_000, 0, 0)), 1000);
    for (int height = 1; height <= HEIGHTS; height++) {
      simulation.runUntil(chain.calendar().startOf(height).plusMillis(150));
      long expected = height;
      assertThat(ids).allMatch(id -> blocks(simulation, id) == expected);
    }
  }

  @Test
  @Tag("R4.22")
  void filesThatDifferAreUnitedInOneMoreRound() {
    Seeds.forEachSeed(
        20,
        seed -> {
          Simulation simulation = voters(4, seed, LinkProfile.LAN, 600);
          finish(simulation);
          assertThat(simulation.now().minus(World.T0)).isLessThan((HEIGHTS + 2) * 2000L);
        });
  }

  @Test
  @Tag("R4.40")
  @Tag("slow")
  void nobodySignsTwiceAndAllAgreeWhateverCrashesAndGetsLost() {
    Seeds.forEachSeed(
        60,
        seed -> {
          Chance chance = Chance.of(seed, "faults");
          int n = (int) chance.between(4, 10);
          int faulty = (n - 1) / 3;
          LinkProfile links =
              (chance.coin() ? LinkProfile.WORLD : LinkProfile.LAN)
                  .losing(chance.coin() ? 0 : 100)
                  .duplicating(chance.coin() ? 0 : 50)
                  .reordering(chance.coin() ? 0 : 200);
          Simulation simulation = voters(n, seed, links, 700);
          disturb(simulation, chance, faulty);
          simulation.network().heal();
          ids.stream().filter(id -> !simulation.isRunning(id)).forEach(simulation::start);
          finish(simulation);
          assertThat(signing.votes()).isGreaterThan(HEIGHTS);
        });
  }

  @Test
  @Tag("R4.40")
  void votesForgottenOverARestartAreFoundByTheChecker() {
    assertThatThrownBy(() ->
            Seeds.forEachSeed(
                60,
                seed -> {
                  Simulation simulation =
                      voters(4, seed, LinkProfile.LAN, 700, VotingTest::withoutVotes);
                  disturb(simulation, Chance.of(seed, "faults"), 1);
                }))
        .hasMessageContaining("S2 does not hold");
  }

  private static List<LogRecord> withoutVotes(NodeSpec.Start start) {
    return start.recovered().stream().filter(LogRecord::hasBlock).toList();
  }

  private void disturb(Simulation simulation, Chance chance, int faulty) {
    for (long t = 0; t < HEIGHTS * 2000L; t += 200) {
      simulation.runUntil(World.T0.plusMillis(t));
      strike(simulation, chance, faulty);
    }
  }

  private void strike(Simulation simulation, Chance chance, int faulty) {
    List<NodeId> down = ids.stream().filter(id -> !simulation.isRunning(id)).toList();
    switch ((int) chance.below(12)) {
      case 0, 1 -> {
        if (down.size() <= faulty) {
          simulation.crash(chance.pick(ids));
        }
      }
      case 2, 3 -> {
        if (!down.isEmpty()) {
          simulation.start(chance.pick(down));
        }
      }
      case 4 -> simulation.network().partition(chance.sample(ids, ids.size() / 2));
      case 5 -> simulation.network().cutOneWay(chance.pick(ids), chance.pick(ids));
      case 6, 7 -> simulation.network().heal();
      case 8 -> simulation.pause(chance.pick(ids), chance.between(100, 2000));
      default -> {}
    }
  }
}
