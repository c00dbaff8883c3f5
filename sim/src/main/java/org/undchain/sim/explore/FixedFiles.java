package org.undchain.sim.explore;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.undchain.core.consensus.JobFileView;
import org.undchain.core.message.Header;
import org.undchain.core.message.ReconInsist;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** The frozen job file of one validator; every value but the invalid one is valid and in hand. */
record FixedFiles(Values values, Kind kind) implements JobFileView {

  /**
   * What a validator holds before the vote.
   *
   * @param own the value of its own file
   * @param insists whether it insists on the entries of that file, or holds them without a promise
   */
  record Kind(int own, boolean insists) {
    @Override
    public String toString() {
      return (insists ? "insists on " : "holds ") + Values.name(own);
    }
  }

  @Override
  public Candidate own() {
    return values.candidate(kind.own());
  }

  @Override
  public List<Hash> insisted() {
    return kind.insists() ? own().ids() : List.of();
  }

  @Override
  public boolean wantsSkip(BlockTime now) {
    return false;
  }

  @Override
  public Validity check(Candidate candidate) {
    return candidate.header().getSlot() == Values.SLOT
        ? new Validity.Valid()
        : new Validity.Invalid("another slot");
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
    insisted().forEach(id -> insist.addIds(id.toByteString()));
    return insist.build();
  }

  @Override
  public Candidate union(BlockTime now, List<NodeId> senders, List<ReconInsist> insists) {
    TreeSet<Hash> union = new TreeSet<>(own().ids());
    insists.forEach(insist -> insist.getIdsList().forEach(id -> union.add(Hash.of(id))));
    return Values.file(Values.SLOT, union);
  }

  @Override
  public Optional<Candidate> known(Hash value) {
    return IntStream.rangeClosed(0, values.invalid())
        .filter(i -> values.hash(i).equals(value))
        .mapToObj(values::candidate)
        .findFirst();
  }
}
