package org.undchain.core.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.Seeds;
import org.undchain.core.message.ReconSketch;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/** Sketches name exactly what two sets differ in, or say that they do not know. */
@Tag("R4.13")
class SketchTest {
  @Test
  void whatIsFoundIsTheDifferenceWhateverTheSetsAre() {
    Seeds.forEachSeed(
        60,
        random -> {
          Pair pair = Pair.of(random, random.nextInt(0, 600), random.nextInt(0, 40));
          ReconSketch sketch = Sketch.of(pair.salted(random), pair.difference());
          Sketch.Answer answer = Sketch.read(sketch, pair.right);
          if (answer instanceof Sketch.Answer.Unclear) {
            sketch = Sketch.list(pair.saltedWith(sketch));
            answer = Sketch.read(sketch, pair.right);
          }
          assertThat(pair.isFoundBy(sketch, answer)).isTrue();
        });
  }

  @Test
  @Tag("slow")
  void aGoodEstimateDecodesInOneFlight() {
    SplittableRandom random = new SplittableRandom(7);
    int decoded = 0;
    for (int run = 0; run < 400; run++) {
      Pair pair = Pair.of(random, 2000, 1 + run % 100);
      ReconSketch sketch = Sketch.of(pair.salted(random), pair.difference());
      decoded += pair.isFoundBy(sketch, Sketch.read(sketch, pair.right)) ? 1 : 0;
    }
    assertThat(decoded).as("of 400, target 99 %%").isGreaterThanOrEqualTo(396);
  }

  @Test
  void anEstimateThatIsFarTooLowIsUnclearAndNeverWrong() {
    Seeds.forEachSeed(
        40,
        random -> {
          Pair pair = Pair.of(random, 3000, 200);
          assertThat(Sketch.read(Sketch.of(pair.salted(random), 3), pair.right))
              .isInstanceOf(Sketch.Answer.Unclear.class);
        });
  }

  @Test
  void aLargeDifferenceGoesAsAList() {
    SplittableRandom random = new SplittableRandom(3);
    Pair pair = Pair.of(random, 400, 150);
    ReconSketch sketch = Sketch.of(pair.salted(random), pair.difference());
    assertThat(sketch.getSymbols().isEmpty()).isTrue();
    assertThat(sketch.getList().size()).isLessThan(6 * pair.left.size());
    assertThat(pair.isFoundBy(sketch, Sketch.read(sketch, pair.right))).isTrue();
  }

  @Test
  @Tag("case-49")
  void bytesOfTraitorsAreRefusedOrUnclearAndNeverThrow() {
    Seeds.forEachSeed(
        400,
        random -> {
          Pair pair = Pair.of(random, 100, 10);
          ReconSketch honest =
              random.nextBoolean()
                  ? Sketch.of(pair.salted(random), 20)
                  : Sketch.list(pair.salted(random));
          Sketch.Answer answer = Sketch.read(damaged(random, honest), pair.right);
          if (answer instanceof Sketch.Answer.Found found) {
            assertThat(pair.right).containsAll(found.mine());
          }
        });
  }

  @Test
  @Tag("case-49")
  void aSymbolStreamThatNeverEndsIsGivenUp() {
    byte[] one = new byte[13];
    ByteString endless = ByteString.EMPTY;
    for (int i = 0; i < 2000; i++) {
      new SplittableRandom(i).nextBytes(one);
      one[12] = 2;
      endless = endless.concat(ByteString.copyFrom(one));
    }
    ReconSketch crafted =
        ReconSketch.newBuilder()
            .setSalt(Hash.ZERO.toByteString())
            .setCount(5)
            .setBits(64)
            .setSymbols(endless)
            .build();
    assertThat(Sketch.read(crafted, List.of())).isNotInstanceOf(Sketch.Answer.Found.class);
  }

  @Test
  void aListSaysNothingElseThanItsIds() {
    SplittableRandom random = new SplittableRandom(11);
    Pair pair = Pair.of(random, 50, 5);
    ReconSketch list = Sketch.list(pair.salted(random));
    ReconSketch longer = list.toBuilder().setList(list.getList().concat(zeros(1))).build();
    ReconSketch fewer = list.toBuilder().setCount(list.getCount() - 1).build();
    assertThat(Sketch.read(longer, pair.right)).isInstanceOf(Sketch.Answer.Malformed.class);
    assertThat(Sketch.read(fewer, pair.right)).isInstanceOf(Sketch.Answer.Malformed.class);
  }

  private static ByteString zeros(int count) {
    return ByteString.copyFrom(new byte[count]);
  }

  private static ReconSketch damaged(SplittableRandom random, ReconSketch honest) {
    ReconSketch.Builder sketch = honest.toBuilder();
    switch (random.nextInt(5)) {
      case 0 -> sketch.setCount(random.nextInt());
      case 1 -> sketch.setBits(random.nextInt(-2, 70));
      case 2 -> sketch.setSymbols(flipped(random, honest.getSymbols()));
      case 3 -> sketch.setList(flipped(random, honest.getList()));
      default -> sketch.setSalt(zeros(random.nextInt(40)));
    }
    return sketch.build();
  }

  private static ByteString flipped(SplittableRandom random, ByteString bytes) {
    byte[] copy = new byte[random.nextInt(bytes.size() + 3)];
    System.arraycopy(bytes.toByteArray(), 0, copy, 0, Math.min(copy.length, bytes.size()));
    if (copy.length > 0) {
      copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return ByteString.copyFrom(copy);
  }

  /** Two sets that have most ids in common. */
  private record Pair(TreeSet<Hash> left, TreeSet<Hash> right) {
    static Pair of(SplittableRandom random, int common, int different) {
      TreeSet<Hash> left = new TreeSet<>();
      TreeSet<Hash> right = new TreeSet<>();
      for (int i = 0; i < common + different; i++) {
        Hash id = id(random);
        boolean isLeft = random.nextBoolean();
        if (i < common || isLeft) {
          left.add(id);
        }
        if (i < common || !isLeft) {
          right.add(id);
        }
      }
      return new Pair(left, right);
    }

    private static Hash id(SplittableRandom random) {
      byte[] bytes = new byte[Hash.SIZE];
      random.nextBytes(bytes);
      return Hash.wrap(bytes);
    }

    SaltedIds salted(SplittableRandom random) {
      return new SaltedIds(id(random).bytes(), left);
    }

    SaltedIds saltedWith(ReconSketch sketch) {
      return new SaltedIds(Bytes.of(sketch.getSalt()), left);
    }

    long difference() {
      return only(left, right).size() + only(right, left).size();
    }

    boolean isFoundBy(ReconSketch sketch, Sketch.Answer answer) {
      if (!(answer instanceof Sketch.Answer.Found found)) {
        return false;
      }
      SaltedIds names = saltedWith(sketch);
      TreeSet<Hash> theirs = new TreeSet<>();
      found.theirs().forEach(name -> names.id(name, found.bits()).ifPresent(theirs::add));
      return found.theirs().size() == theirs.size()
          && theirs.equals(only(left, right))
          && new TreeSet<>(found.mine()).equals(only(right, left));
    }

    private static TreeSet<Hash> only(TreeSet<Hash> these, TreeSet<Hash> those) {
      TreeSet<Hash> only = new TreeSet<>(new ArrayList<>(these));
      only.removeAll(those);
      return only;
    }
  }
}
