package org.undchain.sim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Machine;
import org.undchain.core.machine.Notice;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Opening;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.WireMessage;
import org.undchain.core.time.ClockNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/**
 * One node: a machine, its disk, clock and timers, and the door its messages come in by. Does the
 * effects exactly in order; what stands behind a record waits until the record is durable (I20).
 */
final class Host {
  private static final Machine OFF = (now, event) -> List.of();
  private static final BlockTime NEVER = new BlockTime(Long.MIN_VALUE);
  private static final int DETAIL_MAX = 256;

  private final Simulation simulation;
  private final NodeSpec spec;
  private final VirtualDisk disk = new VirtualDisk();
  private final Chance chance;
  private final Map<TimerId, Due> timers = new TreeMap<>();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final List<Notice> notices = new ArrayList<>();
  private final boolean keepsNotices;
  private Delay diskDelay;
  private VirtualClock clock = VirtualClock.TRUE;
  private BlockTime newest = NEVER;
  private Machine machine = OFF;
  private int incarnation;
  private long timerSettings;
  private long pausedUntilMicros;
  private boolean hasLostDisk;
  private boolean hasLostUnknowingly;
  private boolean isDoomed;
  private DiskHealth health = DiskHealth.GOOD;

  /** When a timer fires by the node's own clock, and which of its settings this is. */
  private record Due(long setting, BlockTime at) {}

  /** An effect, and the number of records that must be durable before it. */
  private record Waiting(int records, Effect effect) {}

  Host(Simulation simulation, NodeSpec spec, Delay diskDelay) {
    this.simulation = simulation;
    this.spec = spec;
    this.diskDelay = diskDelay;
    this.keepsNotices = simulation.keepsNotices();
    this.chance = Chance.of(simulation.seed(), "node " + spec.name());
  }

  NodeSpec spec() {
    return spec;
  }

  boolean isRunning() {
    return machine != OFF;
  }

  /** Counts the starts. */
  int incarnation() {
    return incarnation;
  }

  VirtualDisk disk() {
    return disk;
  }

  Machine machine() {
    return machine;
  }

  List<Notice> notices() {
    return notices;
  }

  BlockTime now() {
    return clock.at(simulation.nowMicros());
  }

  /** Sets the clock; timers keep the times it will show. */
  void clock(VirtualClock newClock) {
    clock = newClock;
    new TreeMap<>(timers).forEach((id, due) -> setTimer(id, due.at()));
  }

  void start() {
    if (isRunning()) {
      throw new IllegalStateException(spec.name() + " runs already");
    }
    incarnation++;
    newest = NEVER; // a process that starts may find its clock set back
    List<LogRecord> recovered = recovered();
    boolean hasLost = hasLostDisk || hasLostUnknowingly;
    hasLostUnknowingly = false;
    simulation.observers().forEach(observer -> observer.onBoot(spec.id(), hasLost));
    machine = spec.boot().machine(new NodeSpec.Start(recovered, disk, hasLostDisk));
    hasLostDisk = false;
    on(new Event.Started());
    simulation.network().started(spec.id());
  }

  /**
   * The durable log. A node whose store refuses to open does what the refusal tells its owner: the
   * damaged folder is moved away, and it starts as one that forgot what it signed (R4.41).
   */
  private List<LogRecord> recovered() {
    Optional<List<LogRecord>> log = disk.recover();
    if (log.isEmpty()) {
      simulation.trace(spec.id(), "refuses", "its damaged log", Bytes.EMPTY);
      eraseDisk();
    }
    return log.orElse(List.of());
  }

  /** How long the disk takes from now on to make a group of records durable. */
  void diskDelay(Delay other) {
    diskDelay = other;
  }

  /** The process will die the moment its next records are durable, before anything is sent. */
  void doom() {
    isDoomed = true;
  }

  void spare() {
    isDoomed = false;
  }

  /** The process dies: of what was not durable yet, chance decides how much reached the disk. */
  void crash() {
    crash((int) chance.between(0, disk.waitingCount()));
  }

  /** The process dies as after a power cut: nothing that was not durable is left. */
  void losePower() {
    crash(0);
  }

  /** The power goes in the middle of a write. */
  void tear(long perMille) {
    if (isRunning()) {
      disk.tear(perMille);
      stop();
    }
  }

