package org.undchain.core.matching;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.ledger.LedgerFixture;
import org.undchain.core.ledger.State;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Bid;
import org.undchain.core.message.ContactRecord;
import org.undchain.core.message.Contacts;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Filter;
import org.undchain.core.message.FilterNode;
import org.undchain.core.message.FilterOp;
import org.undchain.core.message.JobNotice;
import org.undchain.core.message.Offer;
import org.undchain.core.message.OfferControl;
import org.undchain.core.message.OfferOrder;
import org.undchain.core.message.Opened;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Role;
import org.undchain.core.message.Route;
import org.undchain.core.message.Subscribe;
import org.undchain.core.message.SubscribeReply;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** A matcher in virtual time: real keys and a real ledger, its effects opened and kept. */
final class MatchBench {
  /** A message that the matcher sent. */
  record Sent(BlockTime at, NodeId to, WireMessage body) {}

  final LedgerFixture ledger;
  final Signer client = LedgerFixture.signer("client");
  final Matcher matcher;
  final ValidatorSet set;
  final Signer self;
  final List<Sent> sent = new ArrayList<>();
  BlockTime now;
  private final Map<NodeId, Role> connected = new TreeMap<>();
  private final Map<TimerId, BlockTime> timers = new TreeMap<>();

  MatchBench() {
    ledger = new LedgerFixture(client);
    ledger.slot = 4;
    now = ledger.chain.calendar().startOf(ledger.slot);
    set = ValidatorSet.of(GenesisBlock.firstSet(ledger.chain)).orElseThrow();
    self = LedgerFixture.signer("validator0");
    matcher = new Matcher(ledger.chain, self, new Sight());
    connected.put(client.id(), Role.ROLE_CLIENT);
  }

  private final class Sight implements View {
    @Override
    public State state() {
      return ledger.state;
    }

    @Override
    public ValidatorSet set() {
      return set;
    }

    @Override
    public long period() {
      return 0;
    }

    @Override
    public Hash beacon(long beat) {
      return Hash.ZERO;
    }

    @Override
    public OptionalLong slotOf(Hash entryId) {
      return OptionalLong.of(ledger.slot);
    }

    @Override
    public boolean isConnected(NodeId peer, Role role) {
      return connected.get(peer) == role;
    }
  }

  // --- what happens
  // -------------------------------------------------------------------------------

  void connect(Signer peer, Role role) {
    connected.put(peer.id(), role);
  }

  void say(Signer peer, Message message) {
    hear(peer.id(), Envelopes.sealMessage(ledger.chain.context(), peer, 0, message));
  }

  void hear(NodeId peer, Envelope envelope) {
    Opened opened =
        Envelopes.open(ledger.chain.context(), ledger.chain.signatures(), envelope)
            .good()
            .orElseThrow();
    List<Effect> out = new ArrayList<>();
    matcher.onMessage(now, peer, opened, out);
    perform(out);
  }

  /** The client hands in a request here and wants the offers. */
  OpenedEntry want(int seats, long max) {
    OpenedEntry request = ledger.request(client, seats, max);
    List<Effect> out = new ArrayList<>();
    matcher.onWanted(now, client.id(), request, out);
    perform(out);
    return request;
  }

  void stamp(OpenedEntry request) {
    List<Effect> out = new ArrayList<>();
    matcher.onEntries(now, List.of(request), out);
    perform(out);
  }

  void pass(long millis) {
    BlockTime end = now.plusMillis(millis);
    for (Optional<Map.Entry<TimerId, BlockTime>> due = due(end); due.isPresent(); due = due(end)) {
      TimerId id = due.get().getKey();
      now = due.get().getValue().isBefore(now) ? now : due.get().getValue();
      timers.remove(id);
      List<Effect> out = new ArrayList<>();
      matcher.onTimer(now, id, out);
      perform(out);
    }
    now = end;
  }

