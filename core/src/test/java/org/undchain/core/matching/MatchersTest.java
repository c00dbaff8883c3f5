package org.undchain.core.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.Seeds;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.SetCert;
import org.undchain.core.message.SetMember;
import org.undchain.core.message.ValidatorClass;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

@Tag("R6.3")
final class MatchersTest {
  @Test
  void theyAreTheLowestDrawsAndMoreThanCanBeByzantine() {
    Seeds.forEachSeed(
        300,
        random -> {
          ValidatorSet set = set(random, 1 + random.nextInt(10), 0);
          Hash beacon = hash(random);
          Hash job = hash(random);

          List<NodeId> matchers = Matchers.of(beacon, job, set);

          List<NodeId> byDraw = new ArrayList<>(set.ids());
          byDraw.sort(
              Comparator.comparing(
                  id -> Hashes.tagged("match", beacon.bytes(), job.bytes(), id.bytes())));
          assertThat(matchers)
              .hasSize(set.faulty() + 1)
              .isEqualTo(byDraw.subList(0, set.faulty() + 1));
        });
  }

  @Test
  void oneOfThemIsUnknownWhereBothClassesExist() {
    Seeds.forEachSeed(
        300,
        random -> {
          int n = 2 + random.nextInt(9);
          int known = 1 + random.nextInt(n - 1);
          ValidatorSet set = set(random, n, known);

          List<NodeId> matchers = Matchers.of(hash(random), hash(random), set);

          assertThat(matchers).doesNotHaveDuplicates().hasSize(set.faulty() + 1);
          assertThat(matchers).anyMatch(id -> !set.member(set.indexOf(id)).isKnown());
        });
  }

  @Test
  void aSetOfKnownValidatorsAloneStillHasMatchers() {
    ValidatorSet set = set(new SplittableRandom(1), 3, 3);
    assertThat(Matchers.of(Hash.ZERO, Hash.ZERO, set)).hasSize(1);
  }

  private static ValidatorSet set(SplittableRandom random, int n, int known) {
    List<SetMember> members = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      members.add(
          SetMember.newBuilder()
              .setId(hash(random).toByteString())
              .setConsensusKey(hash(random).toByteString())
              .setBeatTip(hash(random).toByteString())
              .setValidatorClass(
                  i < known
                      ? ValidatorClass.VALIDATOR_CLASS_KNOWN
                      : ValidatorClass.VALIDATOR_CLASS_UNKNOWN)
              .build());
    }
    members.sort(Comparator.comparing(member -> Bytes.of(member.getId())));
    return ValidatorSet.of(SetCert.newBuilder().addAllMembers(members).build()).orElseThrow();
  }

  private static Hash hash(SplittableRandom random) {
    byte[] bytes = new byte[Hash.SIZE];
    random.nextBytes(bytes);
    return Hash.wrap(bytes);
  }
}
