package org.undchain.core.payout;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.consensus.Certificates;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.ledger.Table;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Cert;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Genesis;
import org.undchain.core.message.Header;
import org.undchain.core.message.JobRow;
import org.undchain.core.message.ListProof;
import org.undchain.core.message.ProofFile;
import org.undchain.core.message.RadixProof;
import org.undchain.core.message.SeenLeaf;
import org.undchain.core.message.SetCert;
import org.undchain.core.message.SignedHeader;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Checks a portable proof with nothing but the genesis (R12.4). Trust goes hand over hand: the
 * genesis names the first validators; each set signs, in the PAYOUT header that ends its period,
 * the hash of the next one (R10.9); the set of the last period signs a header; that header names
 * the root under which the leaf lies.
 *
 * <p>Every bit of the file is under one of these hashes or signatures or has one value only, so no
 * bit of it can change unnoticed. Bytes from anywhere make it answer, never throw.
 */
public final class ProofCheck {
  /** Longest proof that is looked at: about 20 000 periods. */
  public static final int BYTES_MAX = 64 << 20;

  private static final int RADIX_DEPTH_MAX = 256;
  private static final int LIST_DEPTH_MAX = 32;

  private final SignatureCheck check;
  private final Genesis genesis;
  private final ChainContext chain;

  /** The first thing that did not hold. */
  public enum Reason {
    /** Longer than {@link #BYTES_MAX}. */
    TOO_LONG,
    /** Not the canonical form of a proof (R0.3). */
    MALFORMED,
    /** A version or kind of proof that this program does not know. */
    UNKNOWN_KIND,
    /** Parts are missing, or there are parts that proofs of this kind do not have. */
    WRONG_PARTS,
    /** A header of another chain. */
    WRONG_CHAIN,
    /** The first validators are not those of the genesis. */
    GENESIS_SET,
    /** A set does not follow from the one before it. */
    SET_LINK,
    /** A header that ends a period lacks the signatures of that period's quorum. */
    BOUNDARY_CERTIFICATE,
    /** The last header lacks the signatures of its period's quorum. */
    HEAD_CERTIFICATE,
    /** The value is not of the entry or job that the proof names. */
    VALUE,
    /** The path does not lead from the value to the root that the last header names. */
    PATH
  }

  /** What a check led to. */
  public sealed interface Outcome {
    /**
     * @param what {@code entry} or {@code job}
     * @param key id of the entry or job
     * @param head the signed header that names the root
     * @param signers validators that signed it, ascending
     */
    record Proven(String what, Hash key, Bytes value, Header head, List<NodeId> signers)
        implements Outcome {
      public Proven {
        signers = List.copyOf(signers);
      }
    }

    record Failed(Reason reason, String detail) implements Outcome {}
  }

  private ProofCheck(SignatureCheck check, Genesis genesis) {
    this.check = check;
    this.genesis = genesis;
    this.chain = GenesisBlock.context(genesis);
  }

  /** Judges the bytes of a proof file. */
  public static Outcome check(SignatureCheck check, Genesis genesis, Bytes file) {
    if (file.size() > BYTES_MAX) {
      return failed(Reason.TOO_LONG, "a proof has at most " + BYTES_MAX + " bytes");
    }
    return Canonical.decode(ProofFile.parser(), file)
        .map(proof -> new ProofCheck(check, genesis).judge(proof))
        .orElseGet(() -> failed(Reason.MALFORMED, "the bytes are no proof in canonical form"));
  }

  private Outcome judge(ProofFile proof) {
    Optional<Outcome> wrong =
        form(proof).or(() -> firstSet(proof)).or(() -> links(proof)).or(() -> head(proof));
    if (wrong.isPresent()) {
      return wrong.get();
    }
    wrong = proof.getWhat().equals(ProofFiles.ENTRY) ? entry(proof) : job(proof);
    return wrong.orElseGet(() -> proven(proof));
  }

  private static Outcome failed(Reason reason, String detail) {
    return new Outcome.Failed(reason, detail);
  }

