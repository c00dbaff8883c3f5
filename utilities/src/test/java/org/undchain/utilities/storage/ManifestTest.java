package org.undchain.utilities.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** A manifest opens with its key alone, and an object id has one text. */
final class ManifestTest {
  private static final Bytes KEY = random(1, 32);
  private static final Bytes OTHER = random(2, 32);

  @Test
  void aManifestComesBackFromItsSealedBytes() {
    for (int count = 4; count <= 16; count++) {
      Manifest manifest = manifest(count);
      Bytes sealed = manifest.sealed(KEY);
      assertThat(sealed.size()).isEqualTo(Manifest.sealedBytes(count));
      assertThat(Manifest.opened(sealed, KEY)).contains(manifest);
      assertThat(Manifest.opened(sealed, OTHER)).isEmpty();
    }
  }

  @Test
  void noFlippedBitAndNoShorterOrLongerManifestOpens() {
    Bytes sealed = manifest(8).sealed(KEY);
    for (int bit = 0; bit < sealed.size() * 8; bit += 3) {
      byte[] flipped = sealed.toByteArray();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(Manifest.opened(Bytes.wrap(flipped), KEY)).as("bit %d", bit).isEmpty();
    }
    for (int length = 0; length < sealed.size(); length++) {
      assertThat(Manifest.opened(sealed.slice(0, length), KEY)).isEmpty();
    }
    assertThat(Manifest.opened(Bytes.wrap(new byte[5000]), KEY)).isEmpty();
  }

  @Test
  void whatIsSealedProperlyButMalformedIsRefused() {
    Random random = new Random(5);
    for (int run = 0; run < 2000; run++) {
      byte[] plain = new byte[random.nextInt(200)];
      random.nextBytes(plain);
      if (plain.length > 2) {
        plain[0] = 1;
        plain[1] = (byte) random.nextInt(3);
        plain[2] = (byte) ((plain.length - 43) / 65);
      }
      Bytes sealed =
          Bytes.wrap(
              new SegmentCipher(KEY)
                  .seal(0, plain, plain.length, plain.length + SegmentCipher.SEAL_BYTES));
      Manifest.opened(sealed, KEY)
          .ifPresent(opened -> assertThat(opened.sealed(KEY)).isEqualTo(sealed));
    }
  }

  @Test
  void anObjectIdHasOneText() {
    ObjectId id = new ObjectId(new Hash(random(3, 32)), KEY);
    String text = id.text();
    assertThat(text).startsWith("und:").hasSize(4 + 103);
    assertThat(ObjectId.parse(text)).contains(id);
    for (String wrong :
        List.of(
            "",
            "und:",
            text.toUpperCase(java.util.Locale.ROOT),
            text + "a",
            text.substring(0, 106),
            text.replace("und:", "unt:"),
            text.substring(0, 50) + "1" + text.substring(51),
            text.substring(0, 50) + "ä" + text.substring(51))) {
      assertThat(ObjectId.parse(wrong)).as(wrong).isEmpty();
    }
  }

  @Test
  void spareBitsOfTheLastLetterMustBeZero() {
    ObjectId id = new ObjectId(Hash.ZERO, Bytes.wrap(new byte[32]));
    String text = id.text();
    assertThat(ObjectId.parse(text.substring(0, 106) + "b")).isEmpty();
    assertThat(ObjectId.parse(text.substring(0, 106) + "i")).isPresent();
  }

  @Test
  void noSecretStandsInALog() {
    String key = KEY.hex().substring(0, 10);
    assertThat(manifest(8).toString()).doesNotContain(key);
    assertThat(new ObjectId(Hash.ZERO, KEY).toString()).doesNotContain(key).hasSizeLessThan(30);
  }

  private static Manifest manifest(int count) {
    List<Manifest.Shard> shards = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      shards.add(
          new Manifest.Shard(i, new NodeId(random(100 + i, 32)), new Hash(random(200 + i, 32))));
    }
    return new Manifest(new ObjectLayout(1_000_003, 4), OTHER, shards);
  }

  private static Bytes random(long seed, int size) {
    byte[] data = new byte[size];
    new Random(seed).nextBytes(data);
    return Bytes.wrap(data);
  }
}
