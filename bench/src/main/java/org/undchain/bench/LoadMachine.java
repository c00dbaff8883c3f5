package org.undchain.bench;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.undchain.core.agent.Mail;
import org.undchain.core.machine.Command;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Machine;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.Ack;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Role;
import org.undchain.core.message.Submit;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * A client that hands entries in as every client does - to as many validators as make a promise, to
 * the next where one refuses - and notes when they were promised and committed. It believes what
 * validators say: checking stamps is the work of a client, and the client is not what is measured.
 */
final class LoadMachine implements Machine {
  private static final TimerId SWEEP = TimerId.of("sweep");
  private static final long SWEEP_MILLIS = 50;

  /** Then no block can hold an entry any more: its window is over. */
  static final long LOST_MILLIS = 30_000;

  /**
   * Who has so many requests to answer gets no more for now: a connection on which twice as many
   * wait is ended, and what was unanswered on it may be held by somebody.
   */
  static final int UNANSWERED_MAX = 2048;

  private static final long AGAIN_MILLIS = 1000;
  private static final long LOST_NANOS = TimeUnit.MILLISECONDS.toNanos(LOST_MILLIS);

  private final Mail mail;
  private final List<NodeId> validators;
  private final int stamps;
  private final int firm;
  private final BitSet down = new BitSet();
  private final int[] unanswered;
  private final Tally tally;
  private final Consumer<Payer> ended;
  private final Consumer<Payer.Payment> refused;
  private final Map<Hash, Flight> flights = new HashMap<>();
  private final Queue<Flight> resting = new PriorityQueue<>(Comparator.comparing(one -> one.again));
  private int turn;

  /**
   * @param ended hears of an account when all that it handed in together is over
   * @param refused hears of each entry that nobody took
   */
  LoadMachine(Mail mail, Tally tally, Consumer<Payer> ended, Consumer<Payer.Payment> refused) {
    this.mail = mail;
    this.validators =
        mail.chain().genesis().getValidatorsList().stream()
            .map(one -> NodeId.of(one.getId()))
            .toList();
    this.unanswered = new int[validators.size()];
    this.stamps = RunRules.confirmStamps(validators.size());
    this.firm = RunRules.faulty(validators.size()) + 1;
    this.tally = tally;
    this.ended = ended;
    this.refused = refused;
  }

  /**
   * Entries of one account to hand in.
   *
   * @param atNanos when they were due; latencies count from here
   * @param answered runs once for each entry that was promised or refused
   */
  record HandIn(Payer payer, List<Payer.Payment> entries, long atNanos, Runnable answered)
      implements Command {
    HandIn {
      entries = List.copyOf(entries);
    }
  }

  /** Entries of the block of a slot that f + 1 validators have. */
  record InBlock(long slot, List<Hash> ids, long atNanos) implements Command {
    InBlock {
      ids = List.copyOf(ids);
    }
  }

  /** What was handed in together. */
  private static final class Group {
    final Payer payer;
    final Runnable answered;
    int left;

    Group(HandIn handIn) {
      this.payer = handIn.payer();
      this.answered = handIn.answered();
      this.left = handIn.entries().size();
    }
  }

  private static final class Flight {
    final Group group;
    final Payer.Payment entry;
    final long atNanos;
    final BitSet asked = new BitSet();
    final BitSet stamped = new BitSet();
    final BitSet refused = new BitSet();
    final BitSet awaited = new BitSet();

    /** Whose connection ended before they answered: they may hold the entry, whatever they say. */
    final BitSet unsure = new BitSet();

    final Map<Long, Integer> stampsOf = new TreeMap<>();

    /** The block of this slot, or one before it, must hold the entry: f + 1 say so. */
    long firmSlot = Long.MAX_VALUE;

    RejectCode lastRefusal = RejectCode.REJECT_CODE_UNSPECIFIED;
    long againMillis;
    BlockTime again = new BlockTime(0);
    boolean isResting;
    boolean isAnswered;
    boolean isPromised;

    Flight(Group group, Payer.Payment entry, long atNanos) {
      this.group = group;
      this.entry = entry;
      this.atNanos = atNanos;
    }

    /** For whoever has to find out why a promise was not kept. */
    String story() {
      return "promised and in no block: entry "
          + entry.id().hex()
          + ", nonce "
          + entry.nonce()
          + " of "
          + group.payer.id().hex()
          + ", stamps by slot "
          + stampsOf
          + " of validators "
          + stamped
          + ", refused by "
          + refused;
    }
  }

