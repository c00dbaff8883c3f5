package org.undchain.utilities.storage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.undchain.core.value.NodeId;

/** The partners that were skipped, each with its gravest reason: a lasting one before a passing. */
final class SkippedPartners {
  private final Map<NodeId, Skipped> partners = new LinkedHashMap<>();
  private final StorageProgress progress;

  SkippedPartners(StorageProgress progress) {
    this.progress = progress;
  }

  void add(Skipped skipped) {
    synchronized (partners) {
      Skipped before = partners.get(skipped.partner());
      if (before != null && (!before.reason().isPassing() || skipped.reason().isPassing())) {
        return;
      }
      partners.put(skipped.partner(), skipped);
    }
    progress.skipped(skipped);
  }

  List<Skipped> list() {
    synchronized (partners) {
      return new ArrayList<>(partners.values());
    }
  }
}
