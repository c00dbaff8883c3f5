package org.undchain.node.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.job.Lots;
import org.undchain.core.job.Shedding;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Machine;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.LogRecord;
import org.undchain.core.time.ClockNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

@Timeout(60)
final class LoopTest {
  private static final BlockTime START = new BlockTime(1_000_000);

  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();

  @Test
  void aStopLetsTheDiskFinishWhatItWrites() throws Exception {
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch disk = new CountDownLatch(1);
    List<LogRecord> durable = new CopyOnWriteArrayList<>();
    Machine machine = (now, event) -> List.of(new Effect.Persist(LogRecord.getDefaultInstance()));
    Loop loop =
        loop(
            machine,
            (records, now) -> {
              writing.countDown();
              awaitAll(disk);
              durable.addAll(records);
            });
    loop.start(effect -> {});
    loop.put(new Event.Started(), false, () -> {});
    writing.await();
    Thread stop = Thread.ofVirtual().start(loop::stop);
    while (stop.getState() != Thread.State.WAITING) {
      Thread.onSpinWait(); // until it waits for the loop, which waits for the disk
    }
    disk.countDown();
    stop.join();
    assertThat(durable).hasSize(1);
    assertThat(fatal).isEmpty();
  }

  /** A flood of requests waits in its own lane; a vote is seen in the next turn. */
  @Test
  @Tag("case-56")
  void whatValidatorsSayGoesBeforeAFloodOfOthers() throws Exception {
    int flood = 1000;
    List<TimerId> seen = new CopyOnWriteArrayList<>();
    CountDownLatch all = new CountDownLatch(flood + 2);
    Machine machine =
        (now, event) -> {
          seen.add(((Event.TimerFired) event).id());
          all.countDown();
          return List.of();
        };
    Loop loop = loop(machine, (records, now) -> {});
    for (int i = 0; i < flood; i++) {
      loop.put(new Event.TimerFired(TimerId.of("request", i)), false, () -> {});
    }
    loop.put(new Event.TimerFired(TimerId.of("vote", 1)), true, () -> {});
    loop.put(new Event.TimerFired(TimerId.of("vote", 2)), true, () -> {});
    loop.start(effect -> {});
    all.await();
    loop.stop();
    assertThat(seen.subList(0, 3))
        .containsExactly(TimerId.of("vote", 1), TimerId.of("vote", 2), TimerId.of("request", 0));
    assertThat(seen.stream().filter(id -> id.purpose().equals("request")).map(TimerId::first))
        .as("each lane keeps its order")
        .isSorted();
  }

  /** Validators that never stop talking leave the others a share. */
  @Test
  void nobodyWaitsForEverBehindValidators() throws Exception {
    Inbox inbox = new Inbox();
    for (int i = 0; i < 256; i++) {
      inbox.offer(new Inbox.Arrival(new Event.TimerFired(TimerId.of("vote", i)), () -> {}), true);
      inbox.offer(new Inbox.Arrival(new Event.Started(), () -> {}), false);
    }
    List<Event> seen = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      seen.add(inbox.poll().orElseThrow().event());
    }
    assertThat(seen.stream().filter(event -> event instanceof Event.Started))
        .hasSize(100 / Inbox.OTHERS_EVERY);
  }

  /** A single request that waits while the process stands still is no overload. */
  @Test
  @Tag("case-56")
  void onlyACrowdThatWaitsIsOverload() throws Exception {
    Inbox inbox = new Inbox();
    long since = System.nanoTime() - 1_000_000_000L;
    for (int i = 1; i < Inbox.CROWD; i++) {
      inbox.offer(new Inbox.Arrival(new Event.Started(), () -> {}, since), false);
    }
    inbox.offer(new Inbox.Arrival(new Event.Started(), () -> {}, since), true);
    assertThat(inbox.crowdWaitNanos()).isZero();
    inbox.offer(new Inbox.Arrival(new Event.Started(), () -> {}), false);
    assertThat(inbox.crowdWaitNanos()).isGreaterThanOrEqualTo(1_000_000_000L);
    inbox.poll();
    inbox.poll();
    assertThat(inbox.crowdWaitNanos()).isZero();
  }

  /** What the machine has no room for is refused until the time that it says. */
  @Test
  @Tag("case-56")
  void whileTheMachineShedsTheDoorIsBusy() {
    Loop loop = loop((now, event) -> List.of(), (records, now) -> {});
    NodeId account = new NodeId(Hashes.tagged("account").bytes());
    Lots all = new Lots(1, Lots.ALL);
    assertThat(loop.isBusy()).isFalse();
    loop.shed(new Shedding(START.plusMillis(3_600_000), Lots.none(1)));
    assertThat(loop.isBusy()).isTrue();
    assertThat(loop.busyMillis(account)).isBetween(3_000_000L, 3_600_000L);
    loop.shed(new Shedding(START.plusMillis(3_600_000), all));
    assertThat(loop.busyMillis(account)).as("who is drawn").isZero();
    loop.shed(new Shedding(START.plusMillis(-1), Lots.none(1)));
    assertThat(loop.isBusy()).isFalse();
    assertThat(loop.busyMillis(account)).isZero();
  }

  @Test
  @Tag("R3.1")
  void whatHappensBehindAStepOfTheClockHappensInTheTimeBehindIt() throws Exception {
    List<BlockTime> times = new ArrayList<>();
    CountDownLatch seen = new CountDownLatch(3);
    Machine machine =
        (now, event) -> {
          times.add(now);
          seen.countDown();
          return times.size() == 1
              ? List.of(
                  new Effect.Deliver(new ClockNotice.Stepped(-500_000)),
                  new Effect.SetTimer(TimerId.of("next"), now.plusMillis(-500_000)))
              : List.of();
        };
    Loop loop = loop(machine, (records, now) -> {});
    loop.put(new Event.Started(), false, () -> {});
    loop.put(new Event.Started(), false, () -> {}); // both are of one turn
    loop.start(effect -> {
      if (effect instanceof Effect.SetTimer(TimerId id, BlockTime at)) {
        loop.alarm().set(id, at);
      }
    });
    seen.await();
    loop.stop();
    assertThat(times.getFirst()).isGreaterThanOrEqualTo(START);
    assertThat(times.subList(1, 3)).allMatch(time -> time.isBefore(START.plusMillis(-400_000)));
    assertThat(fatal).isEmpty();
  }

  private static void awaitAll(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException("interrupted while it writes", interrupted);
    }
  }

  private Loop loop(Machine machine, Durable durable) {
    return new Loop(
        machine,
        new Loop.Setting("test", BlockClock.from(START), durable, fatal::add, NodeMeter.NONE));
  }
}