  @Override
  public List<Effect> on(BlockTime now, Event event) {
    List<Effect> out = new ArrayList<>();
    switch (event) {
      case Event.Started() -> out.add(new Effect.SetTimer(SWEEP, now.plusMillis(SWEEP_MILLIS)));
      case Event.CommandIn(Command what) -> command(now, what, out);
      case Event.MessageIn(NodeId peer, Opened message) -> message(now, peer, message, out);
      case Event.TimerFired(TimerId id) -> {
        rested(now, out);
        sweep();
        out.add(new Effect.SetTimer(SWEEP, now.plusMillis(SWEEP_MILLIS)));
      }
      case Event.PeerUp(NodeId peer, Role role) -> onUp(now, validators.indexOf(peer), out);
      case Event.PeerDown(NodeId peer) -> onDown(now, validators.indexOf(peer), out);
    }
    return out;
  }

  private void command(BlockTime now, Command what, List<Effect> out) {
    switch (what) {
      case HandIn handIn -> {
        Group group = new Group(handIn);
        for (Payer.Payment entry : handIn.entries()) {
          Flight flight = new Flight(group, entry, handIn.atNanos());
          flights.put(entry.id(), flight);
          askForPromise(now, flight, out);
        }
        turn++;
      }
      case InBlock block -> {
        for (Hash id : block.ids()) {
          Flight flight = flights.remove(id);
          if (flight != null) {
            awaitNobody(flight);
            tally.committed(
                micros(flight.atNanos, block.atNanos()), block.slot() > flight.firmSlot);
            end(flight);
          }
        }
      }
      default -> throw new IllegalArgumentException("no command of the load: " + what);
    }
  }

  private void askForPromise(BlockTime now, Flight flight, List<Effect> out) {
    for (int i = 0; i < validators.size() && flight.asked.cardinality() < stamps; i++) {
      int place = (turn + i) % validators.size();
      if (isFree(place)) {
        ask(now, flight, place, out);
      }
    }
    if (flight.asked.isEmpty()) {
      rest(now, flight);
    }
  }

  private boolean isFree(int place) {
    return !down.get(place) && unanswered[place] < UNANSWERED_MAX;
  }

  private void ask(BlockTime now, Flight flight, int place, List<Effect> out) {
    flight.asked.set(place);
    if (!flight.awaited.get(place)) {
      flight.awaited.set(place);
      unanswered[place]++;
    }
    Submit submit =
        Submit.newBuilder().setEntry(flight.entry.envelope()).setOwnStampOnly(true).build();
    out.add(new Effect.Send(validators.get(place), mail.plain(now, submit)));
  }

  private void message(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    switch (message.body().getMessageCase()) {
      case ACK -> onAck(peer, message.body().getAck());
      case REJECT -> onReject(now, peer, message.body().getReject(), out);
      default -> {}
    }
  }

  private void heard(Flight flight, int place) {
    if (flight.awaited.get(place)) {
      flight.awaited.clear(place);
      unanswered[place]--;
    }
  }

  private void awaitNobody(Flight flight) {
    flight.awaited.stream().forEach(place -> unanswered[place]--);
    flight.awaited.clear();
  }

  private void onAck(NodeId peer, Ack ack) {
    Flight flight = flights.get(hash(ack.getEntryId()));
    if (flight == null) {
      return;
    }
    int place = validators.indexOf(peer);
    heard(flight, place);
    if (flight.isAnswered) {
      return;
    }
    if (ack.getStampsCount() > 0 && !flight.stamped.get(place)) {
      flight.stamped.set(place);
      if (flight.stampsOf.merge(ack.getSlot(), 1, Integer::sum) >= firm) {
        flight.firmSlot = Math.min(flight.firmSlot, ack.getSlot());
      }
    }
    if (flight.stamped.cardinality() >= stamps) {
      flight.isPromised = true;
      tally.promised(micros(flight.atNanos, System.nanoTime()));
      answer(flight);
    }
  }

