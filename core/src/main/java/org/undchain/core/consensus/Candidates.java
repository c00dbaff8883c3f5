package org.undchain.core.consensus;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.consensus.JobFileView.Validity;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.message.Header;
import org.undchain.core.value.Hash;

/**
 * The values of one height whose header and ids are known here, and what {@link JobFileView#check}
 * said of them. Validity has no clock in it (R4.16), so yes and no are final; only missing contents
 * are asked again.
 */
final class Candidates {
  private static final Validity VALID = new Validity.Valid();

  private final JobFileView files;
  private final int entriesMax;
  private final TreeMap<Hash, Candidate> known = new TreeMap<>();
  private final TreeMap<Hash, Validity> judged = new TreeMap<>();

  Candidates(JobFileView files, int entriesMax) {
    this.files = files;
    this.entriesMax = entriesMax;
  }

  /** Takes the own file, valid by construction (R4.21). */
  Hash addOwn(Candidate own) {
    Hash value = add(own);
    judged.put(value, VALID);
    return value;
  }

  Hash add(Candidate candidate) {
    Hash value = Certificates.valueOf(candidate.header());
    known.putIfAbsent(value, candidate);
    return value;
  }

  Optional<Candidate> of(Hash value) {
    if (!known.containsKey(value)) {
      files.known(value).ifPresent(this::add);
    }
    return Optional.ofNullable(known.get(value));
  }

  /**
   * Takes header and ids from outside if the ids are exactly those the header commits to: wrong ids
   * beside a right header must not make its value look invalid.
   */
  boolean offer(Header header, List<ByteString> ids) {
    Hash value = Certificates.valueOf(header);
    if (known.containsKey(value)) {
      return true;
    }
    if (ids.size() > entriesMax || ids.size() != header.getEntryCount()) {
      return false;
    }
    List<Hash> parsed = new ArrayList<>(ids.size());
    RadixTree<Boolean> tree = RadixTree.empty();
    for (ByteString id : ids) {
      if (id.size() != Hash.SIZE) {
        return false;
      }
      Hash hash = Hash.of(id);
      if (!parsed.isEmpty() && parsed.getLast().compareTo(hash) >= 0) {
        return false;
      }
      parsed.add(hash);
      tree = tree.withMember(hash, true);
    }
    if (!tree.root().toByteString().equals(header.getEntriesRoot())) {
      return false;
    }
    add(new Candidate(header, parsed));
    return true;
  }

  /** Whether a known value is valid; an answer "missing" stays until {@link #askAgain}. */
  Validity judge(Hash value, Candidate candidate) {
    return judged.computeIfAbsent(value, unjudged -> files.check(candidate));
  }

  /** New contents came: what was missing some is judged anew. */
  void askAgain() {
    judged.values().removeIf(validity -> validity instanceof Validity.Missing);
  }

  void retain(Set<Hash> inUse) {
    known.keySet().retainAll(inUse);
    judged.keySet().retainAll(inUse);
  }

  TreeSet<Hash> values() {
    return new TreeSet<>(known.keySet());
  }
}
