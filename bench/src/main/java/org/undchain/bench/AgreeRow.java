package org.undchain.bench;

import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.undchain.core.message.RejectCode;

/**
 * What one load came to.
 *
 * @param seconds of the row
 * @param cpuSeconds of the whole process, clients included
 * @param collectorSeconds of the garbage collector
 * @param groups of records made durable by all validators, one forced write each
 */
record AgreeRow(
    String load,
    int validators,
    int batch,
    double seconds,
    Tally.Reading entries,
    CommitWatch.Reading blocks,
    double cpuSeconds,
    double collectorSeconds,
    long loopbackBytes,
    long groups,
    int cores,
    SignatureSpeed signatures) {

  long committed() {
    return entries.commit().getTotalCount();
  }

  double committedPerSecond() {
    return committed() / seconds;
  }

  /** Of the whole process, so the clients are in it. */
  double cpuMillisPerJob() {
    return cpuSeconds * 1000 / Math.max(1, committed()) / validators;
  }

  /** Most that signatures allow; see {@link SignatureSpeed#bound}. */
  double bound() {
    double perBlock = (double) committed() / Math.max(1, blocks.blocks());
    return signatures.bound(cores, validators, batch, perBlock);
  }

  static String head() {
    return "load              jobs/s  J/bound  promise p50 p99 ms  commit p50 p99 ms  cut-off p50 p99"
        + " ms  cpu ms/job/validator  forced writes/block  bytes/job  gc %  early %  rounds>0  refused";
  }

  String line() {
    long committed = Math.max(1, committed());
    return String.format(
        Locale.ROOT,
        "%-16s %7.0f  %7.3f  %11.1f %6.1f  %10.0f %6.0f  %11d %4d     %20.3f  %19.1f  %9d  %4.1f"
            + "  %7.0f  %8d  %s%s",
        load,
        committedPerSecond(),
        committedPerSecond() / bound(),
        millis(entries.promise(), 50),
        millis(entries.promise(), 99),
        millis(entries.commit(), 50),
        millis(entries.commit(), 99),
        blocks.afterCutoff().getValueAtPercentile(50),
        blocks.afterCutoff().getValueAtPercentile(99),
        cpuMillisPerJob(),
        (double) groups / Math.max(1, blocks.blocks()),
        loopbackBytes / committed,
        100 * collectorSeconds / seconds,
        100 * blocks.earlyShare(),
        blocks.laterRounds(),
        refusals(entries.refused()),
        entries.brokenPromises() > 0 ? "  BROKEN PROMISES " + entries.brokenPromises() : "");
  }

  String json() {
    return String.format(
        Locale.ROOT,
        "{\"load\":\"%s\",\"validators\":%d,\"batch\":%d,\"seconds\":%.1f,\"offered\":%d,"
            + "\"committed\":%d,\"committedPerSecond\":%.1f,\"bound\":%.1f,\"efficiency\":%.4f,"
            + "\"promiseP50Ms\":%.2f,\"promiseP99Ms\":%.2f,\"commitP50Ms\":%.1f,\"commitP99Ms\":%.1f,"
            + "\"cutoffP50Ms\":%d,\"cutoffP99Ms\":%d,\"cpuSeconds\":%.2f,\"collectorSeconds\":%.3f,"
            + "\"loopbackBytes\":%d,\"forcedWrites\":%d,\"blocks\":%d,\"laterRounds\":%d,\"earlyShare\":%.3f,\"longestGapMs\":%d,"
            + "\"lost\":%d,\"brokenPromises\":%d,\"checkMicros\":%.2f,\"signMicros\":%.2f}",
        load,
        validators,
        batch,
        seconds,
        entries.offered(),
        committed(),
        committedPerSecond(),
        bound(),
        committedPerSecond() / bound(),
        millis(entries.promise(), 50),
        millis(entries.promise(), 99),
        millis(entries.commit(), 50),
        millis(entries.commit(), 99),
        blocks.afterCutoff().getValueAtPercentile(50),
        blocks.afterCutoff().getValueAtPercentile(99),
        cpuSeconds,
        collectorSeconds,
        loopbackBytes,
        groups,
        blocks.blocks(),
        blocks.laterRounds(),
        blocks.earlyShare(),
        blocks.longestGapMillis(),
        entries.lost(),
        entries.brokenPromises(),
        signatures.checkNanos() / 1000,
        signatures.signNanos() / 1000);
  }

  static String refusals(Map<RejectCode, Long> refused) {
    StringBuilder text = new StringBuilder();
    refused.forEach((code, count) ->
        text.append(text.isEmpty() ? "" : " ").append(name(code)).append(' ').append(count));
    return text.isEmpty() ? "-" : text.toString();
  }

  /** Without a reason are those that nobody could be asked for: all had too much to answer. */
  private static String name(RejectCode code) {
    return code == RejectCode.REJECT_CODE_UNSPECIFIED
        ? "NOT_HANDED_IN"
        : code.name().substring("REJECT_CODE_".length());
  }

  private static double millis(Histogram micros, double percentile) {
    return micros.getValueAtPercentile(percentile) / 1000.0;
  }
}
