package org.undchain.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Role;
import org.undchain.core.rules.Calendar;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** The simulator itself, shown with machines small enough to see through. */
class SimulationTest {
  private static final BlockTime T0 = new BlockTime(1_000_000);
  private static final Delay DISK = new Delay(5_000, 0, 0);
  private static final Setting SETTING =
      new Setting(
          new ChainContext(Hash.ZERO, Hashes.sha256(Bytes.EMPTY)),
          Signatures.fake().check(),
          new Calendar(T0, 2000, 60));

  private final List<NodeId> ids = new ArrayList<>();

  private Simulation toys(int count, long seed, LinkProfile profile) {
    Simulation simulation = new Simulation(seed, SETTING, T0);
    ids.clear();
    for (int i = 0; i < count; i++) {
      Signer signer = Signatures.fake().signer(Bytes.of(new byte[] {(byte) i}));
      ids.add(signer.id());
      simulation.add(
          new NodeSpec(
              "toy" + i,
              Role.ROLE_VALIDATOR,
              signer,
              start -> new Toy(SETTING, signer.id(), start)),
          DISK);
    }
    simulation.network().profile(profile);
    for (NodeId a : ids) {
      for (NodeId b : ids) {
        simulation.network().join(a, b);
      }
    }
    ids.forEach(simulation::start);
    simulation.runUntil(T0.plusMillis(1000));
    return simulation;
  }

