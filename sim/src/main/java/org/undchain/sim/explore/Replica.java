package org.undchain.sim.explore;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.undchain.core.consensus.Agreement;
import org.undchain.core.consensus.Decision;
import org.undchain.core.consensus.Restored;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Recon;
import org.undchain.core.message.ReconInsist;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * One honest validator: the real {@link Agreement} with its log, driven step by step, and judged at
 * the wire. The others are named only as far as a step needs them: the honest first, the traitors
 * last.
 */
final class Replica {
  private static final BlockTime NOW = new BlockTime(1_000_000);

  private final Committee committee;
  private final int me;
  private final List<Integer> others = new ArrayList<>();
  private final FixedFiles files;
  private final List<LogRecord> log = new ArrayList<>();
  private final Set<Envelope> durable = new HashSet<>();
  private final Map<String, ByteString> signed = new HashMap<>();
  private final Map<Integer, Ballot> prevotes = new HashMap<>();
  private final Map<Integer, Ballot> precommits = new HashMap<>();
  private final Map<String, TimerId> timers = new HashMap<>();
  private final List<Said> said = new ArrayList<>();
  private Agreement agreement;
  private boolean isStarted;
  private Optional<String> breach = Optional.empty();

  /** A vote this validator gave. */
  record Ballot(int value, int polRound) {}

  /** A message this validator sent. */
  record Said(List<NodeId> to, Envelope message) {}

  Replica(Committee committee, int me, FixedFiles.Kind kind) {
    this.committee = committee;
    this.me = me;
    this.files = new FixedFiles(committee.values, kind);
    for (int i = 0; i < committee.n; i++) {
      if (i != me) {
        others.add(i);
      }
    }
    this.agreement = new Agreement(committee.terms(me), files, member -> false, Optional.empty());
  }

  /** The first thing this validator did that no honest one does. */
  Optional<String> breach() {
    return breach;
  }

  Agreement agreement() {
    return agreement;
  }

  boolean insists() {
    return files.kind().insists();
  }

  /** Its own votes that it may still repeat, and those for values. */
  List<Object> votesFrom(int round) {
    List<Object> votes = new ArrayList<>();
    for (Map<Integer, Ballot> book : List.of(prevotes, precommits)) {
      Map<Integer, Ballot> open = new HashMap<>(book);
      open.entrySet()
          .removeIf(vote -> vote.getKey() < round - 1 && vote.getValue().value() == Values.NIL);
      votes.add(open);
    }
    votes.add(timers.keySet().stream().sorted().toList());
    return votes;
  }

  Optional<Ballot> prevote(int round) {
    return Optional.ofNullable(prevotes.get(round));
  }

  Optional<Ballot> precommit(int round) {
    return Optional.ofNullable(precommits.get(round));
  }

  OptionalInt decided() {
    Optional<Decision> decision = agreement.decision();
    return decision.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(committee.values.of(Hash.of(decision.get().qc().getValue())));
  }

  /** The lock of the newest record of the log; −1 if there is none. */
  int recordedLock() {
    for (int i = log.size() - 1; i >= 0; i--) {
      if (log.get(i).hasVote()) {
        return log.get(i).getVote().getLockedRound();
      }
    }
    return -1;
  }

  int member() {
    return me;
  }

  void apply(Step step) {
    act(out -> perform(step, out));
  }

  /** Receives a message of a member as it was sent. */
  void receive(NodeId from, Opened message) {
    act(out -> dispatch(from, message, out));
  }

  /** What was sent since the last call. */
  List<Said> drain() {
    List<Said> drained = List.copyOf(said);
    said.clear();
    return drained;
  }

  private void act(Consumer<List<Effect>> action) {
    List<Effect> out = new ArrayList<>();
    try {
      action.accept(out);
    } catch (IllegalStateException refused) {
      report("stops: " + refused.getMessage());
    }
    out.forEach(this::judge);
  }