  private Optional<Map.Entry<TimerId, BlockTime>> due(BlockTime end) {
    return Map.copyOf(timers).entrySet().stream()
        .filter(timer -> !end.isBefore(timer.getValue()))
        .min(
            Map.Entry.<TimerId, BlockTime>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey()));
  }

  private void perform(List<Effect> effects) {
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.Send(NodeId to, Envelope message) -> keep(to, message);
        case Effect.Broadcast(List<NodeId> to, Envelope message) ->
            to.forEach(peer -> keep(peer, message));
        case Effect.SetTimer(TimerId id, BlockTime at) -> timers.put(id, at);
        case Effect.CancelTimer(TimerId id) -> timers.remove(id);
        case Effect.Persist persist -> throw new AssertionError("matching persists " + persist);
        case Effect.Deliver deliver -> throw new AssertionError("matching delivers " + deliver);
        case Effect.Disconnect gone -> throw new AssertionError("matching cuts " + gone);
      }
    }
  }

  private void keep(NodeId to, Envelope message) {
    Opened opened =
        Envelopes.open(ledger.chain.context(), ledger.chain.signatures(), message)
            .good()
            .orElseThrow();
    sent.add(new Sent(now, to, opened.body()));
  }

  // --- what partners say
  // --------------------------------------------------------------------------

  Signer partner(String name) {
    Signer partner = LedgerFixture.signer(name);
    connect(partner, Role.ROLE_PARTNER);
    say(partner, subscribe(partner, 1));
    return partner;
  }

  Subscribe subscribe(Signer partner, long serial) {
    return Subscribe.newBuilder()
        .setFilter(
            Filter.newBuilder().addNodes(FilterNode.newBuilder().setOp(FilterOp.FILTER_OP_TRUE)))
        .setContact(contact(partner, serial))
        .setCapacity(100)
        .build();
  }

  Envelope contact(Signer partner, long serial) {
    ContactRecord record =
        ContactRecord.newBuilder()
            .setId(partner.id().toByteString())
            .addRoutes(Route.newBuilder().setMedium("ip").setAddress("127.0.0.1:" + serial))
            .setSerial(serial)
            .build();
    return Contacts.seal(ledger.chain.context(), partner, 0, record);
  }

  Bid.Builder bid(Hash jobId) {
    return Bid.newBuilder()
        .setJobId(jobId.toByteString())
        .setUnitPrice(7)
        .addRoutes(Route.newBuilder().setMedium("ip").setAddress("127.0.0.1:1"))
        .setEphemeralKey(Hash.ZERO.toByteString())
        .setExpirySlot(ledger.slot + 100)
        .setCapacity(10);
  }

  void control(Signer peer, Hash jobId, OfferOrder order, int max) {
    say(
        peer,
        OfferControl.newBuilder()
            .setJobId(jobId.toByteString())
            .setOrder(order)
            .setOffersMax(max)
            .build());
  }

  // --- what came of it
  // ----------------------------------------------------------------------------

  List<NodeId> noticed() {
    return sent.stream().filter(one -> one.body().hasJobNotice()).map(Sent::to).toList();
  }

  List<JobNotice> notices() {
    return sent.stream()
        .filter(one -> one.body().hasJobNotice())
        .map(one -> one.body().getJobNotice())
        .toList();
  }

  List<Offer> offers() {
    return sent.stream()
        .filter(one -> one.body().hasOffer())
        .map(one -> one.body().getOffer())
        .toList();
  }

  List<NodeId> offeredPartners() {
    return offers().stream().map(offer -> NodeId.of(offer.getBid().getSigner())).toList();
  }

  List<SubscribeReply> replies() {
    return sent.stream()
        .filter(one -> one.body().hasSubscribeReply())
        .map(one -> one.body().getSubscribeReply())
        .toList();
  }

  List<RejectCode> rejects(Signer to) {
    return sent.stream()
        .filter(one -> one.to().equals(to.id()) && one.body().hasReject())
        .map(one -> one.body().getReject())
        .map(Reject::getCode)
        .toList();
  }
}
