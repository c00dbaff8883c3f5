package org.undchain.bench.peers;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What one load of a peer came to.
 *
 * @param unanswered commands that the closed loop kept
 * @param seconds that count
 * @param micros from the hand-over to the answer, of each command that was committed
 * @param failed commands that were not, at any time
 */
public record PeerRow(Peer peer, int unanswered, double seconds, Histogram micros, long failed) {

  public double committedPerSecond() {
    return micros.getTotalCount() / seconds;
  }

  public static String head() {
    return "peer        unanswered  committed/s    p50      p99 ms  failed";
  }

  public String line() {
    return String.format(
        Locale.ROOT,
        "%-11s %10d  %11.0f  %7.1f  %7.1f  %6d",
        peer.label(),
        unanswered,
        committedPerSecond(),
        millis(50),
        millis(99),
        failed);
  }

  public String json() {
    return String.format(
        Locale.ROOT,
        "{\"peer\":\"%s\",\"unanswered\":%d,\"seconds\":%.1f,\"committed\":%d,"
            + "\"committedPerSecond\":%.1f,\"p50Ms\":%.2f,\"p99Ms\":%.2f,\"failed\":%d}",
        peer.label(),
        unanswered,
        seconds,
        micros.getTotalCount(),
        committedPerSecond(),
        millis(50),
        millis(99),
        failed);
  }

  private double millis(double percentile) {
    return micros.getValueAtPercentile(percentile) / 1000.0;
  }
}