  private void dispatch(NodeId from, Opened message, List<Effect> out) {
    WireMessage body = message.body();
    switch (body.getMessageCase()) {
      case VOTE -> agreement.onVote(NOW, message, out);
      case PROPOSAL -> agreement.onProposal(NOW, from, message, out);
      case CERT -> agreement.onCert(NOW, from, body.getCert(), out);
      case RECON -> {
        Recon recon = body.getRecon();
        switch (recon.getPartCase()) {
          case INSIST -> agreement.onInsist(NOW, from, recon.getInsist(), out);
          case FETCH -> agreement.onFetch(NOW, from, recon.getFetch(), out);
          case DATA -> agreement.onData(NOW, from, recon.getData(), out);
          default -> throw new IllegalStateException("no such part here: " + recon.getPartCase());
        }
      }
      default -> throw new IllegalStateException("no message here: " + body.getMessageCase());
    }
  }

  private void perform(Step step, List<Effect> out) {
    switch (step) {
      case Step.Start start -> start(out);
      case Step.Jump(int round) -> {
        ReconInsist insist =
            ReconInsist.newBuilder().setHeight(Values.HEIGHT).setRound(round).build();
        for (int other : others.subList(0, Committee.faulty(committee.n) + 1)) {
          agreement.onInsist(NOW, committee.id(other), insist, out);
        }
        start(out);
      }
      case Step.Show(Pol pol) ->
          agreement.onCert(NOW, committee.id(others.getLast()), pol.cert(committee), out);
      case Step.Offer(int round, int value, Optional<Pol> pol, boolean isSpoiled) -> {
        Optional<Cert> cert =
            pol.map(it -> it.cert(committee)).map(it -> isSpoiled ? committee.spoiled(it) : it);
        agreement.onProposal(
            NOW, committee.id(others.getLast()), committee.proposal(round, value, cert), out);
      }
      case Step.Timeout(String purpose) -> {
        TimerId timer = timers.remove(purpose);
        if (timer != null) {
          agreement.onTimer(NOW, timer, out);
        }
      }
      case Step.Prevotes(int round, int value, List<Integer> polRounds, int traitors) -> {
        for (int i = 0; i < traitors; i++) {
          vote(others.size() - 1 - i, round, VoteType.VOTE_TYPE_PREVOTE, value, -1, out);
        }
        for (int i = 0; i < polRounds.size(); i++) {
          vote(i, round, VoteType.VOTE_TYPE_PREVOTE, value, polRounds.get(i), out);
        }
      }
      case Step.Precommits(int round, int value, int honest, int traitors) -> {
        for (int i = 0; i < traitors; i++) {
          vote(others.size() - 1 - i, round, VoteType.VOTE_TYPE_PRECOMMIT, value, -1, out);
        }
        for (int i = 0; i < honest; i++) {
          vote(i, round, VoteType.VOTE_TYPE_PRECOMMIT, value, -1, out);
        }
      }
      case Step.Restart restart -> {
        timers.clear();
        agreement =
            new Agreement(
                committee.terms(me), files, member -> false, Restored.of(0, Values.HEIGHT, log));
        if (isStarted) {
          agreement.start(NOW, out);
        }
      }
    }
  }

  private void start(List<Effect> out) {
    isStarted = true;
    agreement.start(NOW, out);
  }

  private void vote(
      int place, int round, VoteType type, int value, int polRound, List<Effect> out) {
    agreement.onVote(NOW, committee.vote(others.get(place), round, type, value, polRound), out);
  }

