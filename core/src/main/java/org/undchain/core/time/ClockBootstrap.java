package org.undchain.core.time;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Machine;
import org.undchain.core.machine.TimerId;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Role;
import org.undchain.core.message.TimeProbe;
import org.undchain.core.message.TimeReply;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Brings the clock of a starting node to block time (R3.1, and R3.2 where the others run already):
 * measures every validator it reaches, throws out the extremes, steps to the average, and repeats
 * until the clocks are less than 60 ms apart, its own one among them, or six rounds are over.
 *
 * <p>A measurement is the one of eight samples that was on its way the shortest. The first one that
 * was there and back within 20 ms, so is wrong by 10 ms at most, is enough of a clock that agrees
 * with the own one; clocks that step to each other want the longer look. A liar can shift its own
 * offset only, and at most f of those are thrown out on each side, so the result lies inside the
 * range of honest clocks. Nothing is decided before a quorum was measured.
 */
final class ClockBootstrap implements Machine {
  static final long SPREAD_MAX_MILLIS = 60;
  static final int ROUNDS_MAX = 6;
  private static final int SAMPLES = 8;

  /** After one so short, of a clock so near, more samples would gain nothing that is asked for. */
  static final long SHORT_MILLIS = 20;

  private static final long NEAR_MILLIS = SPREAD_MAX_MILLIS / 2;

  private static final long GRACE_MILLIS = 100;
  private static final long REPEAT_MILLIS = 500;

  /** So long a probe waits: asked again sooner, a slow one would never be answered in time. */
  private static final long LOST_MILLIS = 2 * REPEAT_MILLIS;

  private static final long MICROS = 1000;
  private static final String TIMER_GRACE = "clock-grace";
  private static final String TIMER_REPEAT = "clock-repeat";

  private final Chain chain;
  private final Signer identity;
  private final ValidatorSet set;
  private final Map<NodeId, Measurement> measured = new TreeMap<>();
  private long nextSeq;
  private int rounds;
  private boolean isGrace;
  private boolean isDone;

  /** Samples of one peer in this round. */
  private static final class Measurement {
    private long seq;
    private long sentMicros;
    private int samples;
    private long shortest = Long.MAX_VALUE;
    private long offsetMicros;

    boolean isComplete() {
      boolean agrees = Math.abs(offsetMicros) <= NEAR_MILLIS * MICROS;
      return samples == SAMPLES || (agrees && shortest <= SHORT_MILLIS * MICROS);
    }
  }

  /**
   * @param set the newest validators this node knows of
   */
  ClockBootstrap(Chain chain, Signer identity, ValidatorSet set) {
    this.chain = chain;
    this.identity = identity;
    this.set = set;
  }

  boolean isDone() {
    return isDone;
  }

  @Override
  public List<Effect> on(BlockTime now, Event event) {
    List<Effect> out = new ArrayList<>();
    switch (event) {
      case Event.Started() -> {
        out.add(new Effect.SetTimer(TimerId.of(TIMER_REPEAT), now.plusMillis(REPEAT_MILLIS)));
        finishRound(now, out);
      }
      case Event.PeerUp(NodeId peer, Role role) -> {
        if (role == Role.ROLE_VALIDATOR && set.contains(peer)) {
          measured.put(peer, new Measurement());
          probe(now, peer, out);
        }
      }
      case Event.PeerDown(NodeId peer) -> measured.remove(peer);
      case Event.MessageIn(NodeId peer, Opened message) -> onMessage(now, peer, message, out);
      case Event.TimerFired(TimerId id) -> onTimer(now, id, out);
      case Event.CommandIn command ->
          throw new IllegalArgumentException("a starting validator takes no command: " + command);
    }
    return out;
  }

  private void onMessage(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    switch (message.body().getMessageCase()) {
      case TIME_PROBE ->
          TimeAnswer.add(chain, identity, now, peer, message.body().getTimeProbe(), out);
      case TIME_REPLY -> {
        if (message.isSigned() && message.signer().equals(peer)) {
          onReply(now, peer, message.body().getTimeReply(), out);
        }
      }
      case SUBMIT ->
          out.add(
              new Effect.Send(
                  peer,
                  notSynced(
                      now,
                      Envelopes.idOrZero(chain.context(), message.body().getSubmit().getEntry()))));
      case SUBSCRIBE -> out.add(new Effect.Send(peer, notSynced(now, message.id())));
      case HELLO,
          DIRECTORY_REQUEST,
          DIRECTORY_REPLY,
          ACK,
          STATUS,
          REJECT,
          GET,
          GET_REPLY,
          LANE_BATCH,
          RECON,
          PROPOSAL,
          VOTE,
          CERT,
          SUBSCRIBE_REPLY,
          PARTNER_STATUS,
          JOB_NOTICE,
          BID,
          OFFER,
          OFFER_CONTROL,
          CONTRACT,
          WORK,
          MICRO,
          CLOSE -> {} // comes again: whoever sends it repeats it, and nothing here can judge it yet
      case MESSAGE_NOT_SET -> throw new IllegalStateException("opened without a body");
    }
  }

