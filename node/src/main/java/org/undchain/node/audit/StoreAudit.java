package org.undchain.node.audit;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.consensus.Certificates;
import org.undchain.core.job.StampGroups;
import org.undchain.core.ledger.Chain;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Block;
import org.undchain.core.message.Cert;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Proposal;
import org.undchain.core.message.StampGroup;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.audit.SignatureBook.Holder;
import org.undchain.node.store.GuardRecord;
import org.undchain.node.store.Journal;
import org.undchain.node.store.RocksStore;
import org.undchain.node.store.SigningGuard;
import org.undchain.node.store.StoreException;
import org.undchain.node.store.StoreOwner;

/**
 * An audit of the disks of all validators while they are off.
 *
 * <p>Signatures: of each validator every vote, proposal and lane header that its own log has since
 * its first start (a log is never cut) and its signing guard; of all others what they hold of it:
 * the votes in the certificates of their blocks and votes (only such as verify), and the lane
 * headers in the stamps by which they took entries over. Nobody signed two things for one place,
 * what others hold stands in the signer's log, and no guard says that its node forgot (R4.41).
 *
 * <p>Of a validator whose disk was taken from it, all that it ever held is read, as far as it can
 * be; the guard then stands for a log that is lost.
 *
 * <p>Chain: all stores hold the same proven blocks, no entry is in two of them, nobody was
 * convicted, and every promise was kept.
 */
public final class StoreAudit {
  private final Chain chain;
  private final ChainBook blocks;
  private final SignatureBook signatures = new SignatureBook();
  private final Map<NodeId, String> names = new TreeMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private long own;
  private long guarded;
  private long foreign;
  private int unreadable;

  /**
   * A validator's folder.
   *
   * @param former folders with what its disk held before it was taken away: the validator may have
   *     forgotten it, and what it signed then binds it all the same
   */
  public record Subject(String name, StoreOwner owner, Path data, List<Path> former) {
    public Subject {
      former = List.copyOf(former);
    }

    /** Whether it may have forgotten something. */
    boolean isForgetful() {
      return !former.isEmpty();
    }
  }

  private StoreAudit(Chain chain) {
    this.chain = chain;
    this.blocks = new ChainBook(chain);
  }

  /**
   * Reads everything.
   *
   * @param promised slot of each entry that a client holds enough stamps of
   * @throws StoreException if a store is open elsewhere or unreadable
   */
  public static AuditReport of(Chain chain, List<Subject> subjects, Map<Hash, Long> promised)
      throws IOException {
    StoreAudit audit = new StoreAudit(chain);
    for (Subject subject : subjects) {
      audit.names.put(subject.owner().node(), subject.name());
    }
    for (Subject subject : subjects) {
      audit.read(subject);
    }
    return audit.report(promised);
  }

  private AuditReport report(Map<Hash, Long> promised) {
    long kept = blocks.check(promised);
    findings.addAll(blocks.findings());
    findings.addAll(signatures.findings(this::nameOf));
    return new AuditReport(
        names.size(),
        blocks.height(),
        blocks.blocks(),
        blocks.entries(),
        kept,
        own,
        guarded,
        foreign,
        unreadable,
        findings);
  }

  private void read(Subject subject) throws IOException {
    Path folder = Journal.storeOf(subject.data());
    if (!Files.exists(folder)) {
      throw new NoSuchFileException(folder.toString());
    }
    try (RocksStore store = RocksStore.open(folder, subject.owner())) {
      blocks.read(subject.name(), store);
      for (LogRecord record : store.everything()) {
        read(subject, record);
      }
    }
    readGuard(subject, subject.data());
    for (Path life : subject.former()) {
      readFormer(subject, life);
    }
  }

  private void readGuard(Subject subject, Path data) throws IOException {
    for (GuardRecord record : SigningGuard.read(Journal.guardOf(data))) {
      read(subject, record);
    }
  }

  /** A database that was damaged tells nothing; its guard does. */
  private void readFormer(Subject subject, Path life) throws IOException {
    if (Files.exists(Journal.storeOf(life))) {
      try (RocksStore store = RocksStore.open(Journal.storeOf(life), subject.owner())) {
        for (LogRecord record : store.everything()) {
          read(subject, record);
        }
      } catch (StoreException damaged) {
        unreadable++;
      }
    }
    if (Files.exists(Journal.guardOf(life))) {
      readGuard(subject, life);
    }
  }

  private void read(Subject subject, GuardRecord record) {
    switch (record.kind()) {
      case OWNER -> {}
      case AMNESIA -> {
        if (!subject.isForgetful()) {
          findings.add(
              new Finding(
                  "amnesia", subject.name(), "started without knowing what it had signed (R4.41)"));
        }
      }
      case VOTE, PROPOSAL, LANE -> {
        guarded++;
        String where = "the guard of " + subject.name();
        Holder holder = subject.isForgetful() ? Holder.OWN_LOG : Holder.OWN_GUARD;
        signatures.add(subject.owner().node(), record, holder, where);
      }
    }
  }

  private void read(Subject subject, LogRecord record) throws InvalidProtocolBufferException {
    Optional<GuardRecord> signed = GuardRecord.of(record);
    if (signed.isPresent()) {
      own++;
      String where = "the log of " + subject.name();
      signatures.add(subject.owner().node(), signed.get(), Holder.OWN_LOG, where);
    }
    switch (record.getRecordCase()) {
      case BLOCK -> certificate(subject, qcOf(record.getBlock()));
      case VOTE -> certificate(subject, record.getVote().getPol());
      case PROPOSAL ->
          certificate(subject, Proposal.parseFrom(record.getProposal().getBody()).getPol());
      case LANE -> stamps(subject, record.getLane().getBatch());
      case FREEZE,
          CLOSED,
          BEAT,
          PAYOUT,
          RESULTS,
          SESSION,
          SET_CERT,
          CHECKPOINT,
          RECORD_NOT_SET -> {}
    }
  }

  private static Cert qcOf(Block block) {
    return block.getHead().getQc();
  }

  private void certificate(Subject holder, Cert cert) {
    Optional<ValidatorSet> set = blocks.setOf(cert.getSlot());
    if (set.isEmpty()
        || cert.getSigsCount() == 0
        || !Certificates.verify(chain.context(), chain.signatures(), set.get(), cert)) {
      return;
    }
    votes(holder, set.get(), cert);
    cert.getEarlierList().forEach(earlier -> votes(holder, set.get(), earlier));
  }

  private void votes(Subject holder, ValidatorSet set, Cert cert) {
    Certificates.votes(set, cert)
        .forEach((signer, vote) -> foreign(holder, signer, GuardRecord.of(vote), "a certificate"));
  }

  private void stamps(Subject holder, LaneBatch batch) {
    for (StampGroup group : batch.getWitnessList()) {
      GuardRecord header = GuardRecord.lane(group.getHeader());
      blocks
          .setOf(header.height())
          .flatMap(set -> StampGroups.open(chain, set, group))
          .ifPresent(good -> foreign(holder, good.getFirst().lane(), header, "a stamp"));
    }
  }

  private void foreign(Subject holder, NodeId signer, GuardRecord what, String in) {
    if (!signer.equals(holder.owner().node())) {
      foreign++;
      signatures.add(signer, what, Holder.OTHER, in + " at " + holder.name());
    }
  }

  private String nameOf(NodeId id) {
    return names.getOrDefault(id, id.hex());
  }
}