  private void judge(Effect effect) {
    switch (effect) {
      case Effect.Persist(LogRecord record) -> {
        log.add(record);
        durable.add(record.hasVote() ? record.getVote().getVote() : record.getProposal());
      }
      case Effect.Broadcast(List<NodeId> to, Envelope message) -> {
        said.add(new Said(to, message));
        judge(message);
      }
      case Effect.SetTimer(TimerId id, BlockTime at) -> timers.put(id.purpose(), id);
      case Effect.CancelTimer(TimerId id) -> timers.remove(id.purpose(), id);
      case Effect.Send(NodeId to, Envelope message) -> said.add(new Said(List.of(to), message));
      case Effect.Deliver notice -> {}
      case Effect.Disconnect disconnect -> {}
    }
  }

  private void judge(Envelope message) {
    try {
      switch (message.getType()) {
        case WireMessage.VOTE_FIELD_NUMBER -> {
          judgeSigned(message);
          judgeVote(Vote.parseFrom(message.getBody()), message);
        }
        case WireMessage.PROPOSAL_FIELD_NUMBER -> judgeSigned(message);
        case WireMessage.CERT_FIELD_NUMBER -> judgeCert(Cert.parseFrom(message.getBody()));
        default -> {}
      }
    } catch (InvalidProtocolBufferException damaged) {
      report("sends what does not parse: " + damaged.getMessage());
    }
  }

  /** S4: nothing signed leaves before its record. */
  private void judgeSigned(Envelope message) {
    if (!durable.contains(message)) {
      report("sends what stands in no record (S4)");
    }
  }

  private void judgeVote(Vote vote, Envelope message) {
    int value =
        vote.getValue().isEmpty() ? Values.NIL : committee.values.of(Hash.of(vote.getValue()));
    boolean isPrevote = vote.getType() == VoteType.VOTE_TYPE_PREVOTE;
    String place = vote.getRound() + "/" + vote.getType();
    ByteString before = signed.putIfAbsent(place, message.getBody());
    if (before != null && !before.equals(message.getBody())) {
      report("signs two votes of round " + vote.getRound() + " (S2)");
    }
    if (value == committee.values.invalid()) {
      report("votes for what is invalid (R4.16)");
    }
    Ballot ballot = new Ballot(value, vote.getPolRoundPlusOne() - 1);
    (isPrevote ? prevotes : precommits).put(vote.getRound(), ballot);
    if (isPrevote && value != Values.NIL) {
      judgeLock(vote.getRound(), ballot);
    }
    if (!isPrevote && value != Values.NIL && before == null) {
      judgePol(vote);
    }
  }

  /** R4.24: who precommits holds the POL of that round. */
  private void judgePol(Vote vote) {
    boolean isHeld =
        agreement.pols().stream()
            .anyMatch(
                pol -> pol.getRound() == vote.getRound() && pol.getValue().equals(vote.getValue()));
    if (!isHeld) {
      report("precommits without a POL of round " + vote.getRound() + " (R4.24)");
    }
  }

  /** What E6 convicts: a precommit, then a prevote for another value without a POL since. */
  private void judgeLock(int round, Ballot prevote) {
    precommits.forEach((locked, precommit) -> {
      if (locked < round
          && precommit.value() != Values.NIL
          && precommit.value() != prevote.value()
          && prevote.polRound() < locked) {
        report("ignores its lock of round " + locked + " (S3)");
      }
    });
  }

  /** A certificate goes with all that its votes name (R4.24a), and has a quorum. */
  private void judgeCert(Cert cert) {
    TreeSet<Integer> carried = new TreeSet<>();
    cert.getEarlierList().forEach(pol -> carried.add(pol.getRound()));
    boolean isComplete =
        cert.getPolRoundsPlusOneList().stream()
            .allMatch(plusOne -> plusOne == 0 || carried.contains(plusOne - 1));
    if (!isComplete) {
      report("sends a certificate without the POL that its votes name (R4.24a)");
    }
    if (Integer.bitCount(cert.getBitmap()) < Committee.quorum(committee.n)) {
      report("sends a certificate below the quorum (R4.24)");
    }
  }

  private void report(String what) {
    if (breach.isEmpty()) {
      breach = Optional.of(what);
    }
  }
}
