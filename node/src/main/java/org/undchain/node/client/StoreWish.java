package org.undchain.node.client;

import java.util.Optional;
import java.util.OptionalLong;
import org.undchain.utilities.storage.ErasureCode;
import org.undchain.utilities.storage.ObjectWriter;

/**
 * What the user of {@code store} asks for.
 *
 * @param shards K of N, if the user chose
 * @param maxPriceGrains for all partners together
 */
public record StoreWish(Optional<Shards> shards, OptionalLong maxPriceGrains, Until until) {
  /** How long the command stays. */
  public enum Until {
    /** All receipts are signed by both sides. */
    COMMITTED,
    /** All completions are on chain. */
    COMPLETE,
    /** The payout paid the partners. */
    PAID
  }

  /** Any {@code needed} of {@code total} shards restore the object. */
  public record Shards(int needed, int total) {}

  /** More partners than this make a large network, with wider objects. */
  private static final int LARGE = 24;

  private static final Shards USUAL = new Shards(4, 8);
  private static final Shards WIDE = new Shards(10, 16);

  /** Grains for a MiB that nobody who named no limit pays more than: 0.004 UND. */
  static final long UNIT_PRICE_MAX = 4_000_000;

  private static final int SPARES = 2;

  /** Bytes of a unit: storage is paid by the MiB. */
  static final long UNIT_BYTES = 1L << 20;

  /**
   * What the job asks of the network.
   *
   * @param seats partners that may be hired, spares included
   * @param units MiB of one seat at most
   * @param maxPerSeat grains of one seat at most
   * @param isShrunk whether fewer shards are made than were asked for
   */
  record Plan(int needed, int total, int seats, long units, long maxPerSeat, boolean isShrunk) {}

  /**
   * @param partners that are known
   */
  Plan plan(long objectBytes, int partners) throws ClientException {
    Shards wish = shards.orElse(partners >= LARGE ? WIDE : USUAL);
    int total = Math.min(wish.total(), Math.max(partners, wish.needed() + 1));
    if (partners <= wish.needed()) {
      throw new ClientException(
          ClientException.Kind.UNREACHABLE,
          "TOO_FEW_PARTNERS",
          partners + " partners are known, " + (wish.needed() + 1) + " are needed",
          "an object for " + wish.needed() + " shards has at least one shard more",
          "undchain partners",
          "--shards 1/2");
    }
    int seats =
        Math.max(total, Math.min(ErasureCode.SHARDS_MAX, Math.min(partners, total + SPARES)));
    long bytes = ObjectWriter.bytesPerPartner(objectBytes, wish.needed(), total);
    long units = Math.ceilDiv(bytes, UNIT_BYTES) + 1; // one more for a piece that has to come twice
    long maxPerSeat =
        maxPriceGrains.isPresent()
            ? maxPriceGrains.getAsLong() / seats
            : Math.multiplyExact(units, UNIT_PRICE_MAX);
    return new Plan(wish.needed(), total, seats, units, maxPerSeat, total < wish.total());
  }
}
