package org.undchain.utilities.storage;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.undchain.core.value.Hash;

/** The trees of the shards that were read last, so that reading piece by piece stays cheap. */
final class TreeCache {
  private static final int TREES_MAX = 16;

  private final Map<Hash, ShardTree> trees =
      new LinkedHashMap<>(TREES_MAX, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash, ShardTree> eldest) {
          return size() > TREES_MAX;
        }
      };

  synchronized Optional<ShardTree> get(Hash root) {
    return Optional.ofNullable(trees.get(root));
  }

  synchronized void put(ShardTree tree) {
    trees.put(tree.root(), tree);
  }

  synchronized void forget(Hash root) {
    trees.remove(root);
  }
}
