package org.undchain.core.job;

import java.util.LinkedHashMap;
import java.util.Optional;
import org.undchain.core.ledger.UseKey;
import org.undchain.core.machine.Load;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Entries that wait for their block, by account and by what only one entry may use. */
final class Pending {
  private final LinkedHashMap<UseKey, Hash> useKeys = new LinkedHashMap<>();
  private final LinkedHashMap<NodeId, Integer> ofAccount = new LinkedHashMap<>();

  void add(OpenedEntry entry) {
    if (useKeys.put(UseKey.of(entry), entry.id()) == null) {
      ofAccount.merge(entry.signer(), 1, Integer::sum);
    }
  }

  void release(OpenedEntry entry) {
    if (useKeys.remove(UseKey.of(entry), entry.id())) {
      int left = countOf(entry.signer()) - 1;
      if (left > 0) {
        ofAccount.put(entry.signer(), left);
      } else {
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
    return ofAccount.getOrDefault(account, 0);
  }
}
