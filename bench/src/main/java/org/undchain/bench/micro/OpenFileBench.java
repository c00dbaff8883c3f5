package org.undchain.bench.micro;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.BlockTime;

/**
 * What one more job costs a validator while so many others wait in the open files (target 5): the
 * real files of four validators, without disk and network. A file takes at most 65 536 entries
 * (R4.3), so of more than 60 000 the rest waits in the file of the slot before.
 */
public final class OpenFileBench {
  /** Entries of a round, a quarter of them first-hand at each. */
  private static final int ROUND = 64;

  private static final int ROUNDS = 24;
  private static final int FILE_MAX = 60_000;
  private static final int BATCH = 256;
  private static final int PER_PAYER = 16;
  private static final long SLOT = 1;

  private final MicroChain micro = MicroChain.make(OpenFileBench::roomy);
  private int made;

  /**
   * @param microsPerJob of processor time of one validator, in the best round
   * @param medianMicros of all rounds
   * @param heapPerEntry bytes of one validator
   */
  public record Row(int entries, double microsPerJob, double medianMicros, double heapPerEntry) {
    public static String head() {
      return "entries in the open files   us per job and validator  median  heap bytes per entry";
    }

    public String line() {
      return String.format(
          Locale.ROOT,
          "%25d   %24.2f  %6.2f  %20.0f",
          entries,
          microsPerJob,
          medianMicros,
          heapPerEntry);
    }
  }

  /** The code must be warm: a row that comes first is slower than one that comes later. */
  public void warmUp(int seconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end) {
      measure(2 * BATCH);
    }
  }

  public Row measure(int entries) {
    long before = heap();
    FileNet net = new FileNet(micro, SLOT);
    BlockTime first = micro.chain().calendar().startOf(SLOT).plusMillis(1);
    BlockTime second = micro.chain().calendar().startOf(SLOT + 1).plusMillis(1);
    int last = Math.min(entries, FILE_MAX);
    fill(net, first, entries - last);
    fill(net, second, last);
    MicroChain.require(net.held(SLOT) + net.held(SLOT + 1) == entries);
    double heapPerEntry = Math.max(0, heap() - before) / (double) entries / FileNet.VALIDATORS;
    List<Double> micros = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      List<OpenedEntry> more = entries(ROUND);
      long begin = System.nanoTime();
      net.spread(second, more);
      micros.add((System.nanoTime() - begin) / 1e3 / ROUND / FileNet.VALIDATORS);
    }
    MicroChain.require(net.held(SLOT + 1) == last + ROUNDS * ROUND);
    return new Row(
        entries,
        micros.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
        Timed.median(micros),
        heapPerEntry);
  }

  private void fill(FileNet net, BlockTime now, int entries) {
    for (int i = 0; i < entries; i += BATCH) {
      net.spread(now, entries(Math.min(BATCH, entries - i)));
    }
  }

  /** Of accounts that are new, sixteen each (R4.2). */
  private List<OpenedEntry> entries(int count) {
    List<OpenedEntry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++, made++) {
      entries.add(
          micro.transfer(
              MicroChain.signer("payer" + made / PER_PAYER),
              1 + made % PER_PAYER,
              MicroChain.account("payee")));
    }
    return entries;
  }

  /** As many entries and bytes in a file as rules may allow. */
  private static RunRules roomy(RunRules devnet) {
    return new RunRules(
        devnet.rulesHash(),
        devnet.ownerKey(),
        devnet.devnet(),
        devnet.version(),
        devnet.slotMillis(),
        devnet.periodSlots(),
        devnet.stageMillis(),
        devnet.activeCount(),
        devnet.knownCount(),
        devnet.known(),
        65_536,
        64 << 20,
        devnet.maxEntryBytes(),
        devnet.validitySlots(),
        devnet.recoverBaseMillis(),
        devnet.proposeBaseMillis(),
        devnet.voteBaseMillis(),
        devnet.baseFee(),
        devnet.perByte(),
        devnet.commissionBps(),
        devnet.ownerBps(),
        devnet.passiveBps(),
        devnet.existentialDeposit(),
        devnet.maxPartners(),
        devnet.bidBatchMillis(),
        devnet.offerStreamMillis(),
        devnet.heartbeatMillis(),
        devnet.heartbeatDropMillis(),
        devnet.capacityCooldownMillis(),
        devnet.clientSilenceMillis(),
        devnet.partnerScoreMin());
  }

  /** What is reachable now. */
  private static long heap() {
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