  private void onReply(BlockTime now, NodeId peer, TimeReply reply, List<Effect> out) {
    Measurement measurement = measured.get(peer);
    if (measurement == null
        || measurement.isComplete()
        || reply.getSeq() != measurement.seq
        || reply.getT1Micros() != measurement.sentMicros) {
      return;
    }
    long t4 = micros(now);
    long onTheWay = t4 - measurement.sentMicros - (reply.getT3Micros() - reply.getT2Micros());
    boolean isPossible =
        reply.getT2Micros() >= 0 && reply.getT3Micros() >= reply.getT2Micros() && onTheWay >= 0;
    if (!isPossible) {
      return; // a liar; it is not measured
    }
    measurement.samples++;
    if (onTheWay < measurement.shortest) {
      measurement.shortest = onTheWay;
      measurement.offsetMicros =
          (reply.getT2Micros() - measurement.sentMicros + reply.getT3Micros() - t4) / 2;
    }
    if (measurement.isComplete()) {
      onMeasured(now, out);
    } else {
      probe(now, peer, out);
    }
  }

  /** All measured: at once; a quorum measured: after a short wait for the others. */
  private void onMeasured(BlockTime now, List<Effect> out) {
    if (complete() == set.others(identity.id()).size()) {
      finishRound(now, out);
    } else if (isQuorum() && !isGrace) {
      isGrace = true; // not longer because of each that still comes
      out.add(new Effect.SetTimer(TimerId.of(TIMER_GRACE), now.plusMillis(GRACE_MILLIS)));
    }
  }

  private void onTimer(BlockTime now, TimerId id, List<Effect> out) {
    switch (id.purpose()) {
      case TIMER_GRACE -> {
        isGrace = false;
        finishRound(now, out);
      }
      case TIMER_REPEAT -> {
        out.add(new Effect.SetTimer(TimerId.of(TIMER_REPEAT), now.plusMillis(REPEAT_MILLIS)));
        measured.forEach((peer, measurement) -> {
          boolean isLate = micros(now) - measurement.sentMicros >= LOST_MILLIS * MICROS;
          if (!measurement.isComplete() && isLate) {
            probe(now, peer, out); // the one before, or its answer, was lost
          }
        });
      }
      default -> throw new IllegalArgumentException("no timer of the clock: " + id);
    }
  }

  private void finishRound(BlockTime now, List<Effect> out) {
    if (isDone || !isQuorum()) {
      return;
    }
    List<Long> offsets = new ArrayList<>();
    offsets.add(0L);
    measured.values().stream()
        .filter(Measurement::isComplete)
        .forEach(measurement -> offsets.add(measurement.offsetMicros));
    FaultTolerantAverage average = FaultTolerantAverage.of(offsets, set.faulty());
    long millis = Math.floorDiv(average.mean() + MICROS / 2, MICROS);
    if (millis != 0) {
      out.add(new Effect.Deliver(new ClockNotice.Stepped(millis)));
    }
    rounds++;
    // What was measured long before the quorum was there may be of another clock than the one now.
    boolean isNear = Math.abs(millis) < SPREAD_MAX_MILLIS;
    boolean isTogether = isNear && average.spread() < SPREAD_MAX_MILLIS * MICROS;
    if (isTogether || rounds == ROUNDS_MAX) {
      isDone = true;
      out.add(new Effect.CancelTimer(TimerId.of(TIMER_REPEAT)));
      out.add(new Effect.CancelTimer(TimerId.of(TIMER_GRACE)));
      out.add(new Effect.Deliver(new ClockNotice.Synchronised(average.spread() / MICROS, rounds)));
      return;
    }
    for (NodeId peer : List.copyOf(measured.keySet())) {
      measured.put(peer, new Measurement());
      probe(now.plusMillis(millis), peer, out);
    }
  }

  private int complete() {
    return (int) measured.values().stream().filter(Measurement::isComplete).count();
  }

  /** With itself where it is a member. */
  private boolean isQuorum() {
    return complete() + (set.contains(identity.id()) ? 1 : 0) >= set.quorum();
  }

  private void probe(BlockTime now, NodeId peer, List<Effect> out) {
    Measurement measurement = measured.computeIfAbsent(peer, ignored -> new Measurement());
    measurement.seq = ++nextSeq;
    measurement.sentMicros = micros(now);
    TimeProbe probe =
        TimeProbe.newBuilder().setSeq(measurement.seq).setT1Micros(measurement.sentMicros).build();
    out.add(new Effect.Send(peer, plain(now, probe)));
  }

  /** No promise without block time; the submitter learns why and asks others. */
  private Envelope notSynced(BlockTime now, Hash ref) {
    Reject reject =
        Reject.newBuilder()
            .setRef(ref.toByteString())
            .setCode(RejectCode.REJECT_CODE_NOT_SYNCED)
            .setDetail("this validator measures the clocks of the others, and then starts")
            .setRetryAfterMillis(REPEAT_MILLIS)
            .build();
    return Envelopes.sealMessage(chain.context(), identity, TimeAnswer.period(chain, now), reject);
  }

  private Envelope plain(BlockTime now, Message message) {
    return Envelopes.unsigned(
        chain.context(),
        identity.id(),
        Envelopes.messageType(message),
        TimeAnswer.period(chain, now),
        message);
  }

  private static long micros(BlockTime now) {
    return Math.multiplyExact(now.millis(), MICROS);
  }
}
