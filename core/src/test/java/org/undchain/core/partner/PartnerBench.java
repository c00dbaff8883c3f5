package org.undchain.core.partner;

import com.google.protobuf.Message;
import java.util.List;
import java.util.Optional;
import org.undchain.core.agent.Driver;
import org.undchain.core.agent.Members;
import org.undchain.core.agent.SessionMemory;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.LedgerFixture;
import org.undchain.core.machine.Event;
import org.undchain.core.message.Bid;
import org.undchain.core.message.Close;
import org.undchain.core.message.CloseOutcome;
import org.undchain.core.message.Contract;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Filter;
import org.undchain.core.message.FilterNode;
import org.undchain.core.message.FilterOp;
import org.undchain.core.message.JobNotice;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Micro;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Reject;
import org.undchain.core.message.Role;
import org.undchain.core.message.Submit;
import org.undchain.core.message.UtilityClass;
import org.undchain.core.message.WireMessage;
import org.undchain.core.session.SessionKeys;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** One partner agent, four validators and a client "ann", spoken for by hand with real keys. */
final class PartnerBench {
  static final long PRICE = 1000;
  static final long ROOM = 500;
  static final PartnerProfile PROFILE =
      new PartnerProfile(
          UtilityClass.UTILITY_CLASS_STORAGE,
          Filter.newBuilder()
              .addNodes(FilterNode.newBuilder().setOp(FilterOp.FILTER_OP_TRUE))
              .build(),
          "MiB",
          PRICE,
          8,
          1000,
          List.of(),
          1);
  static final SessionKeys KEYS = seed -> Ed25519.signer(seed, Optional.empty());

  final Signer ann = LedgerFixture.signer("ann");
  final Signer paul = LedgerFixture.signer("paul");
  final Signer session = LedgerFixture.signer("ann's session");
  final LedgerFixture ledger = new LedgerFixture(ann);
  final Members members = new Members(ledger.chain);
  final OpenedEntry request = ledger.request(ann, 2, 100 * PRICE);
  Driver partner = agent(List.of(), ledger.chain.calendar().t0());

  private Driver agent(List<LogRecord> log, BlockTime now) {
    PartnerKeys keys = new PartnerKeys(paul, KEYS, Hashes.tagged("paul's secret").bytes());
    return new Driver(
        new PartnerAgent(
            ledger.chain,
            new PartnerAgent.Setup(keys, PROFILE, members.set(), ROOM),
            SessionMemory.of(KEYS, log).records()),
        now);
  }

  PartnerBench connected() {
    for (int i = 0; i < Members.COUNT; i++) {
      partner.on(members.up(i));
    }
    partner.on(new Event.PeerUp(ann.id(), Role.ROLE_CLIENT));
    return this;
  }

  /** The process dies and starts again from its log. */
  void restart() {
    Driver before = partner;
    partner = agent(before.log, before.now);
    partner.log.addAll(before.log);
    connected();
  }

  // --- bid and contract
  // ---------------------------------------------------------------------------

  Envelope notified() {
    partner.on(
        members.plain(members.id(0), JobNotice.newBuilder().setJob(request.envelope()).build()));
    return partner.sent(WireMessage.BID_FIELD_NUMBER).getLast().message();
  }

  Contract.Builder contract() {
    Envelope bid = notified();
    Bid body = Canonical.decode(Bid.parser(), Bytes.of(bid.getBody())).orElseThrow();
    return Contract.newBuilder()
        .setJobId(request.id().toByteString())
        .setClient(ann.id().toByteString())
        .setPartner(paul.id().toByteString())
        .setBidHash(Envelopes.id(ledger.chain.context(), bid).toByteString())
        .setUnit("MiB")
        .setUnitPrice(PRICE)
        .setMaxAmount(100 * PRICE)
        .setCreditUnits(4)
        .setEndSlot(50)
        .setMaxPeriods(1)
        .setClientSessionKey(session.id().toByteString())
        .setPartnerSessionKey(body.getEphemeralKey())
        .setKeepUntilSlot(900);
  }

  Hash offer(Contract contract) {
    return say(ann, contract);
  }

  /** A session object signed by this key, on the client's connection; its id. */
  Hash say(Signer signer, Message object) {
    Envelope envelope = Envelopes.sealSession(ledger.chain.context(), signer, object);
    partner.on(members.in(ann.id(), envelope));
    return Envelopes.id(ledger.chain.context(), envelope);
  }

  void prove(Hash entryId, EntryResult result) {
    partner.on(members.from(0, members.status(entryId, 3, result)));
    partner.on(members.from(1, members.status(entryId, 3, result)));
  }

  /** A seat whose START is proven. */
  Hash started() {
    Hash contractId = offer(contract().build());
    prove(request.id(), EntryResult.ENTRY_RESULT_OK);
    prove(lastEntry(), EntryResult.ENTRY_RESULT_OK);
    return contractId;
  }

  /** Id of the newest entry that the partner handed in. */
  Hash lastEntry() {
    return Envelopes.id(ledger.chain.context(), lastEnvelope());
  }

  Envelope lastEnvelope() {
    Bytes body =
        Bytes.of(partner.sent(WireMessage.SUBMIT_FIELD_NUMBER).getLast().message().getBody());
    return Canonical.decode(Submit.parser(), body).orElseThrow().getEntry();
  }

  // --- receipts
  // -----------------------------------------------------------------------------------

  Micro.Builder micro(Hash contractId, long seq, long units) {
    return Micro.newBuilder()
        .setContractId(contractId.toByteString())
        .setSeq(seq)
        .setCumUnits(units)
        .setCumAmount(units * PRICE);
  }

  Close.Builder close(Hash contractId, long seq, long units) {
    return Close.newBuilder()
        .setContractId(contractId.toByteString())
        .setFinalSeq(seq)
        .setUnits(units)
        .setAmount(units * PRICE)
        .setOutcome(CloseOutcome.CLOSE_OUTCOME_DONE);
  }

  // --- answers
  // ------------------------------------------------------------------------------------

  List<Reject> rejects(NodeId to) {
    return partner.sent(WireMessage.REJECT_FIELD_NUMBER).stream()
        .filter(sent -> sent.to().equals(to))
        .map(sent ->
            Canonical.decode(Reject.parser(), Bytes.of(sent.message().getBody())).orElseThrow())
        .toList();
  }

  Reject lastReject() {
    return rejects(ann.id()).getLast();
  }

  /** Session objects that went to the client. */
  List<Envelope> toClient(int type) {
    return partner.sent(type).stream()
        .filter(sent -> sent.to().equals(ann.id()))
        .map(Driver.Sent::message)
        .toList();
  }
}
