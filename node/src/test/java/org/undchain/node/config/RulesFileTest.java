package org.undchain.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

final class RulesFileTest {
  private static final List<NodeId> KEYS = List.of(key(1), key(2), key(3), key(4), key(5));

  @Test
  @Tag("R10.2")
  void whatIsWrittenIsReadWithTheHashOfItsBytes() {
    String text =
        RulesFile.text(true, KEYS.get(0), KEYS.subList(1, 4), Map.of("time.slot_ms", 1500L));
    RunRules rules = good(text);
    assertThat(rules.rulesHash()).isEqualTo(Hashes.sha256(bytes(text)));
    assertThat(rules.ownerKey()).isEqualTo(KEYS.get(0));
    assertThat(rules.knownCount()).isEqualTo(3);
    assertThat(rules.slotMillis()).isEqualTo(1500);
    assertThat(rules.devnet()).isTrue();
  }

  @Test
  @Tag("R10.2")
  void moreKnownValidatorsThanTheCapAreRefused() {
    String text =
        RulesFile.text(true, KEYS.get(0), KEYS.subList(1, 5), Map.of("validators.active", 7L));
    assertThat(problems(text))
        .singleElement()
        .satisfies(p -> {
          assertThat(p.what()).contains("names 4, the limit is " + RunRules.knownMax(7));
          assertThat(p.line()).isGreaterThan(1);
        });
  }

  @Test
  void everyProblemIsToldAtOnceWithItsPlace() {
    String text =
        "schema = 1\ndevnet = true\n[chain]\nowner = \"und1nobody\"\n[time]\nslot_ms = \"fast\"\nslots = 3\n";
    List<Problem> problems = problems(text);
    assertThat(problems).extracting(Problem::line).contains(4, 6, 7);
    assertThat(problems).allSatisfy(p -> assertThat(p.column()).isPositive());
  }

  @Test
  void aValueInThePlaceOfASectionIsToldOnce() {
    String text =
        RulesFile.text(true, KEYS.get(0), KEYS.subList(1, 4), Map.of())
                .lines()
                .findFirst()
                .orElseThrow()
            + "\nfiles = true\ntime = [1]\n";
    assertThat(problems(text))
        .filteredOn(problem -> problem.what().contains("is not a section"))
        .extracting(problem -> problem.line() + ": " + problem.what())
        .containsExactlyInAnyOrder("2: files is not a section", "3: time is not a section");
  }

  @Test
  void aFileThatIsNoTomlIsRefusedAtTheLetterThatIsWrong() {
    assertThat(problems("schema = 1\ndevnet = = true\n"))
        .first()
        .satisfies(p -> assertThat(p.line()).isEqualTo(2));
  }

  @Test
  void aFileThatIsTooLongOrNoTextIsRefused() {
    assertThat(RulesFile.read(Bytes.wrap(new byte[RulesFile.BYTES_MAX + 1])))
        .isInstanceOf(RulesFile.Reading.Bad.class);
    assertThat(RulesFile.read(Bytes.wrap(new byte[] {(byte) 0xff})))
        .isInstanceOf(RulesFile.Reading.Bad.class);
    assertThat(RulesFile.read(bytes("a = " + "[".repeat(30_000))))
        .isInstanceOf(RulesFile.Reading.Bad.class);
  }

  @Test
  void damagedFilesAreReadOrRefusedButNeverThrow() {
    byte[] whole =
        bytes(RulesFile.text(true, KEYS.get(0), KEYS.subList(1, 4), Map.of())).unsafeArray();
    long seed = 20_260_101;
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      byte[] damaged = whole.clone();
      for (int i = 0; i < 1 + random.nextInt(3); i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(128);
      }
      assertThat(RulesFile.read(Bytes.wrap(damaged)))
          .as("seed %d round %d", seed, round)
          .isNotNull();
    }
  }

  private static RunRules good(String text) {
    return ((RulesFile.Reading.Good) RulesFile.read(bytes(text))).rules();
  }

  private static List<Problem> problems(String text) {
    return ((RulesFile.Reading.Bad) RulesFile.read(bytes(text))).problems();
  }

  private static Bytes bytes(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static NodeId key(int n) {
    byte[] seed = new byte[32];
    seed[0] = (byte) n;
    return Ed25519.signer(Bytes.wrap(seed), java.util.Optional.empty()).id();
  }
}
