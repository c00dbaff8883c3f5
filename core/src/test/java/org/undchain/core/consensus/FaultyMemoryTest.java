package org.undchain.core.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.crypto.Signer;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/** A bit that flips in memory or in the processor while a vote is signed: nothing leaves. */
class FaultyMemoryTest {
  private static final int BITS = 64;
  private final Committee four = new Committee(4);

  @Test
  @Tag("case-85")
  void aVoteWhoseSignatureIsDamagedIsNeitherWrittenNorSent() {
    for (int bit = 0; bit < BITS * 8; bit += 37) {
      int place = bit;
      assertStops(signer(message -> message, sig -> flipped(sig, place)));
    }
  }

  @Test
  @Tag("case-85")
  void aVoteOverDamagedBytesIsNeitherWrittenNorSent() {
    for (int bit = 0; bit < BITS * 8; bit += 37) {
      int place = bit;
      assertStops(signer(message -> flipped(message, place), sig -> sig));
    }
  }

  private void assertStops(Signer faulty) {
    Agreement.Terms sound = four.terms(0);
    Agreement.Terms terms =
        new Agreement.Terms(
            sound.chain(),
            sound.signatures(),
            sound.set(),
            sound.self(),
            faulty,
            sound.rules(),
            sound.epoch(),
            sound.period(),
            sound.height(),
            sound.slot(),
            sound.kind(),
            sound.mute());
    Bench bench = new Bench(four, terms, 0, new ToyFiles().with("a"));
    assertThatThrownBy(bench::started)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("faulty");
    assertThat(bench.envelopes()).isEmpty();
    assertThat(bench.log).isEmpty();
  }

  private Signer signer(UnaryOperator<Bytes> before, UnaryOperator<Bytes> after) {
    Signer sound = ToyKeys.signer(four.set.member(0).consensusKey());
    return new Signer() {
      @Override
      public NodeId id() {
        return sound.id();
      }

      @Override
      public Bytes sign(Bytes message) {
        return after.apply(sound.sign(before.apply(message)));
      }
    };
  }

  private static Bytes flipped(Bytes bytes, int bit) {
    byte[] raw = bytes.toByteArray();
    raw[bit / 8] ^= (byte) (1 << bit % 8);
    return Bytes.wrap(raw);
  }
}
