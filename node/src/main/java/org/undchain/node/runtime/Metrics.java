package org.undchain.node.runtime;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.undchain.core.message.RejectCode;

/**
 * The numbers of one node, those that all roles have and those that its own adds, in Prometheus'
 * text format, base units, prefix {@code undchain_}.
 */
public final class Metrics implements NodeMeter {
  private static final double[] PERSIST_BOUNDS = {
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1
  };
  private static final String CODE_PREFIX = "REJECT_CODE_";

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Gauge peers = gauge("undchain_peers", "Peers that said Hello");
  private final Gauge inbox = gauge("undchain_inbox_depth", "Events that wait for the machine");
  private final Counter slow =
      Counter.builder()
          .name("undchain_slow_peers_dropped_total")
          .help("Connections dropped because the peer did not read")
          .register(registry);
  private final Counter rejects =
      Counter.builder()
          .name("undchain_rejects_total")
          .help("Refusals sent at the door, by code")
          .labelNames("code")
          .register(registry);
  private final Counter records =
      Counter.builder()
          .name("undchain_records_persisted_total")
          .help("Log records made durable")
          .register(registry);
  private final Histogram persist =
      histogram("undchain_persist_seconds", "Time to make a group durable", PERSIST_BOUNDS);

  @Override
  public void rejected(RejectCode why) {
    String code = why.name();
    rejects
        .labelValues(
            (code.startsWith(CODE_PREFIX) ? code.substring(CODE_PREFIX.length()) : code)
                .toLowerCase(Locale.ROOT))
        .inc();
  }

  @Override
  public void droppedSlow() {
    slow.inc();
  }

  @Override
  public void peers(int count) {
    peers.set(count);
  }

  @Override
  public void inboxDepth(int waiting) {
    inbox.set(waiting);
  }

  @Override
  public void persisted(int count, long nanos) {
    records.inc(count);
    persist.observe(nanos / (double) TimeUnit.SECONDS.toNanos(1));
  }

  /** Where roles add their own numbers. */
  public PrometheusRegistry registry() {
    return registry;
  }

  /** All of them, as {@code GET /metrics} answers. */
  public String text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(out, registry.scrape());
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  public Gauge gauge(String name, String help) {
    return Gauge.builder().name(name).help(help).register(registry);
  }

  /**
   * @param bounds upper ones of its buckets, in seconds
   */
  public Histogram histogram(String name, String help, double... bounds) {
    return Histogram.builder()
        .name(name)
        .help(help)
        .unit(Unit.SECONDS)
        .classicOnly()
        .classicUpperBounds(bounds)
        .register(registry);
  }
}
