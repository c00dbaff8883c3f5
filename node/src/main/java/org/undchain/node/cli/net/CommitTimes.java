package org.undchain.node.cli.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long after the cut-off blocks were committed, read from a node's Prometheus text.
 *
 * @param blocks counted since the node started
 * @param halfWithin seconds: the least bound of the histogram below which half of them are
 */
record CommitTimes(long blocks, double halfWithin) {
  private static final Pattern BUCKET =
      Pattern.compile("undchain_commit_seconds_bucket\\{le=\"([0-9.]+|\\+Inf)\"} ([0-9]{1,15}).*");

  private record Bucket(double bound, long count) {}

  /** Empty if the text tells of no block. */
  static Optional<CommitTimes> of(String metrics) {
    List<Bucket> buckets = new ArrayList<>();
    for (String line : metrics.lines().toList()) {
      Matcher matcher = BUCKET.matcher(line);
      if (matcher.matches()) {
        String bound = matcher.group(1);
        buckets.add(
            new Bucket(
                bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound),
                Long.parseLong(matcher.group(2))));
      }
    }
    if (buckets.isEmpty() || buckets.getLast().count == 0) {
      return Optional.empty();
    }
    long all = buckets.getLast().count;
    return buckets.stream()
        .filter(bucket -> 2 * bucket.count >= all)
        .findFirst()
        .map(half -> new CommitTimes(all, half.bound));
  }

  String told() {
    return String.format(
        Locale.ROOT, "half of %d blocks within %.0f ms of the cut-off", blocks, halfWithin * 1000);
  }
}
