package org.undchain.sim;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.codec.Canonical;
import org.undchain.core.consensus.JobFileView;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Header;
import org.undchain.core.message.ReconInsist;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Job files of one height for machines that only vote: sets of ids without contents. */
final class VotingFiles implements JobFileView {
  private final long height;
  private final Hash parent;
  private final TreeSet<Hash> ids;
  private final Map<Hash, Candidate> seen = new TreeMap<>();

  VotingFiles(long height, Hash parent, Collection<Hash> ids) {
    this.height = height;
    this.parent = parent;
    this.ids = new TreeSet<>(ids);
  }

  static Hash valueOf(Header header) {
    return Hashes.sha256(Canonical.encode(header));
  }

  private Candidate file(Collection<Hash> of) {
    RadixTree<Boolean> tree = RadixTree.empty();
    for (Hash id : of) {
      tree = tree.withMember(id, true);
    }
    Header header =
        Header.newBuilder()
            .setVersion(1)
            .setKind(BlockKind.BLOCK_KIND_NORMAL)
            .setHeight(height)
            .setSlot(height - 1)
            .setNextSlot(height)
            .setParentHash(parent.toByteString())
            .setEntriesRoot(tree.root().toByteString())
            .setEntryCount(tree.size())
            .build();
    Candidate candidate = new Candidate(header, tree.keys());
    seen.put(valueOf(header), candidate);
    return candidate;
  }

  @Override
  public Candidate own() {
    return file(ids);
  }

  @Override
  public List<Hash> insisted() {
    return List.copyOf(ids);
  }

  @Override
  public boolean wantsSkip(BlockTime now) {
    return false;
  }

  @Override
  public Validity check(Candidate candidate) {
    seen.put(valueOf(candidate.header()), candidate);
    return candidate.header().getParentHash().equals(parent.toByteString())
        ? new Validity.Valid()
        : new Validity.Invalid("another parent");
  }

  @Override
  public boolean isSkipAllowed(BlockTime now, Header header) {
    return true;
  }

  @Override
  public void close(long nextSlot) {
    throw new IllegalStateException("nobody skips here");
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
    return file(union);
  }

  @Override
  public Optional<Candidate> known(Hash value) {
    return Optional.ofNullable(seen.get(value));
  }
}
