package org.undchain.core.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Recon;
import org.undchain.core.message.Vote;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * n validators at one height in virtual time: messages are delayed and, before GST, lost; honest
 * nodes may die and come back with what they had persisted; up to f others are silent or traitors.
 */
final class Net {
  final Committee committee;
  final SplittableRandom random;
  final TreeMap<Integer, Node> honest = new TreeMap<>();
  final List<Traitor> traitors = new ArrayList<>();
  final TreeMap<String, Hash> signedOnce = new TreeMap<>();
  final List<Opened> votesOnTheWire = new ArrayList<>();

  /** Longest delay in milliseconds after GST, and the time of GST. */
  long delayMin = 5;

  long delayMax = 60;
  long gst;
  double lossBeforeGst;

  /** Links that lose everything now. */
  BiPredicate<Integer, Integer> cut = (from, to) -> false;

  long now;
  private long order;
  private final PriorityQueue<Due> due = new PriorityQueue<>();

  private record Due(long at, long order, Runnable what) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  Net(int n, long seed) {
    this.committee = new Committee(n);
    this.random = new SplittableRandom(seed);
  }

  /** One honest validator: its agreement, its files, what it has on disk. */
  final class Node {
    final int member;
    final ToyFiles files;
    final List<LogRecord> log = new ArrayList<>();
    final TreeMap<TimerId, Long> timers = new TreeMap<>();
    final List<Breach> breaches = new ArrayList<>();
    final TreeSet<NodeId> gone = new TreeSet<>();
    Agreement agreement;
    boolean isUp = true;
    long startedAt = -1;
    long decidedAt = -1;

    Node(int member, ToyFiles files) {
      this.member = member;
      this.files = files;
      this.agreement =
          new Agreement(committee.terms(member), files, gone::contains, Optional.empty());
    }

    void start() {
      startedAt = now;
      run(out -> agreement.start(time(), out));
    }

    void crash() {
      isUp = false;
      timers.clear();
    }

    void restart() {
      isUp = true;
      agreement =
          new Agreement(
              committee.terms(member),
              files,
              gone::contains,
              Restored.of(0, Committee.HEIGHT, log));
      if (startedAt >= 0) {
        start();
      }
    }

    void receive(NodeId from, Envelope envelope) {
      if (!isUp) {
        return;
      }
      Opened opened = Committee.open(envelope);
      run(out -> dispatch(from, opened, out));
      agreement.decision().ifPresent(decision -> answer(from, decision));
    }

    /**
     * R4.28, done by the validator around: to a message of a decided height the answer is the QC.
     */
    private void answer(NodeId from, Decision decision) {
      Node node = honest.get(committee.set.indexOf(from));
      if (node != null && node.decidedAt < 0 && random.nextInt(4) == 0) {
        transmit(
            this,
            List.of(from),
            Envelopes.unsigned(
                Committee.CHAIN,
                ToyKeys.id(member),
                WireMessage.CERT_FIELD_NUMBER,
                Committee.PERIOD,
                decision.qc()));
      }
    }

    private void dispatch(NodeId from, Opened opened, List<Effect> out) {
      WireMessage body = opened.body();
      switch (body.getMessageCase()) {
        case VOTE -> agreement.onVote(time(), opened, out);
        case PROPOSAL -> agreement.onProposal(time(), from, opened, out);
        case CERT -> agreement.onCert(time(), from, body.getCert(), out);
        case RECON -> recon(from, body.getRecon(), out);
        default -> throw new AssertionError(body.getMessageCase());
      }
    }

    @Override
    public String toString() {
      return "member " + member + " in round " + agreement.round() + ", decided at " + decidedAt;
    }

    private void recon(NodeId from, Recon recon, List<Effect> out) {
      switch (recon.getPartCase()) {
        case INSIST -> agreement.onInsist(time(), from, recon.getInsist(), out);
        case DATA -> agreement.onData(time(), from, recon.getData(), out);
        case FETCH -> {
          agreement.onFetch(time(), from, recon.getFetch(), out);
          recon.getFetch().getIdsList().forEach(id -> serve(from, Hash.of(id)));
        }
        default -> throw new AssertionError(recon.getPartCase());
      }
    }

    /** Contents travel outside the agreement. */
    private void serve(NodeId asker, Hash id) {
      Node node = honest.get(committee.set.indexOf(asker));
      if (node != null && !files.hidden.contains(id)) {
        send(() -> {
          node.files.hidden.remove(id);
          if (node.isUp) {
            node.run(out -> node.agreement.onContent(time(), out));
          }
        });
      }
    }

    void run(java.util.function.Consumer<List<Effect>> event) {
      List<Effect> out = new ArrayList<>();
      event.accept(out);
      out.forEach(this::perform);
      breaches.addAll(agreement.breaches());
      if (decidedAt < 0 && agreement.decision().isPresent()) {
        decidedAt = now;
      }
    }

