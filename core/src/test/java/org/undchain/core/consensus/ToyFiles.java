package org.undchain.core.consensus;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Header;
import org.undchain.core.message.ReconInsist;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Job files of a toy: entries are names, an entry is eligible unless its id was banned, a content
 * is in hand unless it was hidden.
 */
final class ToyFiles implements JobFileView {
  static final long SLOT = 40;

  final TreeSet<Hash> ids = new TreeSet<>();
  final TreeSet<Hash> banned = new TreeSet<>();
  final TreeSet<Hash> hidden = new TreeSet<>();
  final List<Long> closed = new ArrayList<>();
  boolean wantsSkip;
  boolean isSkipAllowed = true;
  long unionNextSlot = SLOT + 1;

  static Hash entry(String name) {
    return Hashes.tagged("entry", Bytes.of(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  static Candidate file(long nextSlot, Collection<Hash> ids) {
    RadixTree<Boolean> tree = RadixTree.empty();
    for (Hash id : ids) {
      tree = tree.withMember(id, true);
    }
    Header header =
        Header.newBuilder()
            .setVersion(1)
            .setKind(BlockKind.BLOCK_KIND_NORMAL)
            .setHeight(Committee.HEIGHT)
            .setSlot(SLOT)
            .setNextSlot(nextSlot)
            .setEntriesRoot(tree.root().toByteString())
            .setEntryCount(tree.size())
            .build();
    return new Candidate(header, tree.keys());
  }

  static Candidate file(String... names) {
    return file(SLOT + 1, List.of(names).stream().map(ToyFiles::entry).toList());
  }

  ToyFiles with(String... names) {
    for (String name : names) {
      ids.add(entry(name));
    }
    return this;
  }

  @Override
  public Candidate own() {
    return file(SLOT + 1, ids);
  }

  @Override
  public List<Hash> insisted() {
    return List.copyOf(ids);
  }

  @Override
  public boolean wantsSkip(BlockTime now) {
    return wantsSkip;
  }

  @Override
  public Validity check(Candidate candidate) {
    if (candidate.header().getSlot() != SLOT
        || candidate.header().getHeight() != Committee.HEIGHT) {
      return new Validity.Invalid("slot or height");
    }
    if (candidate.ids().stream().anyMatch(banned::contains)) {
      return new Validity.Invalid("entry not eligible");
    }
    List<Hash> missing = candidate.ids().stream().filter(hidden::contains).toList();
    return missing.isEmpty() ? new Validity.Valid() : new Validity.Missing(missing);
  }

  @Override
  public boolean isSkipAllowed(BlockTime now, Header header) {
    return header.getNextSlot() == SLOT + 1 || isSkipAllowed;
  }

  @Override
  public void close(long nextSlot) {
    closed.add(nextSlot);
  }

  @Override
  public ReconInsist insist(int round) {
    ReconInsist.Builder insist = ReconInsist.newBuilder();
    ids.forEach(id -> insist.addIds(id.toByteString()));
    return insist.build();
  }

  @Override
  public Candidate union(BlockTime now, List<NodeId> senders, List<ReconInsist> insists) {
    TreeSet<Hash> union = new TreeSet<>(ids);
    insists.forEach(insist -> insist.getIdsList().forEach(id -> union.add(Hash.of(id))));
    union.removeAll(banned);
    hidden.removeAll(union); // an INSIST brings the contents
    return file(unionNextSlot, union);
  }

  @Override
  public Optional<Candidate> known(Hash value) {
    return Certificates.valueOf(own().header()).equals(value)
        ? Optional.of(own())
        : Optional.empty();
  }
}
