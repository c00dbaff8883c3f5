package org.undchain.core.reconciliation;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.undchain.core.message.ReconSketch;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * What one validator says of the ids it holds so that another finds the difference in one flight:
 * the blend of R4.13. Coded symbols while few are missing, else the whole list; both are right,
 * they only cost differently.
 */
public final class Sketch {
  private static final int SALT_SIZE = 32;
  private static final int SYMBOL_BYTES = 8 + 4;

  /** Of a symbol on the wire: what is fixed, and most often one byte of its count. */
  private static final int SYMBOL_BYTES_USUAL = SYMBOL_BYTES + 1;

  private Sketch() {}

  /** What a sketch shows. */
  public sealed interface Answer {
    /**
     * @param theirs short ids that only the sender has, of {@code bits} bits
     * @param mine ids that only the receiver has
     */
    record Found(List<Long> theirs, int bits, List<Hash> mine) implements Answer {
      public Found {
        theirs = List.copyOf(theirs);
        mine = List.copyOf(mine);
      }
    }

    /** The symbols are too few, or crafted: ask for the list. */
    record Unclear() implements Answer {}

    /** No honest sender made this. */
    record Malformed() implements Answer {}
  }

  /**
   * A sketch of a set.
   *
   * @param estimate how many ids the two sets differ in at most, as far as the sender knows
   */
  public static ReconSketch of(SaltedIds ids, long estimate) {
    long symbols = symbolsFor(estimate);
    long listBytes = (long) ids.size() * (CompressedIds.REMAINDER_BITS + 2) / Byte.SIZE;
    boolean isShorter =
        symbols * SYMBOL_BYTES_USUAL < listBytes && symbols <= CodedSymbols.SYMBOLS_MAX;
    return isShorter ? symbols(ids, (int) symbols) : list(ids);
  }

  /** The whole list, which needs no estimate. */
  public static ReconSketch list(SaltedIds ids) {
    int bits = CompressedIds.bitsFor(ids.size());
    return head(ids, bits)
        .setList(Bytes.wrap(CompressedIds.encode(ids.cutTo(bits), bits)).toByteString())
        .build();
  }

  private static ReconSketch symbols(SaltedIds ids, int count) {
    CodedSymbols coded = CodedSymbols.of(ids.shortIds(), count);
    ByteArrayOutputStream out = new ByteArrayOutputStream(count * (SYMBOL_BYTES + 2));
    for (int symbol = 0; symbol < count; symbol++) {
      ByteBuffer fixed = ByteBuffer.allocate(SYMBOL_BYTES);
      fixed.putLong(coded.sum(symbol)).putInt(coded.check(symbol));
      out.writeBytes(fixed.array());
      writeVarint(out, zigzag(coded.count(symbol) - expected(ids.size(), symbol)));
    }
    return head(ids, Long.SIZE).setSymbols(Bytes.wrap(out.toByteArray()).toByteString()).build();
  }

  private static ReconSketch.Builder head(SaltedIds ids, int bits) {
    return ReconSketch.newBuilder()
        .setSalt(ids.salt().toByteString())
        .setCount(ids.size())
        .setBits(bits);
  }

  /**
   * Symbols that decode this difference in more than 99 of 100 cases: measured by bench reconcile.
   */
  private static long symbolsFor(long estimate) {
    return Math.ceilDiv(136 * estimate, 100L) + 4 * root(estimate) + 16;
  }

  /** What a sketch from outside says about the own ids. */
  public static Answer read(ReconSketch sketch, Collection<Hash> own) {
    boolean hasBoth = !sketch.getSymbols().isEmpty() && !sketch.getList().isEmpty();
    if (hasBoth
        || sketch.getSalt().size() != SALT_SIZE
        || sketch.getCount() < 0
        || sketch.getCount() > CompressedIds.IDS_MAX) {
      return new Answer.Malformed();
    }
    SaltedIds mine = new SaltedIds(Bytes.of(sketch.getSalt()), own);
    return sketch.getSymbols().isEmpty() ? readList(sketch, mine) : readSymbols(sketch, mine);
  }

