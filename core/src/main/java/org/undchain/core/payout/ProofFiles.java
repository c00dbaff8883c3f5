package org.undchain.core.payout;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.message.Header;
import org.undchain.core.message.JobRow;
import org.undchain.core.message.ListProof;
import org.undchain.core.message.PayoutFile;
import org.undchain.core.message.ProofFile;
import org.undchain.core.message.RadixPaths;
import org.undchain.core.message.SetCert;
import org.undchain.core.message.SignedHeader;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * Writes portable proofs (R12.4): first the path, of what was kept while the state was at hand,
 * later what anchors it.
 */
public final class ProofFiles {
  static final int VERSION = 1;
  static final String ENTRY = "entry";
  static final String JOB = "job";

  private ProofFiles() {}

  /**
   * Path of an entry's result in the state that the next header names; the rest is added by {@link
   * #anchored}.
   *
   * @param result canonical leaf
   * @param nextHeight of that header
   */
  static ProofFile ofEntry(Hash entryId, ByteString result, RadixTree.Proof path, long nextHeight) {
    return ProofFile.newBuilder()
        .setVersion(VERSION)
        .setWhat(ENTRY)
        .setKey(entryId.toByteString())
        .setValue(result)
        .setRadix(RadixPaths.encode(path))
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
