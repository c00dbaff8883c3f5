package org.undchain.core.matching;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.machine.Load;
import org.undchain.core.message.MatchLeaf;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * What this validator did for the jobs it matched, by the beat in which it was done (R6.8). The
 * root of a beat goes into the next BEAT, so nothing can be added or left out later.
 */
final class MatchRecords {
  /** Beats kept: a period and the one before it at the default rules. */
  static final int BEATS_MAX = 480;

  /** Most bytes kept; the oldest beats give way. */
  static final long BYTES_MAX = 64L << 20;

  private final TreeMap<Long, TreeMap<Hash, Bytes>> byBeat = new TreeMap<>();
  private long bytes;

  /** Adds the record of a job to a beat; one of the same job and beat is replaced. */
  void add(long beat, MatchLeaf leaf) {
    Bytes encoded = Canonical.encode(leaf);
    Bytes before =
        byBeat
            .computeIfAbsent(beat, ignored -> new TreeMap<>())
            .put(Hash.of(leaf.getJobId()), encoded);
    bytes += encoded.size() - (before == null ? 0 : before.size());
    while (byBeat.size() > 1 && (byBeat.size() > BEATS_MAX || bytes > BYTES_MAX)) {
      byBeat.pollFirstEntry().getValue().values().forEach(gone -> bytes -= gone.size());
    }
  }

  Load load() {
    return new Load("beats with match records", byBeat.size(), BEATS_MAX);
  }

  /** Root over the leaves of a beat, ascending by job; empty if there was no job. */
  Optional<Hash> root(long beat) {
    return Optional.ofNullable(byBeat.get(beat))
        .map(leaves -> MerkleList.root(List.copyOf(leaves.values())));
  }
}