  private static <T extends Notice> List<T> heard(Simulation in, NodeId node, Class<T> type) {
    return in.notices(node).stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static List<Long> numbers(Simulation in, NodeId node) {
    return heard(in, node, Toy.Heard.class).stream().map(Toy.Heard::number).toList();
  }

  private long chaos(long seed) {
    Simulation simulation =
        toys(4, seed, LinkProfile.WORLD.losing(100).duplicating(50).reordering(200).corrupting(20));
    Chance chance = Chance.of(seed, "chaos");
    for (int i = 0; i < 50; i++) {
      NodeId node = chance.pick(ids);
      if (chance.perMille(100)) {
        simulation.crash(node);
        simulation.start(node);
      } else {
        simulation.command(node, new Toy.Say(i));
      }
      simulation.runUntil(simulation.now().plusMillis(chance.between(1, 200)));
    }
    return simulation.traceHash();
  }

  @Test
  void oneSeedIsOneRunAndAnotherSeedIsAnother() {
    Seeds.forEachSeed(
        20,
        seed -> {
          assertThat(chaos(seed)).isEqualTo(chaos(seed));
          assertThat(chaos(seed)).isNotEqualTo(chaos(seed + 1000));
        });
  }

  @Test
  void theGeneratorIsPinnedSoThatOldSeedsOutliveEveryChange() {
    Chance chance = new Chance(42);
    assertThat(chance.nextLong()).isEqualTo(0x15780b2e0c2ec716L);
    assertThat(chance.nextLong()).isEqualTo(0x6104d9866d113a7eL);
    assertThat(Chance.of(42, "network").nextLong()).isNotEqualTo(Chance.of(42, "disk").nextLong());
  }

  @Test
  @Tag("R0.5")
  void nothingBehindARecordLeavesBeforeItIsDurable() {
    Simulation simulation = toys(2, 1, LinkProfile.perfect(Delay.NONE));
    simulation.command(ids.get(0), new Toy.Say(7));
    simulation.runUntil(simulation.now().plusMillis(4));
    assertThat(numbers(simulation, ids.get(1))).isEmpty();
    simulation.runUntil(simulation.now().plusMillis(1));
    assertThat(numbers(simulation, ids.get(1))).containsExactly(7L);
  }

  @Test
  @Tag("R0.5")
  void recordsThatWaitForTheDiskBecomeDurableAsOneGroup() {
    Simulation simulation = toys(2, 1, LinkProfile.perfect(Delay.NONE));
    for (long number = 1; number <= 4; number++) {
      simulation.command(ids.get(0), new Toy.Say(number));
    }
    simulation.runUntil(simulation.now().plusMillis(5));
    assertThat(numbers(simulation, ids.get(1))).containsExactly(1L);
    simulation.runUntil(simulation.now().plusMillis(5));
    assertThat(numbers(simulation, ids.get(1))).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  @Tag("R4.42")
  void aCrashLosesWhatIsNotDurableAndNothingElse() {
    Seeds.forEachSeed(
        30,
        seed -> {
          Simulation simulation = toys(2, seed, LinkProfile.perfect(Delay.NONE));
          NodeId node = ids.get(0);
          simulation.command(node, new Toy.Say(1));
          simulation.runUntil(simulation.now().plusMillis(5));
          simulation.command(node, new Toy.Say(2));
          simulation.command(node, new Toy.Say(3));
          simulation.crash(node);
          simulation.start(node);
          List<Long> remembered = heard(simulation, node, Toy.Remembers.class).getLast().numbers();
          assertThat(List.of(1L, 2L, 3L)).startsWith(remembered.toArray(Long[]::new));
          assertThat(remembered).contains(1L);
          simulation.runUntil(simulation.now().plusMillis(100));
          assertThat(numbers(simulation, ids.get(1))).containsExactly(1L);
        });
  }

  @Test
  @Tag("R4.41")
  void aNodeThatLostItsDiskIsToldSoOnce() {
    Simulation simulation = toys(1, 1, LinkProfile.LAN);
    NodeId node = ids.get(0);
    for (int restart = 0; restart < 2; restart++) {
      simulation.crash(node);
      if (restart == 0) {
        simulation.eraseDisk(node);
      }
      simulation.start(node);
    }
    assertThat(
            heard(simulation, node, Toy.Remembers.class).stream().map(Toy.Remembers::hasLostDisk))
        .containsExactly(false, true, false);
  }

  @Test
  void aTimerFollowsTheClockOfItsNode() {
    Simulation simulation = toys(2, 1, LinkProfile.LAN);
    simulation.clock(ids.get(1), new VirtualClock(-300_000, 1000, T0.millis() * 1000));
    BlockTime at = T0.plusMillis(11_000);
    ids.forEach(id -> simulation.command(id, new Toy.WakeAt(at)));
    simulation.runUntil(at);
    assertThat(heard(simulation, ids.get(0), Toy.Woke.class)).containsExactly(new Toy.Woke(at));
    assertThat(heard(simulation, ids.get(1), Toy.Woke.class)).isEmpty();
    simulation.runUntil(at.plusMillis(289));
    assertThat(heard(simulation, ids.get(1), Toy.Woke.class)).containsExactly(new Toy.Woke(at));
  }

  @Test
  void aTimerIsSetAnewWhenTheClockIs() {
    Simulation simulation = toys(1, 1, LinkProfile.LAN);
    BlockTime at = T0.plusMillis(11_000);
    simulation.command(ids.get(0), new Toy.WakeAt(at));
    simulation.clock(ids.get(0), new VirtualClock(5_000_000, 0, 0));
    simulation.runUntil(T0.plusMillis(60_000));
    assertThat(heard(simulation, ids.get(0), Toy.Woke.class)).containsExactly(new Toy.Woke(at));
  }

  @Test
  void aPartitionBreaksTheConnectionAndHealingBringsItBack() {
    Simulation simulation = toys(3, 1, LinkProfile.LAN);
    simulation.network().partition(List.of(ids.get(0)));
    simulation.command(ids.get(0), new Toy.Say(1));
    simulation.command(ids.get(1), new Toy.Say(2));
    simulation.runUntil(simulation.now().plusMillis(5_000));
    assertThat(numbers(simulation, ids.get(1))).isEmpty();
    assertThat(numbers(simulation, ids.get(2))).containsExactly(2L);
    assertThat(heard(simulation, ids.get(0), Toy.Peer.class)).hasSize(4);
    simulation.network().heal();
    simulation.runUntil(simulation.now().plusMillis(1_000));
    simulation.command(ids.get(0), new Toy.Say(3));
    simulation.runUntil(simulation.now().plusMillis(1_000));
    assertThat(numbers(simulation, ids.get(1))).containsExactly(3L);
  }

  @Test
  void aCutMayBeOneWay() {
    Simulation simulation = toys(2, 1, LinkProfile.LAN);
    simulation.network().cutOneWay(ids.get(0), ids.get(1));
    simulation.command(ids.get(0), new Toy.Say(1));
    simulation.command(ids.get(1), new Toy.Say(2));
    simulation.runUntil(simulation.now().plusMillis(5_000));
    assertThat(numbers(simulation, ids.get(0))).containsExactly(2L);
    assertThat(numbers(simulation, ids.get(1))).isEmpty();
  }

  @Test
  void bothSidesHearOfADisconnectAndDialAgain() {
    Simulation simulation = toys(2, 1, LinkProfile.LAN);
    simulation.command(ids.get(0), new Toy.Drop(ids.get(1)));
    simulation.runUntil(simulation.now().plusMillis(1_000));
    for (int i = 0; i < 2; i++) {
      NodeId peer = ids.get(1 - i);
      assertThat(heard(simulation, ids.get(i), Toy.Peer.class))
          .containsExactly(
              new Toy.Peer(peer, true), new Toy.Peer(peer, false), new Toy.Peer(peer, true));
    }
  }

  @Test
  void aPausedNodeHearsEverythingLaterAndInOrder() {
    Simulation simulation = toys(2, 1, LinkProfile.LAN);
    simulation.pause(ids.get(1), 500);
    for (long number = 1; number <= 3; number++) {
      simulation.command(ids.get(0), new Toy.Say(number));
      simulation.runUntil(simulation.now().plusMillis(20));
    }
    assertThat(numbers(simulation, ids.get(1))).isEmpty();
    simulation.runUntil(simulation.now().plusMillis(500));
    assertThat(numbers(simulation, ids.get(1))).containsExactly(1L, 2L, 3L);
  }

  @Test
  void bytesThatTheDoorRefusesAreAnsweredAndNeverReachTheMachine() {
    Simulation simulation = toys(2, 1, LinkProfile.LAN);
    List<RejectCode> refused = new ArrayList<>();
    simulation.observe(
        new Observer() {
          @Override
          public void onRefused(NodeId node, NodeId peer, RejectCode code, String detail) {
            refused.add(code);
          }
        });
    Envelope good =
        new Toy(SETTING, ids.get(0), new NodeSpec.Start(List.of(), new VirtualDisk(), false))
            .probe(9);
    Envelope foreign =
        good.toBuilder().setChainTag(Hash.ZERO.bytes().slice(0, 8).toByteString()).build();
    simulation.network().send(ids.get(0), ids.get(1), Parcel.of(foreign));
    simulation.network().send(ids.get(0), ids.get(1), new Parcel(Bytes.ofHex("ff")));
    simulation.network().send(ids.get(0), ids.get(1), Parcel.of(good));
    simulation.runUntil(simulation.now().plusMillis(1_000));
    assertThat(refused)
        .containsExactly(RejectCode.REJECT_CODE_WRONG_CHAIN, RejectCode.REJECT_CODE_MALFORMED);
    assertThat(numbers(simulation, ids.get(1))).containsExactly(9L);
  }

  @Test
  void aViolationNamesSeedTimeAndTheLastEvents() {
    Simulation simulation = toys(2, 77, LinkProfile.LAN);
    simulation.observe(
        new Observer() {
          @Override
          public void onSent(NodeId from, NodeId to, Envelope message) {
            throw new Violation("I0", "somebody spoke");
          }
        });
    simulation.command(ids.get(0), new Toy.Say(1));
    assertThatThrownBy(() -> simulation.runUntil(simulation.now().plusMillis(100)))
        .isInstanceOf(SimulationFailure.class)
        .hasMessageContaining("seed 77")
        .hasMessageContaining("I0 does not hold: somebody spoke")
        .hasMessageContaining("CommandIn");
  }

  @Test
  void aFailingSeedPrintsTheOneCommandThatRepeatsIt() {
    assertThatThrownBy(() ->
            Seeds.forEachSeed(
                5,
                seed -> {
                  if (seed == 3) {
                    throw new IllegalStateException("bad luck");
                  }
                }))
        .hasMessageContaining("./undchain test --seed 3 --test SimulationTest#")
        .hasMessageContaining("bad luck");
  }

  @Test
  @Tag("R0.2")
  void aFakeSignatureHasSeveralValidFormsAndNoBitToSpare() {
    Signer signer = Signatures.fake().signer(Bytes.EMPTY);
    Bytes message = Bytes.ofHex("00112233");
    Bytes other = FakeSignatures.signAgain(signer.id(), 5, message);
    assertThat(other).isNotEqualTo(signer.sign(message));
    for (Bytes signature : List.of(other, signer.sign(message))) {
      assertThat(SETTING.check().verify(signer.id(), message, signature)).isTrue();
      for (int bit = 0; bit < 512; bit++) {
        byte[] flipped = signature.toByteArray();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(SETTING.check().verify(signer.id(), message, Bytes.wrap(flipped))).isFalse();
      }
    }
  }
}
