package org.undchain.sim.checker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.ledger.Execution;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.machine.Event;
import org.undchain.core.message.Block;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Entry;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Header;
import org.undchain.core.message.JobRow;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Opened;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.PayoutFile;
import org.undchain.core.message.PayoutHeader;
import org.undchain.core.message.SignedHeader;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.payout.CommittedBlock;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.NamedKeys;
import org.undchain.sim.Signatures;
import org.undchain.sim.Violation;
import org.undchain.sim.World;

/** What checkers are shown in tests: small pieces of a chain of four, true or not. */
final class Planting {
  static final BlockTime NOW = World.T0.plusMillis(10_000);
  static final NodeId ANN = node("ann");
  static final NodeId BEN = node("ben");
  static final ByteString ONE = Hashes.tagged("one").toByteString();
  static final ByteString TWO = Hashes.tagged("two").toByteString();
  static final long PERIOD_SLOTS = 48;

  static final List<NamedKeys> KEYS =
      List.of("a", "b", "c", "d").stream()
          .map(name -> new NamedKeys(Signatures.fake(), name, PERIOD_SLOTS))
          .sorted(java.util.Comparator.comparing(key -> key.identity().id()))
          .toList();
  static final World WORLD =
      World.of(
          Signatures.fake(),
          KEYS,
          1,
          List.of(new World.Holder("ann", 1_000_000_000_000L)),
          PERIOD_SLOTS,
          100);

  private Planting() {}

  static void assertViolates(String invariant, ThrowingCallable act) {
    assertThatThrownBy(act)
        .isInstanceOfSatisfying(
            Violation.class, violation -> assertThat(violation.invariant()).isEqualTo(invariant));
  }

  static NodeId node(String name) {
    return new NodeId(Hashes.tagged(name).bytes());
  }

  static NodeId member(int place) {
    return KEYS.get(place).identity().id();
  }

  static Envelope vote(NodeId by, int round, VoteType type, ByteString value, int polRoundPlusOne) {
    Vote vote =
        Vote.newBuilder()
            .setHeight(7)
            .setRound(round)
            .setType(type)
            .setValue(value)
            .setPolRoundPlusOne(polRoundPlusOne)
            .build();
    return Envelope.newBuilder()
        .setKind(EnvelopeKind.ENVELOPE_KIND_VOTE_VALUE)
        .setType(WireMessage.VOTE_FIELD_NUMBER)
        .setSigner(by.toByteString())
        .setBody(vote.toByteString())
        .build();
  }

  static Envelope message(Message body) {
    return Envelope.newBuilder()
        .setKind(EnvelopeKind.ENVELOPE_KIND_MESSAGE_VALUE)
        .setType(Envelopes.messageType(body))
        .setBody(body.toByteString())
        .build();
  }

  /** As a door gives it to a machine. */
  static Event.MessageIn heard(NodeId from, Envelope envelope) {
    Opened opened =
        Envelopes.open(WORLD.chain().context(), WORLD.chain().signatures(), envelope)
            .good()
            .orElseThrow();
    return new Event.MessageIn(from, opened);
  }

  static Header header(long height, long slot, long nextSlot) {
    return Header.newBuilder()
        .setKind(BlockKind.BLOCK_KIND_NORMAL)
        .setHeight(height)
        .setSlot(slot)
        .setNextSlot(nextSlot)
        .build();
  }

  static LogRecord block(long height, long slot, long nextSlot, Envelope... entries) {
    return block(header(height, slot, nextSlot), entries);
  }

  static LogRecord block(Header header, Envelope... entries) {
    return LogRecord.newBuilder()
        .setBlock(
            Block.newBuilder()
                .setHead(SignedHeader.newBuilder().setHeader(header))
                .addAllEntries(List.of(entries)))
        .build();
  }

  static Hash hash(Header header) {
    return Hashes.sha256(Canonical.encode(header));
  }

  static OpenedEntry entry(String name, Entry body) {
    Hash id = Hashes.tagged(name);
    return new OpenedEntry(Envelope.getDefaultInstance(), id, ANN, body, 100);
  }

  /** A block that a validator committed, its entries all executed. */
  static ValidatorNotice.BlockCommitted committed(long height, long slot, OpenedEntry... entries) {
    return committed(height, slot, Optional.empty(), entries);
  }

  static ValidatorNotice.BlockCommitted paidOut(long height, long slot, JobRow... rows) {
    PayoutHeader header = PayoutHeader.newBuilder().setPeriod(slot / PERIOD_SLOTS).build();
    PayoutFile file = PayoutFile.newBuilder().setHeader(header).addAllJobs(List.of(rows)).build();
    return committed(height, slot, Optional.of(file));
  }

  private static ValidatorNotice.BlockCommitted committed(
      long height, long slot, Optional<PayoutFile> payout, OpenedEntry... entries) {
    List<Execution.Result> results =
        List.of(entries).stream()
            .map(entry -> new Execution.Result(entry.id(), EntryResult.ENTRY_RESULT_OK))
            .toList();
    CommittedBlock block =
        new CommittedBlock(
            header(height, slot, slot + 1),
            Hash.ZERO,
            List.of(entries),
            results,
            Cert.getDefaultInstance());
    return new ValidatorNotice.BlockCommitted(
        block, GenesisBlock.state(WORLD.chain()), WORLD.firstSet().cert(), payout);
  }

  static ValidatorNotice.Began began() {
    return new ValidatorNotice.Began(
        0, -1, GenesisBlock.state(WORLD.chain()), WORLD.firstSet().cert());
  }
}
