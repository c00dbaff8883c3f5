package org.undchain.node.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.undchain.core.job.Shedding;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Machine;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.LogRecord;
import org.undchain.core.time.ClockNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/**
 * Runs one machine: one thread, one bounded {@link Inbox}, one consumer.
 *
 * <p>A turn takes what waits, at most {@link #TURN_MAX} events and for some milliseconds, lets the
 * machine answer, makes all records of the turn durable in one group and only then does the
 * effects, in their order: a record is a barrier for everything behind it (R0.5, I20), and waiting
 * a little longer is allowed for what stands before it. A step of the clock (R3.1) is done at once,
 * since the next event already happens in the time behind it. A bug of the machine or a failing
 * disk ends the loop for good.
 */
final class Loop {
  private static final long IDLE_MILLIS = 10_000;
  private static final long LATE_NANOS = 50_000_000;

  /** Whom a crowd keeps out may come back after so long. */
  private static final long CROWD_MILLIS = 1000;

  /** Whoever brings requests waits no longer: a validator that talks too much keeps nobody out. */
  private static final long GIVE_WAY_NANOS = 100_000_000;

  /** Events of one turn. */
  private static final int TURN_MAX = 256;

  /** After so long a turn begins nothing new: what it has to say must not wait. */
  private static final long TURN_NANOS = 5_000_000;

  private final Machine machine;
  private final BlockClock clock;
  private final Durable durable;
  private final Consumer<Throwable> onFatal;
  private final LoopMeter meter;
  private final Inbox inbox = new Inbox();
  private final ArrayDeque<Event> own = new ArrayDeque<>();
  private final Alarm alarm = new Alarm();
  private final Thread thread;
  private BlockTime now = new BlockTime(0); // of the turn
  private volatile Optional<Shedding> shedding = Optional.empty();
  private volatile boolean isStopping;

  /** What the loop needs beside its machine. */
  record Setting(
      String name,
      BlockClock clock,
      Durable durable,
      Consumer<Throwable> onFatal,
      LoopMeter meter) {}

  Loop(Machine machine, Setting setting) {
    this.machine = machine;
    this.clock = setting.clock();
    this.durable = setting.durable();
    this.onFatal = setting.onFatal();
    this.meter = setting.meter();
    this.thread = Thread.ofPlatform().name("loop-" + setting.name()).unstarted(this::run);
  }

  Alarm alarm() {
    return alarm;
  }

  /**
   * @param doing does one effect
   */
  void start(Consumer<Effect> doing) {
    this.runner = Optional.of(doing);
    thread.start();
  }

  private Optional<Consumer<Effect>> runner = Optional.empty();

  /**
   * Waits while the inbox is full.
   *
   * @param isOfValidator whether it goes before what others bring
   */
  void put(Event event, boolean isOfValidator, Runnable handled) throws InterruptedException {
    while (!isStopping && !inbox.offer(new Inbox.Arrival(event, handled), isOfValidator)) {
      // a full inbox slows down whoever fills it
    }
  }

  /** A message of the machine to itself. Only the loop's own thread. */
  void putOwn(Event event) {
    own.add(event);
  }

  int depth() {
    return inbox.size();
  }

  /** The machine refuses requests, all or those of some accounts. */
  void shed(Shedding said) {
    shedding = Optional.of(said);
  }

  /** Whoever brings requests waits a moment while validators are not heard in time. */
  void giveWay() throws InterruptedException {
    inbox.giveWay(GIVE_WAY_NANOS);
  }

  /** Whether some requests have no hope here now. */
  boolean isBusy() {
    return sheddingMillis() > 0 || isCrowded();
  }

  /**
   * For how long requests of an account have no hope here: so much waits so long that more would
   * wait for nothing, or the machine has no room for them. 0 if they have.
   */
  long busyMillis(NodeId account) {
    boolean isShed = shedding.filter(said -> !said.lots().isDrawn(account)).isPresent();
    long millis = isShed ? sheddingMillis() : 0;
    return millis > 0 ? millis : isCrowded() ? CROWD_MILLIS : 0;
  }

  private long sheddingMillis() {
    return shedding.map(said -> said.until().minus(clock.now())).orElse(0L);
  }

  private boolean isCrowded() {
    return inbox.crowdWaitNanos() > LATE_NANOS;
  }

  /**
   * Ends the loop behind the turn it is in. It is woken, not interrupted: that would close the
   * files it may be writing.
   */
  void stop() {
    isStopping = true;
    inbox.wakeUp();
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException impatient) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Consumer<Effect> effects = runner.orElseThrow();
    try {
      while (!isStopping) {
        await();
        if (!isStopping) {
          turn(effects);
        }
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } catch (Throwable bug) {
      isStopping = true;
      onFatal.accept(bug);
    }
  }

  /** At least one event, unless a timer is due or nothing happened for a while. */
  private void await() throws InterruptedException {
    long wait =
        alarm.next().map(due -> Math.min(IDLE_MILLIS, due.minus(clock.now()))).orElse(IDLE_MILLIS);
    inbox.await(own.isEmpty() ? wait : 0);
  }

  private void turn(Consumer<Effect> runner) throws Exception {
    long began = System.nanoTime();
    now = clock.now();
    List<Effect> effects = new ArrayList<>();
    for (Optional<TimerId> due = alarm.due(now); due.isPresent(); due = alarm.due(now)) {
      ask(new Event.TimerFired(due.get()), effects);
    }
    for (int i = own.size(); i > 0; i--) {
      ask(own.remove(), effects);
    }
    Optional<Inbox.Arrival> next = inbox.poll();
    for (int i = 1; next.isPresent(); i++) {
      ask(next.get().event(), effects);
      next.get().handled().run();
      boolean isLong = i == TURN_MAX || System.nanoTime() - began > TURN_NANOS;
      next = isLong ? Optional.empty() : inbox.poll();
    }
    persist(effects);
    for (Effect effect : effects) {
      runner.accept(effect);
    }
    meter.inboxDepth(inbox.size());
  }

  private void ask(Event event, List<Effect> effects) {
    for (Effect effect : machine.on(now, event)) {
      effects.add(effect);
      if (effect instanceof Effect.Deliver(ClockNotice.Stepped(long millis))) {
        clock.step(millis);
        shedding = Optional.empty(); // it was said in the time before
        now = clock.now();
      }
    }
  }

  private void persist(List<Effect> effects) throws Exception {
    List<LogRecord> records = new ArrayList<>();
    for (Effect effect : effects) {
      if (effect instanceof Effect.Persist(LogRecord record)) {
        records.add(record);
      }
    }
    if (!records.isEmpty()) {
      long began = System.nanoTime();
      durable.commit(records, now);
      meter.persisted(records.size(), System.nanoTime() - began);
    }
  }
}