  private static Optional<Outcome> unless(boolean holds, Reason reason, String detail) {
    return holds ? Optional.empty() : Optional.of(failed(reason, detail));
  }

  private static Optional<Outcome> form(ProofFile proof) {
    boolean isEntry = proof.getWhat().equals(ProofFiles.ENTRY);
    boolean isJob = proof.getWhat().equals(ProofFiles.JOB);
    if (proof.getVersion() != ProofFiles.VERSION || !(isEntry || isJob)) {
      return Optional.of(
          failed(
              Reason.UNKNOWN_KIND,
              "version " + proof.getVersion() + ", kind \"" + proof.getWhat() + '"'));
    }
    boolean hasParts =
        proof.hasRadix() == isEntry
            && proof.hasRow() == isJob
            && (proof.getSectionRootsCount() == PayoutRoot.SECTIONS) == isJob
            && (proof.getSectionRootsCount() == 0) == isEntry
            && areHashes(proof.getSectionRootsList())
            && proof.getKey().size() == Hash.SIZE
            && proof.hasHead()
            && proof.getSetsCount() == proof.getBoundariesCount() + 1;
    return unless(hasParts, Reason.WRONG_PARTS, "a proof of kind " + proof.getWhat());
  }

  /**
   * The genesis names the members of set 0. Its other fields follow from the rules, which the
   * genesis names by their hash only; they are under the hash that the first header carries.
   */
  private Optional<Outcome> firstSet(ProofFile proof) {
    SetCert set = proof.getSets(0);
    SetCert.Builder expected =
        GenesisBlock.firstMembers(genesis).toBuilder()
            .setKnownMax(set.getKnownMax())
            .setRulesHash(genesis.getRulesHash());
    return unless(
        set.equals(expected.build()) && ValidatorSet.of(set).isPresent(),
        Reason.GENESIS_SET,
        "the validators of period 0 are not those of this genesis");
  }

  /** Each boundary: a PAYOUT header of its period, signed by its set, that names the next set. */
  private Optional<Outcome> links(ProofFile proof) {
    for (int period = 0; period < proof.getBoundariesCount(); period++) {
      SignedHeader boundary = proof.getBoundaries(period);
      Header header = boundary.getHeader();
      SetCert next = proof.getSets(period + 1);
      Optional<Outcome> wrong =
          signed(boundary, proof.getSets(period), period, Reason.BOUNDARY_CERTIFICATE);
      if (wrong.isPresent()) {
        return wrong;
      }
      boolean isLink =
          header.getKind() == BlockKind.BLOCK_KIND_PAYOUT
              && header.getNextSetHash().equals(hash(next))
              && next.getPeriod() == period + 1
              && next.getPrevSetHash().equals(hash(proof.getSets(period)))
              && ValidatorSet.of(next).isPresent();
      if (!isLink) {
        return Optional.of(
            failed(Reason.SET_LINK, "the set of period " + (period + 1) + " is not the one named"));
      }
    }
    return Optional.empty();
  }

  private Optional<Outcome> head(ProofFile proof) {
    int period = proof.getSetsCount() - 1;
    return signed(proof.getHead(), proof.getSets(period), period, Reason.HEAD_CERTIFICATE);
  }

  private Optional<Outcome> signed(SignedHeader signed, SetCert set, long period, Reason reason) {
    Header header = signed.getHeader();
    Cert qc = signed.getQc();
    if (!header.getChainId().equals(chain.chainId().toByteString())) {
      return Optional.of(
          failed(Reason.WRONG_CHAIN, "block " + header.getHeight() + " is of another chain"));
    }
    boolean isSigned =
        header.getPeriod() == period
            && header.getSetHash().equals(hash(set))
            && qc.getHeight() == header.getHeight()
            && qc.getSlot() == header.getSlot()
            && ValidatorSet.of(set)
                .filter(members ->
                    Certificates.isCommit(chain, check, members, qc, Certificates.valueOf(header)))
                .isPresent();
    return unless(
        isSigned,
        reason,
        "no quorum of period " + period + " signed the header of block " + header.getHeight());
  }

