package org.undchain.core.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.machine.Load;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.value.Hash;

/**
 * Entries whose content is in hand, by id; kept while a file may need them and a while longer for
 * others.
 */
final class Contents {
  private static final int KEPT_BLOCKS = 3;
  private final TreeMap<Hash, OpenedEntry> entries = new TreeMap<>();
  private final TreeMap<Hash, Integer> expiring = new TreeMap<>();

  Optional<OpenedEntry> get(Hash id) {
    return Optional.ofNullable(entries.get(id));
  }

  boolean has(Hash id) {
    return entries.containsKey(id);
  }

  /** Takes an entry in; false if there is no room. */
  boolean put(OpenedEntry entry) {
    if (entries.size() >= OpenFiles.IDS_MAX && !entries.containsKey(entry.id())) {
      return false;
    }
    entries.putIfAbsent(entry.id(), entry);
    expiring.remove(entry.id());
    return true;
  }

  Load load() {
    return new Load("contents", entries.size(), OpenFiles.IDS_MAX);
  }

  /** After a block: what no open file names goes some blocks later. */
  void sweep(java.util.function.Predicate<Hash> isNeeded) {
    List<Hash> gone = new ArrayList<>();
    for (Hash id : entries.keySet()) {
      if (isNeeded.test(id)) {
        expiring.remove(id);
      } else if (expiring.merge(id, 1, Integer::sum) > KEPT_BLOCKS) {
        gone.add(id);
      }
    }
    gone.forEach(id -> {
      entries.remove(id);
      expiring.remove(id);
    });
  }
}
