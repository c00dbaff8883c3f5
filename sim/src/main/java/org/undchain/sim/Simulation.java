package org.undchain.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.undchain.core.machine.Command;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Load;
import org.undchain.core.machine.Machine;
import org.undchain.core.machine.Notice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Stands for all of the node module: runs machines of the core on one thread in virtual time.
 *
 * <p>Whatever happens is a function of the seed and of what the caller does; {@link #traceHash}
 * tells whether two runs were the same. Time jumps from event to event, so an idle hour costs
 * nothing.
 */
public final class Simulation {
  private static final int LINES_PER_NODE = 8;
  private static final int FRAMES_MAX = 8;
  private static final long MICROS_PER_SECOND = 1_000_000;

  /** A hundred times what nine validators need at twenty entries a second. */
  private static final long EVENTS_PER_SECOND_MAX = 150_000;

  private static final NodeId NOBODY = new NodeId(Hash.ZERO.bytes());

  private final long seed;
  private final boolean keepsNotices;
  private final Setting setting;
  private final EventQueue queue = new EventQueue();
  private final VirtualNetwork network = new VirtualNetwork(this);
  private final Map<NodeId, Host> hosts = new TreeMap<>();
  private final List<Observer> observers = new ArrayList<>();
  private final Trace trace = new Trace();
  private NodeId acting = NOBODY;
  private long nowMicros;
  private long events;
  private long eventsThisSecond;

  public Simulation(long seed, Setting setting, BlockTime start) {
    this(seed, setting, start, true);
  }

  /**
   * @param keepsNotices whether {@link #notices} will be asked for; observers see them anyway
   */
  public Simulation(long seed, Setting setting, BlockTime start, boolean keepsNotices) {
    this.keepsNotices = keepsNotices;
    this.seed = seed;
    this.setting = setting;
    this.nowMicros = Math.multiplyExact(start.millis(), 1000);
  }

  public long seed() {
    return seed;
  }

  public Setting setting() {
    return setting;
  }

  public VirtualNetwork network() {
    return network;
  }

  /** True time; the clock of a node may differ. */
  public BlockTime now() {
    return new BlockTime(Math.floorDiv(nowMicros, 1000));
  }

  /** Events handled so far. */
  public long events() {
    return events;
  }

  /** Equal for equal runs, and practically only for them. */
  public long traceHash() {
    return trace.hash();
  }

  public void observe(Observer observer) {
    observers.add(observer);
  }

  // ------------------------------------------------------------------ nodes

  /** Adds a node; it does not run yet. */
  public void add(NodeSpec spec, Delay diskDelay) {
    if (hosts.put(spec.id(), new Host(this, spec, diskDelay)) != null) {
      throw new IllegalArgumentException("two nodes of one key: " + spec.name());
    }
  }

  public void start(NodeId node) {
    guarded(() -> host(node).start());
  }

  /** Kills the process of a node: what was not durable may be lost, what stood behind it is. */
  public void crash(NodeId node) {
    guarded(() -> host(node).crash());
  }

  /** Cuts the power of a node: nothing that was not durable is left. */
  public void losePower(NodeId node) {
    guarded(() -> host(node).losePower());
  }

  /** Kills a node as soon as its next records are durable, before it sends what waits for them. */
  public void doom(NodeId node) {
    host(node).doom();
  }

  /** A node that was doomed and still lives is doomed no more. */
  public void spare(NodeId node) {
    host(node).spare();
  }

  /** Puts an old copy of its log, of so many records, back to a node that is down. */
  public void restoreDisk(NodeId node, int records) {
    host(node).restoreDisk(records);
  }

  /** How long a node's disk takes from now on. */
  public void diskDelay(NodeId node, Delay delay) {
    host(node).diskDelay(delay);
  }

  /** What a node's disk answers to the next syncs. */
  public void diskHealth(NodeId node, DiskHealth health) {
    host(node).diskHealth(health);
  }

  /** Cuts the power of a node in the middle of a write: part of one record reached the disk. */
  public void tear(NodeId node, long perMille) {
    guarded(() -> host(node).tear(perMille));
  }

  /** Flips one bit of a record on the disk of a node that is down. */
  public void flipBit(NodeId node, int record, Chance chance) {
    host(node).offDisk().flip(record, chance);
  }

  /** On the disk of a node that is down one record stands where another one was written. */
  public void misdirect(NodeId node, int meant, int hit) {
    host(node).offDisk().misdirect(meant, hit);
  }

  /**
   * The disk of a node that is down said that records were durable which it lost; nothing tells the
   * node so.
   */
  public void loseSynced(NodeId node, int records) {
    host(node).loseSynced(records);
  }

  public NodeSpec spec(NodeId node) {
    return host(node).spec();
  }

  /** Takes everything but the keys from a node that is down. */
  public void eraseDisk(NodeId node) {
    host(node).eraseDisk();
  }

  /** The process stands still, as in a long collection of garbage; what arrives waits. */
  public void pause(NodeId node, long millis) {
    host(node).pause(Math.multiplyExact(millis, 1000));
  }

  public void clock(NodeId node, VirtualClock clock) {
    host(node).clock(clock);
  }

  public void command(NodeId node, Command command) {
    guarded(() -> host(node).on(new Event.CommandIn(command)));
  }

  public boolean isRunning(NodeId node) {
    return host(node).isRunning();
  }

  public Machine machine(NodeId node) {
    return host(node).machine();
  }

  /** How full a node's stores are; nothing of a node that is down. */
  public List<Load> loads(NodeId node) {
    return host(node).machine().loads();
  }

  public VirtualDisk disk(NodeId node) {
    return host(node).disk();
  }

  /** All that the node's machine delivered, over all its lives. */
  public List<Notice> notices(NodeId node) {
    return host(node).notices();
  }

  /** A node says by itself, without an event, what its observers are to know. */
  public void told(NodeId node, Notice notice) {
    BlockTime shown = host(node).now();
    observers.forEach(observer -> observer.onNotice(node, shown, notice));
  }

  public List<NodeId> nodes() {
    return List.copyOf(hosts.keySet());
  }

  // ------------------------------------------------------------------- time

  /** Does {@code action} at a true time that is not past. */
  public void at(BlockTime time, Runnable action) {
    at(Math.multiplyExact(time.millis(), 1000), action);
  }

  /** Handles everything up to and at this time. */
  public void runUntil(BlockTime time) {
    long until = Math.multiplyExact(time.millis(), 1000);
    while (step(until)) {
      continue;
    }
    nowMicros = Math.max(nowMicros, until);
  }

  /**
   * Handles events until {@code isDone}, looked at after each.
   *
   * @return whether it came true by {@code deadline}
   */
  public boolean runUntil(BooleanSupplier isDone, BlockTime deadline) {
    long until = Math.multiplyExact(deadline.millis(), 1000);
    while (!isDone.getAsBoolean()) {
      if (!step(until)) {
        nowMicros = Math.max(nowMicros, until);
        return isDone.getAsBoolean();
      }
    }
    return true;
  }

  /** Like {@link #runUntil(BooleanSupplier, BlockTime)}; a report says what did not come true. */
  public void runUntilOrFail(BooleanSupplier isDone, BlockTime deadline, String what) {
    guarded(() -> {
      if (!runUntil(isDone, deadline)) {
        throw new AssertionError("does not come true in time: " + what);
      }
    });
  }

  /** Does a check at this moment; a report says what it finds. */
  public void check(Runnable check) {
    guarded(check);
  }

  private boolean step(long untilMicros) {
    return queue
        .pollUntil(untilMicros)
        .map(next -> {
          if (next.atMicros() / MICROS_PER_SECOND != nowMicros / MICROS_PER_SECOND) {
            eventsThisSecond = 0;
          }
          nowMicros = next.atMicros();
          acting = NOBODY;
          events++;
          if (++eventsThisSecond > EVENTS_PER_SECOND_MAX) {
            guarded(() -> {
              throw new Violation(
                  "STORM", "more than " + EVENTS_PER_SECOND_MAX + " events in one second");
            });
          }
          guarded(next.action());
          return true;
        })
        .orElse(false);
  }

  /** Adds seed, time and the last events to whatever goes wrong inside. */
  private void guarded(Runnable action) {
    try {
      action.run();
    } catch (SimulationFailure told) {
      throw told;
    } catch (RuntimeException | AssertionError wrong) {
      throw new SimulationFailure(report(wrong), wrong);
    }
  }

  private String report(Throwable wrong) {
    StringBuilder text = new StringBuilder(400);
    text.append("seed ").append(seed).append(", ").append(now().millis()).append(" ms: ");
    text.append(wrong);
    Stream.of(wrong.getStackTrace())
        .filter(frame -> frame.getClassName().startsWith("org.undchain"))
        .limit(FRAMES_MAX)
        .forEach(frame -> text.append("\n    at ").append(frame));
    String said = String.valueOf(wrong.getMessage());
    boolean isAboutSome =
        hosts.keySet().stream().anyMatch(id -> said.contains(id.toString()) || id.equals(acting));
    hosts.forEach((id, host) -> {
      if (!isAboutSome || said.contains(id.toString()) || id.equals(acting)) {
        text.append("\n  ").append(host.spec().name()).append(' ').append(id);
        trace
            .lastOf(id, LINES_PER_NODE)
            .forEach(line -> text.append("\n    ").append(line, 0, Math.min(150, line.length())));
      }
    });
    return text.toString();
  }

  /** Notes whose turn it is, for the report of a failure. */
  void acting(NodeId node) {
    acting = node;
  }

  // --------------------------------------------------- for the parts of this package

  long nowMicros() {
    return nowMicros;
  }

  void at(long micros, Runnable action) {
    queue.add(Math.max(micros, nowMicros), action);
  }

  void after(long micros, Runnable action) {
    at(nowMicros + micros, action);
  }

  Host host(NodeId node) {
    Host host = hosts.get(node);
    if (host == null) {
      throw new IllegalArgumentException("no node " + node);
    }
    return host;
  }

  boolean keepsNotices() {
    return keepsNotices;
  }

  List<Observer> observers() {
    return observers;
  }

  void trace(NodeId node, String what, Object detail, Bytes content) {
    trace.add(nowMicros, node, what, detail, content);
  }
}
