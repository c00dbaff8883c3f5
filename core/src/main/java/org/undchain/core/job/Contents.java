package org.undchain.core.job;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.undchain.core.machine.Load;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.value.Hash;

/**
 * Entries whose content is in hand, by id; kept while a file may need them and a while longer for
 * others: what is in a block until the next one, since who lags behind that asks for whole blocks.
 */
final class Contents {
  /** Blocks from one sweep to the next: a sweep looks at every entry. */
  private static final int SWEEP_BLOCKS = 3;

  private final LinkedHashMap<Hash, OpenedEntry> entries = new LinkedHashMap<>();
  private final Set<Hash> unneeded = new LinkedHashSet<>();
  private List<Hash> inNewestBlock = List.of();
  private int blocks;

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
    unneeded.remove(entry.id());
    return true;
  }

  Load load() {
    return new Load("contents", entries.size(), OpenFiles.IDS_MAX);
  }

  /**
   * After a block: what was in the one before goes, nearly all there is, without a look at the
   * rest.
   */
  void committed(Collection<Hash> ids, Predicate<Hash> isNeeded) {
    for (Hash id : inNewestBlock) {
      if (!isNeeded.test(id)) {
        entries.remove(id);
      }
    }
    inNewestBlock = List.copyOf(ids);
  }

  /**
   * After a block, every few of them: what no open file names and none named at the last sweep
   * goes.
   */
  void sweep(Predicate<Hash> isNeeded) {
    blocks++;
    if (blocks % SWEEP_BLOCKS != 0) {
      return;
    }
    entries.keySet().removeIf(id -> unneeded.contains(id) && !isNeeded.test(id));
    unneeded.clear();
    entries.keySet().stream().filter(isNeeded.negate()).forEach(unneeded::add);
  }
}
