package org.undchain.node.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.consensus.Certificates;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Block;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Header;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.LaneRecord;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.SignedHeader;
import org.undchain.core.message.Transfer;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteRecord;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.config.ChainFiles;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetNode;
import org.undchain.node.devnet.DevnetPlan;
import org.undchain.node.devnet.DevnetShape;
import org.undchain.node.devnet.Founding;
import org.undchain.node.store.Journal;
import org.undchain.node.store.RocksStore;
import org.undchain.node.store.StoreOwner;
import org.undchain.node.validator.DiskValidatorKeys;
import org.undchain.node.validator.ValidatorNode;

/**
 * Four validators that agreed on one block each time, and one thing that is wrong. The block and
 * its certificate are signed with the validators' real keys.
 */
@Tag("R4.40")
@Tag("slow")
final class StoreAuditTest {
  private static final DevnetShape SHAPE = new DevnetShape(4, 1, 0, 0, 1000, 48, 7);
  private static final BlockTime NOW = new BlockTime(7);

  @TempDir private Path temporary;
  private DevnetFolder folder;
  private DevnetPlan plan;
  private Chain chain;
  private ValidatorSet set;

  @BeforeEach
  void foundNetwork() throws Exception {
    folder = new DevnetFolder(temporary.resolve("net"));
    plan = Founding.make(folder, SHAPE, new BlockTime(1_000_000));
    chain =
        ChainFiles.load(folder.genesisFile(), folder.rulesFile(), Ed25519.check(Optional.empty()));
    set = ValidatorSet.of(GenesisBlock.firstSet(chain)).orElseThrow();
  }

  @Test
  void disksOfHonestValidatorsAreCleanAndCounted() throws Exception {
    Block block = block(1, header(1, "a"), List.of(transfer()));
    agreeOn(block);
    AuditReport report = audit(Map.of(idOf(transfer()), 0L));
    assertThat(report.findings()).isEmpty();
    assertThat(report)
        .isEqualTo(
            new AuditReport(4, 1, 4, 1, 1, 4, 4, 3 * 4, 0, List.of())); // each holds 3 others'
  }

  @Test
  void twoVotesOfOnePlaceInOneLogAreFound() throws Exception {
    agreeOn(block(1, header(1, "a"), List.of()));
    behindTheGuard("v2", vote("v2", 1, VoteType.VOTE_TYPE_PRECOMMIT, hash("b")));
    assertThat(checks(Map.of())).containsExactly("signed-twice v2");
  }

  @Test
  void aVoteThatOnlyOthersHoldConvictsItsSigner() throws Exception {
    Block block = block(1, header(1, "a"), List.of());
    agreeOn(block, "v3");
    journal("v3", vote("v3", 1, VoteType.VOTE_TYPE_PRECOMMIT, hash("b")), logged(block));
    assertThat(checks(Map.of())).containsExactly("signed-twice v3");
  }

  @Test
  void aVoteThatLeftWithoutARecordIsFound() throws Exception {
    Block block = block(1, header(1, "a"), List.of());
    agreeOn(block, "v3");
    journal("v3", logged(block));
    assertThat(checks(Map.of())).containsExactly("not-in-own-log v3");
  }

  @Test
  void aVoteOfAnotherRoundOrTypeIsNoContradiction() throws Exception {
    agreeOn(block(1, header(1, "a"), List.of()));
    behindTheGuard("v2", vote("v2", 1, VoteType.VOTE_TYPE_PREVOTE, hash("b")));
    behindTheGuard("v2", vote("v2", 2, VoteType.VOTE_TYPE_PRECOMMIT, hash("b")));
    assertThat(checks(Map.of())).isEmpty();
  }

  @Test
  void aForgedCertificateConvictsNobody() throws Exception {
    agreeOn(block(1, header(1, "a"), List.of()));
    Block forged = block(2, header(2, "b"), List.of());
    Cert qc = forged.getHead().getQc();
    Cert broken = qc.toBuilder().setSigs(0, qc.getSigs(1)).build();
    journal(
        "v1",
        LogRecord.newBuilder()
            .setVote(
                vote("v1", 2, VoteType.VOTE_TYPE_PREVOTE, hash("b")).getVote().toBuilder()
                    .setPol(broken))
            .build());
    assertThat(checks(Map.of())).isEmpty();
  }

  @Test
  void twoLaneHeadersOfOnePlaceAreFound() throws Exception {
    agreeOn(block(1, header(1, "a"), List.of()));
    journal("v4", lane(3, 0, 1));
    behindTheGuard("v4", lane(3, 0, 2));
    assertThat(checks(Map.of())).containsExactly("signed-twice v4");
  }

  @Test
  void aValidatorThatStartedWithoutItsGuardIsNamed() throws Exception {
    Block block = block(1, header(1, "a"), List.of());
    agreeOn(block);
    Files.delete(Journal.guardOf(data("v1")));
    Journal.open(data("v1"), owner("v1")).close();
    assertThat(checks(Map.of())).containsExactly("amnesia v1");
  }

