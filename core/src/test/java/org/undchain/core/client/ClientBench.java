package org.undchain.core.client;

import com.google.protobuf.Message;
import java.util.List;
import java.util.Optional;
import org.undchain.core.agent.Driver;
import org.undchain.core.agent.Mail;
import org.undchain.core.agent.Members;
import org.undchain.core.agent.Seat;
import org.undchain.core.agent.SessionEntries;
import org.undchain.core.agent.SessionMemory;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.LedgerFixture;
import org.undchain.core.machine.Event;
import org.undchain.core.message.Bid;
import org.undchain.core.message.Close;
import org.undchain.core.message.Contract;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Offer;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Role;
import org.undchain.core.message.SessionRecord;
import org.undchain.core.message.Submit;
import org.undchain.core.message.WireMessage;
import org.undchain.core.session.SeatTerms;
import org.undchain.core.session.SessionKeys;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/** One client agent, four validators and a partner "paul", spoken for by hand with real keys. */
final class ClientBench {
  static final long PRICE = 1000;
  static final SessionKeys KEYS = seed -> Ed25519.signer(seed, Optional.empty());
  static final Bytes SEED = Hashes.tagged("ann's seat").bytes();

  final Signer ann = LedgerFixture.signer("ann");
  final Signer paul = LedgerFixture.signer("paul");
  final Signer partnerSession = LedgerFixture.signer("paul's session");
  final LedgerFixture ledger = new LedgerFixture(ann);
  final Members members = new Members(ledger.chain);
  final OpenedEntry request = ledger.request(ann, 2, 100 * PRICE);
  Driver client = agent(List.of(), ledger.chain.calendar().t0());

  private Driver agent(List<LogRecord> log, BlockTime now) {
    return new Driver(
        new ClientAgent(ledger.chain, ann, members.set(), SessionMemory.of(KEYS, log)), now);
  }

  ClientBench connected() {
    for (int i = 0; i < Members.COUNT; i++) {
      client.on(members.up(i));
    }
    client.on(new Event.PeerUp(paul.id(), Role.ROLE_PARTNER));
    return this;
  }

  /** The process dies and starts again from its log. */
  void restart() {
    Driver before = client;
    client = agent(before.log, before.now);
    client.log.addAll(before.log);
    connected();
  }

  void ask(ClientCommand command) {
    client.on(new Event.CommandIn(command));
  }

  // --- offers
  // -------------------------------------------------------------------------------------

  Bid.Builder bid() {
    return Bid.newBuilder()
        .setJobId(request.id().toByteString())
        .setUnitPrice(PRICE)
        .setEphemeralKey(partnerSession.id().toByteString())
        .setExpirySlot(20)
        .setCapacity(500);
  }

  Envelope sealed(Bid.Builder bid) {
    return Envelopes.sealMessage(ledger.chain.context(), paul, 0, bid.build());
  }

  Event offer(int member, Envelope bid) {
    return members.from(
        member,
        Offer.newBuilder().setBid(bid).setScore(44_400).setTenure(3).setScorePeriod(0).build());
  }

  // --- seats
  // --------------------------------------------------------------------------------------

  SeatTerms terms() {
    return new SeatTerms("MiB", PRICE, 100 * PRICE, 4, 30, 1, 900);
  }

  /** Opens seat 0 with paul; the contract as it went to him. */
  Envelope opened() {
    ask(new ClientCommand.OpenSeat(request.id(), 0, sealed(bid()), terms(), SEED));
    return toPartner(WireMessage.CONTRACT_FIELD_NUMBER).getLast();
  }

  /** The contract as paul signs it. */
  Envelope countersigned(Envelope contract) {
    Contract body = Canonical.decode(Contract.parser(), Bytes.of(contract.getBody())).orElseThrow();
    return Envelopes.sealSession(ledger.chain.context(), paul, body);
  }

  Envelope start(Envelope contract) {
    return SessionEntries.start(
        new Mail(ledger.chain, paul),
        client.now,
        SessionRecord.newBuilder()
            .setContract(contract)
            .setPartnerSig(countersigned(contract).getSig())
            .build());
  }

  /** Something of paul's on his connection. */
  void hear(Envelope envelope) {
    client.on(members.in(paul.id(), envelope));
  }

  void show(Envelope entry) {
    client.on(members.plain(paul.id(), Submit.newBuilder().setEntry(entry).build()));
  }

  /** A seat whose START is proven. */
  Hash started() {
    Envelope contract = opened();
    hear(countersigned(contract));
    Envelope start = start(contract);
    show(start);
    prove(Envelopes.id(ledger.chain.context(), start), EntryResult.ENTRY_RESULT_OK);
    return Envelopes.id(ledger.chain.context(), contract);
  }

  /** The close as paul signs it, and his COMPLETE. */
  void closedByPartner() {
    Envelope close = toPartner(WireMessage.CLOSE_FIELD_NUMBER).getLast();
    Close body = Canonical.decode(Close.parser(), Bytes.of(close.getBody())).orElseThrow();
    hear(Envelopes.sealSession(ledger.chain.context(), partnerSession, body));
  }

  Envelope complete() {
    Seat seat = Seat.of(ledger.chain.context(), client.log.getLast().getSession());
    return SessionEntries.complete(
        new Mail(ledger.chain, paul), client.now, seat, SessionEntries.Attempt.PARTNER);
  }

  void prove(Hash entryId, EntryResult result) {
    client.on(members.from(0, members.status(entryId, 3, result)));
    client.on(members.from(1, members.status(entryId, 3, result)));
  }

  Hash id(Envelope envelope) {
    return Envelopes.id(ledger.chain.context(), envelope);
  }

  /** The entry handed in last. */
  Envelope lastEntry() {
    Bytes body =
        Bytes.of(client.sent(WireMessage.SUBMIT_FIELD_NUMBER).getLast().message().getBody());
    return Canonical.decode(Submit.parser(), body).orElseThrow().getEntry();
  }

  List<Envelope> toPartner(int type) {
    return client.sent(type).stream()
        .filter(sent -> sent.to().equals(paul.id()))
        .map(Driver.Sent::message)
        .toList();
  }

  Reject lastReject() {
    Envelope reject = toPartner(WireMessage.REJECT_FIELD_NUMBER).getLast();
    return Canonical.decode(Reject.parser(), Bytes.of(reject.getBody())).orElseThrow();
  }

  Event reject(Hash ref, RejectCode code) {
    Message reject = members.reject(ref, code);
    return members.from(paul, reject);
  }
}