    private void perform(Effect effect) {
      switch (effect) {
        case Effect.Persist(LogRecord record) -> log.add(record);
        case Effect.Send(NodeId to, Envelope message) -> transmit(this, List.of(to), message);
        case Effect.Broadcast(List<NodeId> to, Envelope message) -> transmit(this, to, message);
        case Effect.SetTimer(TimerId id, BlockTime at) -> {
          timers.put(id, at.millis());
          Agreement owner = agreement;
          at(at.millis(), () -> fire(owner, id, at.millis()));
        }
        case Effect.CancelTimer(TimerId id) -> timers.remove(id);
        case Effect.Deliver deliver -> {}
        case Effect.Disconnect disconnect -> throw new AssertionError(disconnect);
      }
    }

    private void fire(Agreement owner, TimerId id, long at) {
      if (isUp && owner == agreement && Long.valueOf(at).equals(timers.get(id))) {
        timers.remove(id);
        run(out -> agreement.onTimer(time(), id, out));
      }
    }
  }

  Node add(int member, ToyFiles files) {
    Node node = new Node(member, files);
    honest.put(member, node);
    return node;
  }

  Node node(int member) {
    return Objects.requireNonNull(honest.get(member));
  }

  BlockTime time() {
    return new BlockTime(now);
  }

  void at(long time, Runnable what) {
    due.add(new Due(Math.max(time, now), order++, what));
  }

  /** Everything an honest node says is seen at the wire: by traitors at once, by others later. */
  private void transmit(Node from, List<NodeId> to, Envelope message) {
    Opened opened = Committee.open(message);
    observe(from, opened);
    for (NodeId peer : to) {
      Node node = honest.get(committee.set.indexOf(peer));
      if (node != null && !cut.test(from.member, node.member)) {
        send(() -> node.receive(ToyKeys.id(from.member), message));
      }
    }
    traitors.forEach(traitor -> at(now + 1, () -> traitor.see(opened)));
  }

  /** S2 and S4 at the wire: one payload per place, and its record durable. */
  private void observe(Node from, Opened opened) {
    WireMessage body = opened.body();
    if (body.hasVote()) {
      Vote vote = body.getVote();
      votesOnTheWire.add(opened);
      once(from.member + "/" + vote.getRound() + "/" + vote.getType(), opened);
      assertThat(from.log).anyMatch(record -> record.getVote().getVote().equals(opened.envelope()));
    } else if (body.hasProposal()) {
      once(from.member + "/" + body.getProposal().getRound(), opened);
      assertThat(from.log).anyMatch(record -> record.getProposal().equals(opened.envelope()));
    }
  }

  private void once(String place, Opened opened) {
    Hash before = signedOnce.putIfAbsent(place, opened.id());
    assertThat(before == null || before.equals(opened.id())).as("signed twice: " + place).isTrue();
  }

  void send(Runnable delivery) {
    if (now < gst) {
      if (random.nextDouble() >= lossBeforeGst) {
        at(now + random.nextLong(delayMin, 3 * (delayMax + gst) / 2 + 1), delivery);
      }
    } else {
      at(
          now + (delayMin == delayMax ? delayMin : random.nextLong(delayMin, delayMax + 1)),
          delivery);
    }
  }

  /** Runs until all honest nodes that are up decided, or the time is over. */
  void run(long until) {
    while (!due.isEmpty() && due.peek().at() <= until && !isDone()) {
      Due next = due.poll();
      now = next.at();
      next.what().run();
    }
  }

  boolean isDone() {
    return honest.values().stream().allMatch(node -> node.decidedAt >= 0);
  }

  /** Agreement, inclusion (Lemma 3), and that no honest validator was convicted. */
  void check() {
    TreeSet<Hash> values = new TreeSet<>();
    TreeMap<Hash, Integer> insisting = new TreeMap<>();
    for (Node node : honest.values()) {
      node.agreement
          .decision()
          .ifPresent(decision -> values.add(Certificates.valueOf(decision.candidate().header())));
      node.files.insisted().forEach(id -> insisting.merge(id, 1, Integer::sum));
      for (Breach breach : node.breaches) {
        assertThat(honest).doesNotContainKey(committee.set.indexOf(breach.offender()));
      }
    }
    assertThat(values).as("decided values").hasSizeLessThanOrEqualTo(1);
    for (Node node : honest.values()) {
      if (node.agreement.decision().isPresent()) {
        Decision decision = node.agreement.decision().get();
        assertThat(
                Certificates.verify(Committee.CHAIN, ToyKeys.CHECK, committee.set, decision.qc()))
            .isTrue();
        for (Map.Entry<Hash, Integer> entry : insisting.entrySet()) {
          if (entry.getValue() > committee.set.faulty()) {
            assertThat(decision.candidate().ids()).contains(entry.getKey());
          }
        }
      }
    }
  }
}
