package org.undchain.core.payout;

import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.ledger.State;
import org.undchain.core.ledger.Table;
import org.undchain.core.message.Header;
import org.undchain.core.message.JobRow;
import org.undchain.core.message.ListProof;
import org.undchain.core.message.PayoutFile;
import org.undchain.core.message.ProofFile;
import org.undchain.core.message.RadixPaths;
import org.undchain.core.message.SeenLeaf;
import org.undchain.core.message.SetCert;
import org.undchain.core.message.SignedHeader;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * Writes portable proofs (R12.4): first the path, while the state is at hand, later what anchors
 * it.
 */
public final class ProofFiles {
  static final int VERSION = 1;
  static final String ENTRY = "entry";
  static final String JOB = "job";

  private ProofFiles() {}

  /**
   * Path of an entry's result in the state that the next header names; {@code nextHeight} is that
   * header's. The rest is added by {@link #anchored}.
   */
  public static ProofFile ofEntry(State state, Hash entryId, long nextHeight) {
    SeenLeaf leaf =
        state
            .seen(entryId)
            .orElseThrow(() -> new IllegalArgumentException("no result of " + entryId));
    return ProofFile.newBuilder()
        .setVersion(VERSION)
        .setWhat(ENTRY)
        .setKey(entryId.toByteString())
        .setValue(Canonical.encode(leaf).toByteString())
        .setRadix(RadixPaths.encode(state.prove(Table.SEEN, entryId.bytes())))
        .setHead(SignedHeader.newBuilder().setHeader(Header.newBuilder().setHeight(nextHeight)))
        .build();
  }

  /** Path of a job's row in the payout file. */
  public static Optional<ProofFile> ofJob(PayoutFile file, Hash jobId, SignedHeader payoutHead) {
    List<Bytes> rows = PayoutRoot.rows(file.getJobsList());
    for (int index = 0; index < rows.size(); index++) {
      JobRow row = file.getJobs(index);
      if (row.getJobId().equals(jobId.toByteString())) {
        ListProof.Builder path = ListProof.newBuilder().setIndex(index).setCount(rows.size());
        MerkleList.path(rows, index).forEach(hash -> path.addPath(hash.toByteString()));
        ProofFile.Builder proof =
            ProofFile.newBuilder()
                .setVersion(VERSION)
                .setWhat(JOB)
                .setKey(jobId.toByteString())
                .setValue(rows.get(index).toByteString())
                .setRow(path)
                .setHead(payoutHead);
        PayoutRoot.sectionRoots(file).forEach(root -> proof.addSectionRoots(root.toByteString()));
        return Optional.of(proof.build());
      }
    }
    return Optional.empty();
  }

  /** Adds the certified header and the chain of set certificates that leads from genesis to it. */
  public static ProofFile anchored(
      ProofFile proof, SignedHeader head, List<SetCert> sets, List<SignedHeader> boundaries) {
    return proof.toBuilder()
        .setHead(head)
        .clearSets()
        .addAllSets(sets)
        .clearBoundaries()
        .addAllBoundaries(boundaries)
        .build();
  }
}