  /**
   * What the next syncs answer. A process whose disk failed writes nothing any more and ends: what
   * of the group reached the disk it does not know.
   */
  void diskHealth(DiskHealth other) {
    health = other;
  }

  private void crash(int lucky) {
    if (isRunning()) {
      disk.crash(lucky).forEach(this::durable);
      stop();
    }
  }

  private void stop() {
    isDoomed = false;
    machine = OFF;
    timers.clear();
    waiting.clear();
    simulation.observers().forEach(observer -> observer.onCrash(spec.id()));
    simulation.network().crashed(spec.id());
  }

  /** Everything but the keys is gone. Only while the node is down. */
  void eraseDisk() {
    offDisk().erase();
    hasLostDisk = true;
  }

  /** An old copy is put back: the records after it are gone. Only while the node is down. */
  void restoreDisk(int records) {
    offDisk().truncate(records);
    hasLostDisk = true;
  }

  /** The disk lost newest records that it had called durable, and nothing tells the node so. */
  void loseSynced(int records) {
    offDisk().truncate(Math.max(0, disk.size() - records));
    hasLostUnknowingly = true;
  }

  /** The disk while the node is down, so that it can be spoilt. */
  VirtualDisk offDisk() {
    if (isRunning()) {
      throw new IllegalStateException("the disk of a running node is not changed from outside");
    }
    return disk;
  }

  void pause(long micros) {
    pausedUntilMicros = Math.max(pausedUntilMicros, simulation.nowMicros() + micros);
  }

  void on(Event event) {
    if (!isRunning()) {
      return;
    }
    if (simulation.nowMicros() < pausedUntilMicros) {
      int started = incarnation;
      simulation.at(
          pausedUntilMicros,
          () -> {
            if (incarnation == started) {
              on(event);
            }
          });
      return;
    }
    simulation.acting(spec.id());
    newest = now().isBefore(newest) ? newest : now();
    BlockTime now = newest;
    simulation.trace(spec.id(), arrow(event), event, digest(event));
    simulation.observers().forEach(observer -> observer.onEvent(spec.id(), now, event));
    for (Effect effect : machine.on(now, event)) {
      take(effect);
    }
    syncIfDue();
  }

  /** A message of a peer at the door: the same door as a real node's. */
  void arrive(NodeId peer, Parcel parcel) {
    if (!isRunning()) {
      return;
    }
    Setting setting = simulation.setting();
    switch (parcel.open(setting.context(), setting.check())) {
      case Opening.Good<Opened>(Opened opened) -> on(new Event.MessageIn(peer, opened));
      case Opening.Refused<Opened>(RejectCode code, String detail) ->
          refuse(peer, parcel, code, detail);
    }
  }

  private void refuse(NodeId peer, Parcel parcel, RejectCode code, String detail) {
    simulation.trace(spec.id(), "refused", code + " " + detail, Bytes.EMPTY);
    simulation.observers().forEach(observer -> observer.onRefused(spec.id(), peer, code, detail));
    if (parcel.isOfType(WireMessage.REJECT_FIELD_NUMBER)) {
      return; // two doors would answer each other for ever
    }
    Reject reject =
        Reject.newBuilder()
            .setCode(code)
            .setDetail(detail.substring(0, Math.min(DETAIL_MAX, detail.length())))
            .build();
    Setting setting = simulation.setting();
    long period = setting.calendar().periodOf(setting.calendar().slotAt(now()));
    send(
        peer,
        Parcel.of(
            Envelopes.sealMessage(
                setting.context(), spec.identity(), Math.max(0, period), reject)));
  }

  private void take(Effect effect) {
    if (effect instanceof Effect.Persist(LogRecord record)) {
      byte[] encoded = record.toByteArray();
      disk.append(record, encoded);
      simulation.trace(spec.id(), "persist", record.getRecordCase(), Bytes.wrap(encoded));
    } else if (waiting.isEmpty() && disk.waitingCount() == 0) {
      perform(effect);
    } else {
      waiting.add(new Waiting(disk.size(), effect));
    }
  }

  private void syncIfDue() {
    if (!disk.isSyncDue()) {
      return;
    }
    disk.beginSync();
    int started = incarnation;
    simulation.after(
        diskDelay.draw(diskDelay.minMicros(), chance),
        () -> {
          if (incarnation == started && isRunning()) {
            synced();
          }
        });
  }