  private static Answer readSymbols(ReconSketch sketch, SaltedIds mine) {
    Optional<CodedSymbols> theirs =
        sketch.getBits() == Long.SIZE ? parse(sketch) : Optional.empty();
    if (theirs.isEmpty()) {
      return new Answer.Malformed();
    }
    Optional<CodedSymbols.Difference> difference = theirs.get().minus(mine.shortIds());
    if (difference.isEmpty()) {
      return new Answer.Unclear();
    }
    List<Hash> onlyMine = new ArrayList<>();
    for (long shortId : difference.get().onlyRight()) {
      Optional<Hash> id = mine.id(shortId, Long.SIZE);
      if (id.isEmpty()) {
        return new Answer.Unclear();
      }
      onlyMine.add(id.get());
    }
    return new Answer.Found(boxed(difference.get().onlyLeft()), Long.SIZE, onlyMine);
  }

  private static Optional<CodedSymbols> parse(ReconSketch sketch) {
    ByteBuffer in = sketch.getSymbols().asReadOnlyByteBuffer();
    int room = Math.min(in.remaining() / (SYMBOL_BYTES + 1), CodedSymbols.SYMBOLS_MAX);
    long[] sums = new long[room];
    int[] checks = new int[room];
    int[] counts = new int[room];
    int symbols = 0;
    while (in.remaining() > SYMBOL_BYTES && symbols < room) {
      sums[symbols] = in.getLong();
      checks[symbols] = in.getInt();
      long shown = unzigzag(readVarint(in)) + expected(sketch.getCount(), symbols);
      if (shown < 0 || shown > sketch.getCount()) {
        return Optional.empty();
      }
      counts[symbols++] = (int) shown;
    }
    return in.hasRemaining()
        ? Optional.empty()
        : Optional.of(
            new CodedSymbols(
                Arrays.copyOf(sums, symbols),
                Arrays.copyOf(checks, symbols),
                Arrays.copyOf(counts, symbols)));
  }

  private static Answer readList(ReconSketch sketch, SaltedIds mine) {
    int bits = sketch.getBits();
    Optional<long[]> list =
        CompressedIds.decode(sketch.getList().toByteArray(), sketch.getCount(), bits);
    if (list.isEmpty()) {
      return new Answer.Malformed();
    }
    long[] own = mine.cutTo(bits);
    List<Long> theirs = new ArrayList<>();
    List<Hash> onlyMine = new ArrayList<>();
    int left = 0;
    int right = 0;
    while (left < list.get().length || right < own.length) {
      int order =
          left == list.get().length
              ? 1
              : right == own.length ? -1 : Long.compareUnsigned(list.get()[left], own[right]);
      if (order < 0) {
        theirs.add(list.get()[left++]);
      } else if (order > 0) {
        mine.id(own[right++], bits).ifPresent(onlyMine::add);
      } else {
        left++;
        right++;
      }
    }
    return new Answer.Found(theirs, bits, onlyMine);
  }

  private static List<Long> boxed(long[] values) {
    List<Long> list = new ArrayList<>(values.length);
    for (long value : values) {
      list.add(value);
    }
    return list;
  }

  /** How many of {@code count} elements symbol i has on average. */
  private static long expected(long count, int symbol) {
    return 2 * count / (2 + symbol);
  }

  private static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  private static long unzigzag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }

  private static void writeVarint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while (rest > 0x7f) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  /** Reads at most five bytes; a longer or cut one gives a number no honest sender writes. */
  private static long readVarint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 35 && in.hasRemaining(); shift += 7) {
      byte part = in.get();
      value |= (part & 0x7fL) << shift;
      if (part >= 0) {
        return value;
      }
    }
    return Integer.MAX_VALUE * 4L;
  }

  /** The least number whose square is not below {@code value}. */
  private static long root(long value) {
    long root = 0;
    while (root * root < value) {
      root++;
    }
    return root;
  }
}
