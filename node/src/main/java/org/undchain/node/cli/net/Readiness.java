package org.undchain.node.cli.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.undchain.core.value.Address;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.read.LocalApi;
import org.undchain.node.config.SocketPath;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetNode;
import org.undchain.node.devnet.DevnetPlan;
import org.undchain.node.json.Json;

/**
 * Waits until a network is one: every validator has seen a block that was agreed on since it
 * started, which takes a quorum, and every active one has every partner on its list.
 */
public final class Readiness {
  private static final long POLL_MILLIS = 40;

  private final DevnetFolder folder;
  private final DevnetPlan plan;
  private final Map<String, Long> first = new TreeMap<>();

  /**
   * @param isNew whether the network never ran, so that its first block is the first of all
   */
  public Readiness(DevnetFolder folder, DevnetPlan plan, boolean isNew) {
    this.folder = folder;
    this.plan = plan;
    if (isNew) {
      plan.nodes().forEach(node -> first.put(node.name(), 0L));
    }
  }

  /** Returns as soon as the network is ready. */
  public void await(long timeoutMillis) throws Failure, IOException, InterruptedException {
    long deadline = System.nanoTime() + timeoutMillis * 1_000_000;
    Set<DevnetNode> waiting = new LinkedHashSet<>(plan.nodes());
    waiting.removeIf(DevnetNode::isPartner);
    while (true) {
      List<String> reasons = new ArrayList<>();
      for (DevnetNode node : List.copyOf(waiting)) {
        String reason = missing(node);
        if (reason.isEmpty()) {
          waiting.remove(node);
        } else {
          reasons.add(node.name() + ": " + reason);
        }
      }
      if (waiting.isEmpty()) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw Failure.local(
            5005,
            "NOT_READY",
            "the network is not ready after " + timeoutMillis / 1000 + " s",
            String.join("; ", reasons),
            "look into the logs in " + folder.root());
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** What a validator still lacks; empty if nothing. */
  private String missing(DevnetNode node) throws IOException {
    try {
      LocalApi api = LocalApi.unix(SocketPath.fitting(folder.apiSocket(node.name())));
      long height = api.get("/v1/status").integer("height").orElse(0L);
      long before = first.computeIfAbsent(node.name(), name -> height);
      if (height <= before) {
        return "no block since height " + before;
      }
      return node.isActive() ? missingPartners(api) : "";
    } catch (Failure silent) {
      return String.valueOf(silent.getMessage());
    }
  }

  private String missingPartners(LocalApi api) throws Failure, IOException {
    Set<String> missing = new LinkedHashSet<>();
    for (DevnetNode node : plan.nodes()) {
      if (node.isPartner()) {
        missing.add(Address.of(node.id()));
      }
    }
    for (Json.Obj partner : api.get("/v1/partners").objects("partners")) {
      partner.text("id").ifPresent(missing::remove);
    }
    return missing.isEmpty() ? "" : missing.size() + " partners have not subscribed";
  }
}