  private void synced() {
    if (health != DiskHealth.GOOD) {
      simulation.trace(spec.id(), "disk", health, Bytes.EMPTY);
      if (health == DiskHealth.FULL) {
        losePower(); // nothing of the group found room
      } else {
        health = DiskHealth.GOOD;
        crash();
      }
      return;
    }
    disk.endSync().forEach(this::durable);
    if (isDoomed) {
      losePower();
      return;
    }
    while (!waiting.isEmpty() && waiting.element().records() <= disk.durableCount()) {
      perform(waiting.remove().effect());
    }
    syncIfDue();
  }

  private void durable(LogRecord record) {
    simulation.observers().forEach(observer -> observer.onDurable(spec.id(), record));
  }

  private void perform(Effect effect) {
    switch (effect) {
      case Effect.Send(NodeId to, Envelope message) -> {
        said(message);
        send(to, message, Parcel.of(message));
      }
      case Effect.Broadcast(List<NodeId> to, Envelope message) -> {
        said(message);
        Parcel parcel = Parcel.of(message);
        to.forEach(peer -> send(peer, message, parcel));
      }
      case Effect.SetTimer(TimerId id, BlockTime at) -> setTimer(id, at);
      case Effect.CancelTimer(TimerId id) -> timers.remove(id);
      case Effect.Persist persist -> throw new IllegalStateException("taken before: " + persist);
      case Effect.Deliver(Notice notice) -> {
        if (keepsNotices) {
          notices.add(notice);
        }
        if (notice instanceof ClockNotice.Stepped(long millis)) {
          newest = newest.plusMillis(millis);
          clock(clock.stepped(millis));
        }
        BlockTime now = newest;
        simulation.trace(spec.id(), "notice", notice.getClass().getSimpleName(), Bytes.EMPTY);
        simulation.observers().forEach(observer -> observer.onNotice(spec.id(), now, notice));
      }
      case Effect.Disconnect(NodeId peer, String why) -> {
        simulation.trace(spec.id(), "disconnects", peer + " " + why, peer.bytes());
        simulation.observers().forEach(it -> it.onDisconnect(spec.id(), peer, why));
        simulation.network().disconnect(spec.id(), peer);
      }
    }
  }

  private void said(Envelope message) {
    simulation.observers().forEach(observer -> observer.onSaid(spec.id(), message));
  }

  private void send(NodeId to, Envelope message, Parcel parcel) {
    simulation.observers().forEach(observer -> observer.onSent(spec.id(), to, message));
    send(to, parcel);
  }

  private void send(NodeId to, Parcel parcel) {
    if (to.equals(spec.id())) {
      int started = incarnation;
      simulation.after(
          0,
          () -> {
            if (incarnation == started) {
              arrive(to, parcel);
            }
          });
    } else {
      simulation.network().send(spec.id(), to, parcel);
    }
  }

  private void setTimer(TimerId id, BlockTime at) {
    Due due = new Due(timerSettings++, at);
    timers.put(id, due);
    int started = incarnation;
    simulation.at(
        Math.max(simulation.nowMicros(), clock.trueMicrosOf(at)),
        () -> {
          if (incarnation == started && isRunning() && timers.remove(id, due)) {
            on(new Event.TimerFired(id));
          }
        });
  }

  private static String arrow(Event event) {
    return switch (event) {
      case Event.MessageIn message -> "<- MessageIn";
      case Event.TimerFired fired -> "<- TimerFired";
      case Event.PeerUp up -> "<- PeerUp";
      case Event.PeerDown down -> "<- PeerDown";
      case Event.Started started -> "<- Started";
      case Event.CommandIn command -> "<- CommandIn";
    };
  }

  private static Bytes digest(Event event) {
    return switch (event) {
      case Event.MessageIn(NodeId peer, Opened message) -> message.id().bytes();
      case Event.TimerFired(TimerId id) ->
          Bytes.wrap(id.toString().getBytes(StandardCharsets.UTF_8));
      case Event.PeerUp up -> up.peer().bytes();
      case Event.PeerDown down -> down.peer().bytes();
      case Event.Started started -> Bytes.EMPTY;
      case Event.CommandIn command -> Bytes.EMPTY;
    };
  }
}
