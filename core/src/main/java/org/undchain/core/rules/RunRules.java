package org.undchain.core.rules;

import java.util.List;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The parameters of section 21 that the chain owner sets. {@code rulesHash} = SHA-256 of the rules
 * file as it is; the file itself is read at the edge. All times in milliseconds, all windows in
 * slots, money in grains.
 *
 * @param rulesHash hash of the signed file bytes
 * @param devnet short slots and periods allowed; shown in every Hello
 * @param slotMillis length of a slot, 2000–15000 (devnet from 500)
 * @param periodSlots slots of a pay period, 240–21600 (devnet from 48)
 * @param stageMillis D of section 4.3, 50–2000
 * @param activeCount n, 4–10 (devnet from 1)
 * @param knownCount K ≤ min(⌊0.44n⌋, 2q−n−1) (R10.2)
 * @param maxEntries entries of a file, shared out as first-hand quota (R4.3)
 * @param maxBytes body bytes of a file
 * @param maxEntryBytes body bytes of an entry
 * @param validitySlots longest validTo − validFrom (R4.14d)
 */
public record RunRules(
    Hash rulesHash,
    NodeId ownerKey,
    boolean devnet,
    int version,
    long slotMillis,
    long periodSlots,
    long stageMillis,
    int activeCount,
    int knownCount,
    List<NodeId> known,
    int maxEntries,
    int maxBytes,
    int maxEntryBytes,
    int validitySlots,
    long recoverBaseMillis,
    long proposeBaseMillis,
    long voteBaseMillis,
    long baseFee,
    long perByte,
    int commissionBps,
    int ownerBps,
    int passiveBps,
    long existentialDeposit,
    int maxPartners,
    long bidBatchMillis,
    long offerStreamMillis,
    long heartbeatMillis,
    long heartbeatDropMillis,
    long capacityCooldownMillis,
    long clientSilenceMillis,
    int partnerScoreMin) {

  public RunRules {
    known = List.copyOf(known);
    within("slotMillis", slotMillis, devnet ? 500 : 2000, 15_000);
    within("periodSlots", periodSlots, devnet ? 48 : 240, 21_600);
    within("stageMillis", stageMillis, 50, 2000);
    within("activeCount", activeCount, devnet ? 1 : 4, 10);
    within("knownCount", knownCount, 0, knownMax(activeCount));
    within("maxEntries", maxEntries, 10L * activeCount, 65_536);
    within("maxBytes", maxBytes, 65_536, 64 << 20);
    within("maxEntryBytes", maxEntryBytes, 1024, 8192);
    within("validitySlots", validitySlots, 4, 64);
    within("baseFee", baseFee, 1, 1L << 40);
    within("perByte", perByte, 1, 1L << 30);
    within("commissionBps", commissionBps, 0, 1000);
    within("ownerBps", ownerBps, 0, 2500);
    within("passiveBps", passiveBps, 0, 4000);
    within("maxPartners", maxPartners, 1, 64);
  }

  /**
   * The rules of a devnet (section 21): slots of 2 s, pay periods of 60 slots, everything else as
   * on a real chain as far as it does not depend on hours.
   */
  public static RunRules devnet(
      Hash rulesHash, NodeId ownerKey, int activeCount, List<NodeId> known) {
    return new RunRules(
        rulesHash,
        ownerKey,
        true,
        1,
        2000,
        60,
        100,
        activeCount,
        known.size(),
        known,
        8192,
        4 << 20,
        8192,
        16,
        300,
        1000,
        400,
        1000,
        4,
        300,
        1000,
        2000,
        10_000,
        16,
        300,
        30_000,
        5000,
        15_000,
        5000,
        10_000,
        22_200);
  }

  /** These rules with other slots and periods, for tests and for {@code devnet --slot --period}. */
  public RunRules withCalendar(long slot, long period) {
    return new RunRules(
        rulesHash,
        ownerKey,
        devnet,
        version,
        slot,
        period,
        stageMillis,
        activeCount,
        knownCount,
        known,
        maxEntries,
        maxBytes,
        maxEntryBytes,
        validitySlots,
        recoverBaseMillis,
        proposeBaseMillis,
        voteBaseMillis,
        baseFee,
        perByte,
        commissionBps,
        ownerBps,
        passiveBps,
        existentialDeposit,
        maxPartners,
        bidBatchMillis,
        offerStreamMillis,
        heartbeatMillis,
        heartbeatDropMillis,
        capacityCooldownMillis,
        clientSilenceMillis,
        partnerScoreMin);
  }

  /** f = ⌊(n−1)/3⌋; 0 for n ≤ 3. */
  public static int faulty(int n) {
    return (n - 1) / 3;
  }

  /** q = n − f. */
  public static int quorum(int n) {
    return n - faulty(n);
  }

  /** R10.2: most known validators of n; for n ≤ 3 (BOOTSTRAP) all may be known. */
  public static int knownMax(int n) {
    if (n <= 3) {
      return n;
    }
    return Math.min(44 * n / 100, 2 * quorum(n) - n - 1);
  }

  /** Stamps a client holds before it stops sending (section 4.2). */
  public static int confirmStamps(int n) {
    return Math.min(n, Math.max(3, faulty(n) + 1));
  }

  /** Fee of an entry of this body length; feeCap is the fee of the longest (R4.14f). */
  public long fee(int bodyBytes) {
    return Math.addExact(baseFee, Math.multiplyExact(perByte, bodyBytes));
  }

  public long feeCap() {
    return fee(maxEntryBytes);
  }

  /**
   * Session escrow of one seat: one START, one COMPLETE of the client, two of the partner (R4.14f).
   */
  public long sessionEscrow() {
    return Math.multiplyExact(4, fee(SESSION_ENTRY_MAX));
  }

  /** Longest START and COMPLETE body (R4.14f). */
  public static final int SESSION_ENTRY_MAX = 2048;

  /** First-hand quota Q of one lane and slot (R4.3). */
  public int quotaEntries() {
    return maxEntries / activeCount;
  }

  public int quotaBytes() {
    return maxBytes / activeCount;
  }

  private static void within(String name, long value, long low, long high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          name + " is " + value + ", allowed are " + low + " to " + high);
    }
  }
}