  @Test
  @Tag("R4.41")
  void whatADiskHeldBeforeItWasTakenAwayBindsItsValidator() throws Exception {
    Block block = block(1, header(1, "a"), List.of());
    agreeOn(block);
    journal("v2", vote("v2", 2, VoteType.VOTE_TYPE_PREVOTE, hash("a")));
    Path former = takeDisk("v2");
    journal("v2", logged(block));
    assertThat(audit(Map.of(), Map.of("v2", List.of(former))).findings())
        .as("its votes stand in its former log, and that it forgot is known")
        .isEmpty();
    assertThat(checks(Map.of()))
        .as("as if nothing had been taken")
        .containsExactlyInAnyOrder("amnesia v2", "not-in-own-log v2");
    journal("v2", vote("v2", 2, VoteType.VOTE_TYPE_PREVOTE, hash("b")));
    assertThat(checks(Map.of(), Map.of("v2", List.of(former)))).containsExactly("signed-twice v2");
  }

  @Test
  @Tag("R4.41")
  void ofAFormerDiskWhoseDatabaseIsDamagedTheGuardSpeaks() throws Exception {
    Block block = block(1, header(1, "a"), List.of());
    agreeOn(block);
    journal("v2", vote("v2", 2, VoteType.VOTE_TYPE_PREVOTE, hash("a")));
    Path former = takeDisk("v2");
    try (Stream<Path> files = Files.list(Journal.storeOf(former))) {
      for (Path file : files.filter(each -> each.toString().contains("MANIFEST")).toList()) {
        Files.writeString(file, "rotten");
      }
    }
    journal("v2", logged(block));
    AuditReport report = audit(Map.of(), Map.of("v2", List.of(former)));
    assertThat(report.findings()).isEmpty();
    assertThat(report.unreadable()).isEqualTo(1);
    journal("v2", vote("v2", 2, VoteType.VOTE_TYPE_PREVOTE, hash("b")));
    assertThat(checks(Map.of(), Map.of("v2", List.of(former)))).containsExactly("signed-twice v2");
  }

  @Test
  void aForkIsFoundWithAllWhoSignedBothBlocks() throws Exception {
    agreeOn(block(1, header(1, "a"), List.of()), "v4");
    Block other = block(1, header(1, "b"), List.of());
    journal("v4", vote("v4", other), logged(other));
    assertThat(checks(Map.of()))
        .contains("fork v4", "signed-twice v1", "signed-twice v2", "signed-twice v3")
        .contains("signed-twice v4");
  }

  @Test
  void aBlockWithoutAQuorumIsFound() throws Exception {
    Block block = block(1, header(1, "a"), List.of());
    Block bare = block.toBuilder().setHead(block.getHead().toBuilder().clearQc()).build();
    journal("v1", logged(bare));
    for (String other : List.of("v2", "v3", "v4")) {
      journal(other);
    }
    assertThat(checks(Map.of())).containsExactly("bad-block v1");
  }

  @Test
  void anEntryInTwoBlocksIsFound() throws Exception {
    agreeOn(block(1, header(1, "a"), List.of(transfer())));
    agreeOn(block(2, header(2, "b"), List.of(transfer())));
    assertThat(checks(Map.of())).containsExactly("committed-twice " + idOf(transfer()).hex());
  }

  @Test
  void aPromiseThatWasNotKeptOrKeptTooLateIsFound() throws Exception {
    agreeOn(block(1, header(1, "a"), List.of()));
    agreeOn(block(2, header(2, "b"), List.of(transfer())));
    Hash lost = hash("lost");
    assertThat(checks(Map.of(lost, 1L, idOf(transfer()), 0L)))
        .containsExactlyInAnyOrder(
            "promise-broken " + lost.hex(), "promise-broken " + idOf(transfer()).hex());
    assertThat(checks(Map.of(hash("later"), 2L)))
        .containsExactly("promise-open " + hash("later").hex());
  }

  /** Database and guard as they are now go to another place. */
  private Path takeDisk(String name) throws Exception {
    Path former = Files.createDirectories(temporary.resolve("former").resolve(name + "-0"));
    Files.move(Journal.storeOf(data(name)), Journal.storeOf(former));
    Files.move(Journal.guardOf(data(name)), Journal.guardOf(former));
    return former;
  }

  private List<String> checks(Map<Hash, Long> promised) throws Exception {
    return checks(promised, Map.of());
  }

  private List<String> checks(Map<Hash, Long> promised, Map<String, List<Path>> former)
      throws Exception {
    return audit(promised, former).findings().stream()
        .map(finding -> finding.check() + " " + finding.who())
        .toList();
  }

  private AuditReport audit(Map<Hash, Long> promised) throws Exception {
    return audit(promised, Map.of());
  }

