package org.undchain.node.partner;

import io.prometheus.metrics.core.metrics.Counter;
import java.util.Locale;
import org.undchain.node.runtime.Metrics;
import org.undchain.utilities.storage.StorageReason;

/** What a partner counts at its shard door. Called by any thread. */
final class PartnerMetrics {
  private final Counter taken;
  private final Counter served;
  private final Counter refused;

  /**
   * @param node the numbers of the node that these go with
   */
  PartnerMetrics(Metrics node) {
    this.taken =
        Counter.builder()
            .name("undchain_shard_bytes_taken_total")
            .help("Bytes of shards that came and are on disk")
            .register(node.registry());
    this.served =
        Counter.builder()
            .name("undchain_shard_bytes_served_total")
            .help("Bytes of shards that went out")
            .register(node.registry());
    this.refused =
        Counter.builder()
            .name("undchain_shard_refusals_total")
            .help("Calls at the shard door that were refused, by reason")
            .labelNames("reason")
            .register(node.registry());
  }

  /** Bytes of a shard came and are on disk. */
  void taken(int bytes) {
    taken.inc(bytes);
  }

  /** Bytes of a shard went out. */
  void served(int bytes) {
    served.inc(bytes);
  }

  /** A call ended with this reason. */
  void refused(StorageReason reason) {
    refused.labelValues(reason.name().toLowerCase(Locale.ROOT)).inc();
  }
}