  private void onReject(BlockTime now, NodeId peer, Reject reject, List<Effect> out) {
    Flight flight = flights.get(hash(reject.getRef()));
    if (flight == null) {
      return;
    }
    int place = validators.indexOf(peer);
    heard(flight, place);
    flight.refused.set(place);
    flight.lastRefusal = reject.getCode();
    flight.againMillis = Math.max(flight.againMillis, reject.getRetryAfterMillis());
    askAnother(now, flight, out);
  }

  /**
   * What it has not answered may have been lost on the way; twice is as good as once. What is too
   * much for one time comes back later, as if it had said so.
   */
  private void onUp(BlockTime now, int place, List<Effect> out) {
    down.clear(place);
    for (Flight flight : unansweredBy(place)) {
      if (isFree(place)) {
        ask(now, flight, place, out);
      } else {
        flight.refused.set(place);
        askAnother(now, flight, out);
      }
    }
  }

  /** Whoever is gone answers nothing for now, so what it was asked is asked of another. */
  private void onDown(BlockTime now, int place, List<Effect> out) {
    down.set(place);
    for (Flight flight : unansweredBy(place)) {
      flight.unsure.set(place);
      heard(flight, place);
      askAnother(now, flight, out);
    }
  }

  private List<Flight> unansweredBy(int place) {
    return flights.values().stream()
        .filter(one -> one.asked.get(place) && !one.stamped.get(place) && !one.refused.get(place))
        .toList();
  }

  /**
   * Where all who were asked refused the entry, and no promise can come of others, it is refused.
   */
  private void askAnother(BlockTime now, Flight flight, List<Effect> out) {
    OptionalInt next =
        IntStream.range(0, validators.size())
            .filter(place -> isFree(place) && !flight.asked.get(place))
            .findFirst();
    boolean canBePromised = flight.refused.cardinality() <= validators.size() - stamps;
    if (next.isPresent() && canBePromised) {
      ask(now, flight, next.getAsInt(), out);
      return;
    }
    boolean isRefused = flight.refused.equals(flight.asked) && flight.stamped.isEmpty();
    if (isRefused && !flight.isResting) {
      rest(now, flight);
    }
  }

  private void rest(BlockTime now, Flight flight) {
    if (flight.unsure.isEmpty()) {
      flights.remove(flight.entry.id());
    }
    flight.isResting = true;
    if (flight.lastRefusal == RejectCode.REJECT_CODE_UNSPECIFIED) {
      flight.againMillis = AGAIN_MILLIS; // nobody could be asked
    }
    tally.refused(flight.lastRefusal, flight.againMillis);
    flight.again = now.plusMillis(flight.againMillis);
    resting.add(flight);
  }

  /**
   * Whoever was told when to come back stays away until then. An entry that somebody may hold comes
   * back as it is: its nonce signed anew would make two entries of which one is left out, promised
   * or not (R4.14).
   */
  private void rested(BlockTime now, List<Effect> out) {
    while (!resting.isEmpty() && !now.isBefore(resting.element().again)) {
      Flight flight = resting.remove();
      if (flight.unsure.isEmpty()) {
        over(flight);
      } else if (flights.containsKey(flight.entry.id())) {
        flight.isResting = false;
        flight.asked.clear();
        flight.refused.clear();
        askForPromise(now, flight, out);
      }
    }
  }

  private void sweep() {
    long now = System.nanoTime();
    for (Iterator<Flight> all = flights.values().iterator(); all.hasNext(); ) {
      Flight flight = all.next();
      if (now - flight.atNanos > LOST_NANOS) {
        all.remove();
        awaitNobody(flight);
        tally.lost(flight.isPromised);
        if (flight.isPromised) {
          System.err.println(flight.story());
        }
        over(flight);
      }
    }
  }

  private void over(Flight flight) {
    flight.group.payer.giveBack(flight.entry);
    refused.accept(flight.entry);
    end(flight);
  }

  private void end(Flight flight) {
    if (flight.isPromised) {
      tally.settled();
    }
    answer(flight);
    if (--flight.group.left == 0) {
      ended.accept(flight.group.payer);
    }
  }

  private static void answer(Flight flight) {
    if (!flight.isAnswered) {
      flight.isAnswered = true;
      flight.group.answered.run();
    }
  }

  private static Hash hash(ByteString bytes) {
    return bytes.size() == Hash.SIZE ? Hash.of(bytes) : Hash.ZERO;
  }

  private static long micros(long from, long to) {
    return TimeUnit.NANOSECONDS.toMicros(to - from);
  }
}
