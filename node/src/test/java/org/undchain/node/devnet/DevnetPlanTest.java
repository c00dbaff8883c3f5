package org.undchain.node.devnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.message.Genesis;
import org.undchain.core.message.Opening;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.node.config.ConfigException;
import org.undchain.node.config.RulesFile;

final class DevnetPlanTest {
  private static final BlockTime T0 = new BlockTime(1_800_000_000_000L);

  @Test
  void theSameSeedPortsAndTimeMakeTheSameNetworkToTheLastByte() {
    DevnetPlan one = plan(DevnetShape.DEFAULT);
    DevnetPlan two = plan(DevnetShape.DEFAULT);
    assertThat(one.sealedGenesis()).isEqualTo(two.sealedGenesis());
    assertThat(one.rulesText()).isEqualTo(two.rulesText());
    assertThat(one.nodes()).isEqualTo(two.nodes());
    assertThat(plan(seeded(43)).genesis()).isNotEqualTo(one.genesis());
    assertThat(plan(seeded(43)).accounts()).doesNotContainAnyElementsOf(one.accounts());
  }

  @Test
  void validatorsAreNamedTheKnownFirstThenPassivesThenPartners() {
    List<DevnetNode> nodes = plan(DevnetShape.DEFAULT).nodes();
    assertThat(nodes).extracting(DevnetNode::name).startsWith("v1", "v2", "v3", "v4");
    assertThat(nodes.subList(0, 3)).allMatch(n -> n.standing() == DevnetNode.Standing.KNOWN);
    assertThat(nodes.subList(3, 9)).allMatch(n -> n.standing() == DevnetNode.Standing.UNKNOWN);
    assertThat(nodes.subList(9, 11))
        .extracting(DevnetNode::name, DevnetNode::standing)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("v10", DevnetNode.Standing.PASSIVE),
            org.assertj.core.groups.Tuple.tuple("v11", DevnetNode.Standing.PASSIVE));
    assertThat(nodes.subList(11, 19)).extracting(DevnetNode::name).startsWith("p1").endsWith("p8");
  }

  @Test
  @Tag("R10.2")
  void itsOwnerSignedTheGenesisAndTheRulesFitIt() {
    DevnetPlan plan = plan(DevnetShape.DEFAULT);
    Opening<Genesis> opened =
        GenesisBlock.open(Ed25519.check(Optional.empty()), plan.sealedGenesis());
    assertThat(opened).isInstanceOf(Opening.Good.class);
    Bytes text = Bytes.wrap(plan.rulesText().getBytes(StandardCharsets.UTF_8));
    RunRules rules = ((RulesFile.Reading.Good) RulesFile.read(text)).rules();
    assertThat(rules.rulesHash()).isEqualTo(plan.rulesHash());
    assertThat(rules.activeCount()).isEqualTo(9);
    assertThat(rules.knownCount()).isEqualTo(3);
    assertThat(plan.genesis().getValidatorsList()).hasSize(11);
    assertThat(plan.accounts())
        .extracting(DevnetPlan.Account::balanceGrains)
        .containsOnly(1_000_000_000_000L);
  }

  static List<DevnetShape> impossibleShapes() {
    return List.of(
        new DevnetShape(0, 0, 2, 8, 2000, 60, 1),
        new DevnetShape(11, 3, 2, 8, 2000, 60, 1),
        new DevnetShape(4, 2, 2, 8, 2000, 60, 1),
        new DevnetShape(9, -1, 2, 8, 2000, 60, 1),
        new DevnetShape(9, 3, 17, 8, 2000, 60, 1),
        new DevnetShape(9, 3, 2, 65, 2000, 60, 1),
        new DevnetShape(9, 3, 2, 8, 499, 60, 1),
        new DevnetShape(9, 3, 2, 8, 15_001, 60, 1),
        new DevnetShape(9, 3, 2, 8, 2000, 47, 1),
        new DevnetShape(9, 3, 2, 8, 2000, 21_601, 1));
  }

  @ParameterizedTest
  @MethodSource("impossibleShapes")
  void aShapeOutsideTheRulesIsRefusedBeforeAnythingIsMade(DevnetShape shape) {
    assertThatThrownBy(shape::checked).isInstanceOf(ConfigException.class);
  }

  private static DevnetShape seeded(long seed) {
    return new DevnetShape(9, 3, 2, 8, 2000, 60, seed);
  }

  private static DevnetPlan plan(DevnetShape shape) {
    List<Integer> ports =
        IntStream.range(0, DevnetPlan.nodeCount(shape)).map(i -> 21_000 + i).boxed().toList();
    return DevnetPlan.of(shape, ports, T0);
  }
}
