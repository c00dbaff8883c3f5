package org.undchain.core.job;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.undchain.core.ledger.UseKey;
import org.undchain.core.machine.Load;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Entries that wait for their block, by account and by what only one entry may use. */
final class Pending {
  private final LinkedHashMap<UseKey, Hash> useKeys = new LinkedHashMap<>();
  private final LinkedHashMap<NodeId, Set<Hash>> ofAccount = new LinkedHashMap<>();

  void add(OpenedEntry entry) {
    useKeys.put(UseKey.of(entry), entry.id());
    ofAccount.computeIfAbsent(entry.signer(), ignored -> new LinkedHashSet<>()).add(entry.id());
  }

  void release(OpenedEntry entry) {
    useKeys.remove(UseKey.of(entry), entry.id());
    Set<Hash> pending = ofAccount.get(entry.signer());
    if (pending != null) {
      pending.remove(entry.id());
      if (pending.isEmpty()) {
        ofAccount.remove(entry.signer());
      }
    }
  }

  /** Another entry that uses what this one would. */
  Optional<Hash> rivalOf(OpenedEntry entry) {
    return Optional.ofNullable(useKeys.get(UseKey.of(entry)))
        .filter(rival -> !rival.equals(entry.id()));
  }

  Load load() {
    return new Load("entries that wait for their block", useKeys.size(), OpenFiles.IDS_MAX);
  }

  int countOf(NodeId account) {
    Set<Hash> waiting = ofAccount.get(account);
    return waiting == null ? 0 : waiting.size();
  }
}