  // --- the leaf
  // -----------------------------------------------------------------------------------

  private static Optional<Outcome> entry(ProofFile proof) {
    Bytes value = Bytes.of(proof.getValue());
    boolean isOfKey =
        Canonical.decode(SeenLeaf.parser(), value)
            .filter(leaf -> leaf.getId().equals(proof.getKey()))
            .isPresent();
    if (!isOfKey) {
      return Optional.of(failed(Reason.VALUE, "the value is no result of the entry"));
    }
    Hash place = Table.SEEN.key(Bytes.of(proof.getKey()));
    boolean isThere =
        hash(proof.getHead().getHeader().getPrevStateRoot())
            .flatMap(root ->
                radix(proof.getRadix())
                    .filter(path -> path.showsMember(root, place, Hashes.sha256(value))))
            .isPresent();
    return unless(isThere, Reason.PATH, "the result is not in the state that the header names");
  }

  private static Optional<Outcome> job(ProofFile proof) {
    Bytes value = Bytes.of(proof.getValue());
    boolean isOfKey =
        Canonical.decode(JobRow.parser(), value)
            .filter(row -> row.getJobId().equals(proof.getKey()))
            .isPresent();
    if (!isOfKey) {
      return Optional.of(failed(Reason.VALUE, "the value is no row of the job"));
    }
    List<Hash> roots = proof.getSectionRootsList().stream().map(Hash::of).toList();
    ListProof row = proof.getRow();
    boolean isInSection =
        row.getPathCount() <= LIST_DEPTH_MAX
            && areHashes(row.getPathList())
            && MerkleList.verify(
                roots.get(PayoutRoot.JOBS_SECTION),
                value,
                row.getIndex(),
                row.getCount(),
                row.getPathList().stream().map(Hash::of).toList());
    Header header = proof.getHead().getHeader();
    boolean isInFile =
        header.getKind() == BlockKind.BLOCK_KIND_PAYOUT
            && header.getPayoutRoot().equals(PayoutRoot.ofSections(roots).toByteString());
    return unless(
        isInSection && isInFile, Reason.PATH, "the row is not in the file that the header names");
  }

  private static Optional<RadixTree.Proof> radix(RadixProof proof) {
    boolean isMembership =
        proof.getSiblingsCount() <= RADIX_DEPTH_MAX
            && areHashes(proof.getSiblingsList())
            && proof.getOtherKey().isEmpty()
            && proof.getOtherValue().isEmpty();
    return isMembership
        ? Optional.of(
            new RadixTree.Proof(
                proof.getBitsList(),
                proof.getSiblingsList().stream().map(Hash::of).toList(),
                proof.getCount(),
                Optional.empty(),
                Optional.empty()))
        : Optional.empty();
  }

  private static Outcome proven(ProofFile proof) {
    Cert qc = proof.getHead().getQc();
    List<NodeId> ids = ValidatorSet.of(proof.getSets(proof.getSetsCount() - 1)).orElseThrow().ids();
    List<NodeId> signers = new ArrayList<>();
    for (int member = 0; member < ids.size(); member++) {
      if ((qc.getBitmap() >> member & 1) == 1) {
        signers.add(ids.get(member));
      }
    }
    return new Outcome.Proven(
        proof.getWhat(),
        Hash.of(proof.getKey()),
        Bytes.of(proof.getValue()),
        proof.getHead().getHeader(),
        signers);
  }

  private static boolean areHashes(List<ByteString> bytes) {
    return bytes.stream().allMatch(one -> one.size() == Hash.SIZE);
  }

  private static Optional<Hash> hash(ByteString bytes) {
    return bytes.size() == Hash.SIZE ? Optional.of(Hash.of(bytes)) : Optional.empty();
  }

  private static ByteString hash(SetCert set) {
    return Hashes.sha256(Canonical.encode(set)).toByteString();
  }
}
