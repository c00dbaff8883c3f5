package org.undchain.node.validator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.message.SetCert;
import org.undchain.core.message.SetMember;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.config.ConfigException;

@Tag("R10.9")
class DiskValidatorKeysTest {
  private static final long BEATS = 4;

  @TempDir private Path folder;

  /**
   * A validator that starts between the last slot of a period and its PAYOUT announces nothing in
   * that period, and has to sign for the next one in the very event that ends it.
   */
  @Test
  void whoStartsAtTheEndOfAPeriodHasTheKeyThatTheNextSetNames() throws Exception {
    DiskValidatorKeys.create(folder);
    NodeId announced = load().consensusKeyOf(1);
    NodeId muchLater = load().consensusKeyOf(9);
    assertThat(load().consensus(announced)).map(signer -> signer.id()).contains(announced);
    assertThat(load().consensus(muchLater)).map(signer -> signer.id()).contains(muchLater);
  }

  @Test
  void aKeyOfAPaidPeriodIsGoneAndAStrangersKeyWasNeverThere() throws Exception {
    DiskValidatorKeys.create(folder);
    DiskValidatorKeys keys = load();
    NodeId paid = keys.consensusKeyOf(0);
    keys.keepFor(set(keys, 1, keys.consensusKeyOf(1)));
    assertThat(keys.consensus(paid)).isEmpty();
    assertThat(load().consensus(paid)).isEmpty();
    assertThat(keys.consensus(keys.identity().id())).isEmpty();
  }

  /** Anything between the two parts was passed over, so another line was taken for the ratchet. */
  @Test
  void aRatchetThatDiffersByAByteFromHowItIsWrittenIsDamage() throws Exception {
    DiskValidatorKeys.create(folder);
    Path file = folder.resolve("ratchet");
    String written = Files.readString(file);
    String seed = written.substring(2);
    List<String> damaged =
        List.of(
            "",
            "0",
            "0\n",
            seed,
            "-1 " + seed,
            "00 " + seed,
            "0  " + seed,
            "0 1 " + seed,
            "0 x " + seed,
            written.strip(),
            written + "\n",
            written.toUpperCase(Locale.ROOT),
            "0 " + seed.substring(1),
            "99999999999999999999 " + seed,
            "٣ " + seed);
    for (String text : damaged) {
      Files.writeString(file, text);
      assertThatThrownBy(this::load)
          .as(text)
          .isInstanceOfSatisfying(
              ConfigException.class, refused -> assertThat(refused.code()).isEqualTo(1330));
    }
    Files.writeString(file, written);
    assertThat(load().consensusKeyOf(0)).isNotNull();
  }

  @Test
  void whoAnnouncedNothingKeepsWhatTheNextSetStillNames() throws Exception {
    DiskValidatorKeys.create(folder);
    DiskValidatorKeys keys = load();
    NodeId old = keys.consensusKeyOf(0);
    Hash tip = keys.beatChainOf(0).tip();
    keys.keepFor(set(keys, 1, old));
    keys.keepFor(set(keys, 2, old));
    assertThat(keys.consensus(old)).isPresent();
    assertThat(load().consensus(old)).isPresent();
    assertThat(load().beats(tip)).isPresent();

    keys.keepFor(set(keys, 3, keys.consensusKeyOf(3))); // announced again
    assertThat(keys.consensus(old)).isEmpty();
    assertThat(load().consensus(old)).isEmpty();
    assertThat(load().beats(tip)).isEmpty();
  }

  private static SetCert set(DiskValidatorKeys keys, long period, NodeId consensusKey) {
    return SetCert.newBuilder()
        .setPeriod(period)
        .addMembers(
            SetMember.newBuilder()
                .setId(keys.identity().id().toByteString())
                .setConsensusKey(consensusKey.toByteString()))
        .build();
  }

  private DiskValidatorKeys load() throws Exception {
    return DiskValidatorKeys.load(folder, seed -> Ed25519.signer(seed, Optional.empty()), BEATS);
  }
}
