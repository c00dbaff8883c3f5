package org.undchain.sim.explore;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.undchain.core.codec.Canonical;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Header;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * The job files that a vote can be about, numbered: A is empty, B holds the entry J, C another one.
 * One more, behind the last number, is invalid whoever checks it.
 */
final class Values {
  static final int NIL = -1;
  static final int WITH_J = 1;
  static final long HEIGHT = 1;
  static final long SLOT = 0;
  private static final List<String> ENTRIES = List.of("J", "K", "L");

  private final List<Candidate> candidates = new ArrayList<>();
  private final List<Hash> hashes = new ArrayList<>();

  /**
   * @param count 2 to 4 valid values
   */
  Values(int count) {
    for (int i = 0; i < count; i++) {
      add(file(SLOT, i == 0 ? List.of() : List.of(entry(ENTRIES.get(i - 1)))));
    }
    add(file(SLOT + 7, List.of()));
  }

  private void add(Candidate candidate) {
    candidates.add(candidate);
    hashes.add(Hashes.sha256(Canonical.encode(candidate.header())));
  }

  /** How many are valid. */
  int count() {
    return candidates.size() - 1;
  }

  int invalid() {
    return candidates.size() - 1;
  }

  Candidate candidate(int value) {
    return candidates.get(value);
  }

  Hash hash(int value) {
    return value == NIL ? Hash.ZERO : hashes.get(value);
  }

  /** The number of a value; {@link #NIL} for nil and for what is none of these. */
  int of(Hash hash) {
    return hashes.indexOf(hash);
  }

  static String name(int value) {
    return value == NIL ? "nil" : String.valueOf((char) ('A' + value));
  }

  static Hash entry(String name) {
    return Hashes.tagged("entry", Bytes.of(name.getBytes(StandardCharsets.UTF_8)));
  }

  /** A file with these ids. */
  static Candidate file(long slot, Iterable<Hash> ids) {
    RadixTree<Boolean> tree = RadixTree.empty();
    TreeSet<Hash> sorted = new TreeSet<>();
    ids.forEach(sorted::add);
    for (Hash id : sorted) {
      tree = tree.withMember(id, true);
    }
    Header header =
        Header.newBuilder()
            .setVersion(1)
            .setKind(BlockKind.BLOCK_KIND_NORMAL)
            .setHeight(HEIGHT)
            .setSlot(slot)
            .setNextSlot(slot + 1)
            .setEntriesRoot(tree.root().toByteString())
            .setEntryCount(tree.size())
            .build();
    return new Candidate(header, tree.keys());
  }
}