  /**
   * @param former what was taken from validators, by their names
   */
  private AuditReport audit(Map<Hash, Long> promised, Map<String, List<Path>> former)
      throws Exception {
    List<StoreAudit.Subject> subjects = new ArrayList<>();
    for (DevnetNode node : plan.nodes()) {
      subjects.add(
          new StoreAudit.Subject(
              node.name(),
              owner(node.name()),
              data(node.name()),
              former.getOrDefault(node.name(), List.of())));
    }
    return StoreAudit.of(chain, subjects, promised);
  }

  /** All but some write down their precommit and the block. */
  private void agreeOn(Block block, String... but) throws Exception {
    for (DevnetNode node : plan.nodes()) {
      if (!List.of(but).contains(node.name())) {
        journal(node.name(), vote(node.name(), block), logged(block));
      }
    }
  }

  private void journal(String name, LogRecord... records) throws Exception {
    try (Journal journal = Journal.open(data(name), owner(name))) {
      journal.commit(List.of(records), NOW);
    }
  }

  /** As a node without a guard would have written it. */
  private void behindTheGuard(String name, LogRecord record) throws Exception {
    try (RocksStore store = RocksStore.open(Journal.storeOf(data(name)), owner(name))) {
      store.commit(List.of(record), store.guardSequence(), NOW);
    }
  }

  private Block block(long height, Header header, List<Envelope> entries) throws Exception {
    Cert.Builder qc =
        Cert.newBuilder()
            .setHeight(height)
            .setSlot(header.getSlot())
            .setType(VoteType.VOTE_TYPE_PRECOMMIT)
            .setValue(Certificates.valueOf(header).toByteString())
            .setBitmap((1 << set.n()) - 1);
    for (ValidatorSet.Member member : set.members()) {
      String name = nameOf(member.id());
      qc.addSigs(
          vote(name, height, VoteType.VOTE_TYPE_PRECOMMIT, Certificates.valueOf(header))
              .getVote()
              .getVote()
              .getSig());
    }
    return Block.newBuilder()
        .setHead(SignedHeader.newBuilder().setHeader(header).setQc(qc))
        .addAllEntries(entries)
        .build();
  }

  private Header header(long height, String variant) {
    return Header.newBuilder()
        .setVersion(1)
        .setKind(BlockKind.BLOCK_KIND_NORMAL)
        .setHeight(height)
        .setSlot(height - 1)
        .setEntriesRoot(hash(variant).toByteString())
        .build();
  }

  private LogRecord vote(String name, Block block) throws Exception {
    Cert qc = block.getHead().getQc();
    return vote(name, qc.getHeight(), VoteType.VOTE_TYPE_PRECOMMIT, Hash.of(qc.getValue()));
  }

  private LogRecord vote(String name, long height, VoteType type, Hash value) throws Exception {
    Vote vote =
        Vote.newBuilder()
            .setHeight(height)
            .setSlot(height - 1)
            .setType(type)
            .setValue(value.toByteString())
            .build();
    Envelope envelope =
        Envelopes.seal(
            chain.context(),
            consensusKey(name),
            EnvelopeKind.ENVELOPE_KIND_VOTE,
            WireMessage.VOTE_FIELD_NUMBER,
            0,
            vote);
    return LogRecord.newBuilder().setVote(VoteRecord.newBuilder().setVote(envelope)).build();
  }

  private static LogRecord lane(long slot, long seq, int count) {
    LaneHeader header = LaneHeader.newBuilder().setSlot(slot).setSeq(seq).setIdCount(count).build();
    Envelope envelope = Envelope.newBuilder().setBody(header.toByteString()).build();
    return LogRecord.newBuilder()
        .setLane(LaneRecord.newBuilder().setBatch(LaneBatch.newBuilder().setHeader(envelope)))
        .build();
  }

  private static LogRecord logged(Block block) {
    return LogRecord.newBuilder().setBlock(block).build();
  }

  private Envelope transfer() {
    DevnetPlan.Account alice = plan.accounts().getFirst();
    return Envelopes.sealEntry(
        chain.context(),
        Ed25519.signer(alice.secret(), Optional.empty()),
        0,
        Transfer.newBuilder().setNonce(1).setTo(alice.id().toByteString()).setAmount(1).build());
  }

  private Hash idOf(Envelope entry) {
    return Envelopes.id(chain.context(), entry);
  }

  private Signer consensusKey(String name) throws Exception {
    DiskValidatorKeys keys =
        DiskValidatorKeys.load(
            ValidatorNode.keysOf(data(name)),
            seed -> Ed25519.signer(seed, Optional.empty()),
            chain.calendar().beatsPerPeriod());
    return keys.consensus(keys.consensusKeyOf(0)).orElseThrow();
  }

  private StoreOwner owner(String name) {
    return new StoreOwner(chain.context().chainId(), plan.node(name).orElseThrow().id());
  }

  private Path data(String name) {
    return folder.nodeFolder(name);
  }

  private String nameOf(NodeId id) {
    return plan.nodes().stream()
        .filter(node -> node.id().equals(id))
        .findFirst()
        .orElseThrow()
        .name();
  }

  private static Hash hash(String text) {
    return Hashes.sha256(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
