package org.undchain.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.Seeds;
import org.undchain.core.agent.Members;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.LedgerFixture;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Machine;
import org.undchain.core.machine.Notice;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Opened;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Submit;
import org.undchain.core.message.TimeReply;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/** Validators that start with wrong clocks come to one block time, whatever one of them says. */
@Tag("R3.1")
class ClockBootstrapTest {
  private static final int COUNT = Members.COUNT;
  private static final long WAY_MILLIS_MAX = 20;

  /** Each takes a second of signatures. */
  private static final int SEEDS = 5;

  private final Chain chain = new LedgerFixture().chain;
  private final Members members = new Members(chain);

  @Test
  @Tag("slow")
  void clocksThatAreSecondsApartComeTogether() {
    Seeds.forEachSeed(
        SEEDS,
        random -> {
          Room room = new Room(random, new long[] {0, -3000, 1700, 900}, -1);
          room.run(10_000);
          assertThat(room.synchronisedCount()).isEqualTo(COUNT);
          // whoever stops first may be that far on one side of the others, the last on the other
          assertThat(room.spread(COUNT))
              .isLessThan(2 * ClockBootstrap.SPREAD_MAX_MILLIS + 2 * WAY_MILLIS_MAX);
        });
  }

  @Test
  @Tag("slow")
  @Tag("case-55")
  void aLiarCannotPullTheOthersOutOfTheRangeOfTheirClocks() {
    Seeds.forEachSeed(
        SEEDS,
        random -> {
          long lie = random.nextLong(-10_000_000, 10_000_000);
          Room room = new Room(random, new long[] {500, -400, 100, lie}, COUNT - 1);
          room.run(10_000);
          for (int i = 0; i < COUNT - 1; i++) {
            assertThat(room.offset(i)).isBetween(-400 - WAY_MILLIS_MAX, 500 + WAY_MILLIS_MAX);
          }
          assertThat(room.spread(COUNT - 1)).isLessThan(1000);
        });
  }

  @Test
  void nothingStartsBeforeAQuorumWasMeasured() {
    Room room = new Room(new SplittableRandom(1), new long[] {0, 10, -3000, 40}, -1);
    room.isolate(2);
    room.isolate(3);
    room.run(20_000);
    assertThat(room.synchronisedCount()).isZero();
    assertThat(room.startedCount()).isZero();
  }

  /** Half of a short way is all that a sample can be wrong by. */
  @Test
  void oneSampleOfAShortWayMeasuresAClockThatAgrees() {
    Room room = new Room(new SplittableRandom(1), new long[] {0, 10, -15, 5}, -1);
    room.run(0, ClockBootstrap.SHORT_MILLIS / 2, ClockBootstrap.SHORT_MILLIS / 2);
    assertThat(room.synchronisedCount()).isZero();
    room.go(ClockBootstrap.SHORT_MILLIS);
    assertThat(room.synchronisedCount()).isEqualTo(COUNT);
    assertThat(room.spread(COUNT)).isLessThan(ClockBootstrap.SPREAD_MAX_MILLIS);
  }

  /** An answer that takes longer than the time after which a lost one is asked for again. */
  @Test
  void alsoSlowAnswersAreMeasured() {
    Room room = new Room(new SplittableRandom(1), new long[] {0, 0, 0, 0}, -1);
    room.run(20_000, 270, 270);
    assertThat(room.synchronisedCount()).isEqualTo(COUNT);
  }

  /** As that of a machine that was suspended: what was measured before tells nothing any more. */
  @Test
  void aClockThatChangesWhileItIsMeasuredIsMeasuredAgain() {
    Room room = new Room(new SplittableRandom(1), new long[] {7000, 0, 0, 0}, -1);
    room.isolate(3); // so that the first one waits a moment for it when it has measured the others
    room.run(200, 10, 10);
    assertThat(room.offset(0)).as("not decided yet").isEqualTo(7000);
    room.shift(0, -7000);
    room.go(5_000);
    assertThat(room.synchronisedCount()).isEqualTo(COUNT - 1);
    assertThat(room.offset(0)).isBetween(-20L, 20L);
  }

  @Test
  void whoeverIsNotSynchronisedMakesNoPromise() {
    Synchronising machine =
        new Synchronising(chain, members.identity(0), members.set(), (now, event) -> List.of());
    BlockTime now = chain.calendar().startOf(5);
    machine.on(now, new Event.Started());
    Submit submit = Submit.newBuilder().setEntry(Envelope.newBuilder().setKind(1)).build();
    List<Effect> answer = machine.on(now, members.plain(LedgerFixture.signer("ann").id(), submit));
    assertThat(answer)
        .singleElement()
        .isInstanceOfSatisfying(
            Effect.Send.class,
            send -> {
              WireMessage body =
                  Envelopes.open(chain.context(), chain.signatures(), send.message())
                      .good()
                      .orElseThrow()
                      .body();
              assertThat(body.getReject().getCode()).isEqualTo(RejectCode.REJECT_CODE_NOT_SYNCED);
            });
  }

  @Test
  void theExtremesAreThrownOut() {
    assertThat(FaultTolerantAverage.of(List.of(5L, -1_000_000L, 7L, 1_000_000L), 1))
        .isEqualTo(new FaultTolerantAverage(6, 999_995));
    assertThat(FaultTolerantAverage.of(List.of(3L), 3)).isEqualTo(new FaultTolerantAverage(3, 0));
    assertThat(FaultTolerantAverage.of(List.of(-1L, -2L), 1).mean()).isEqualTo(-2);
  }

  /** Four validators, their clocks, and a network that takes 1 to 20 ms, or as long as is said. */
  private final class Room {
    private final SplittableRandom random;
    private final long[] offsets;
    private final int liar;
    private final List<Machine> machines = new ArrayList<>();
    private final List<List<Notice>> notices = new ArrayList<>();
    private final boolean[] isStarted = new boolean[COUNT];
    private final boolean[] isIsolated = new boolean[COUNT];
    private final List<TreeMap<TimerId, Long>> timers = new ArrayList<>();
    private final PriorityQueue<Happening> queue =
        new PriorityQueue<>(
            Comparator.comparingLong(Happening::at).thenComparingLong(Happening::number));
    private long now = chain.calendar().startOf(10).millis();
    private long number;
    private long wayMillisMin = 1;
    private long wayMillisMax = WAY_MILLIS_MAX;

    private record Happening(long at, long number, Runnable what) {}

    Room(SplittableRandom random, long[] offsets, int liar) {
      this.random = random;
      this.offsets = offsets;
      this.liar = liar;
      for (int i = 0; i < COUNT; i++) {
        int member = i;
        timers.add(new TreeMap<>());
        notices.add(new ArrayList<>());
        machines.add(
            new Synchronising(
                chain,
                members.identity(i),
                members.set(),
                (at, event) -> {
                  isStarted[member] |= event instanceof Event.Started;
                  return answer(member, at, event);
                }));
      }
    }

    /** A validator that runs answers probes too. */
    private List<Effect> answer(int member, BlockTime at, Event event) {
      List<Effect> out = new ArrayList<>();
      if (event instanceof Event.MessageIn(NodeId peer, Opened message)
          && message.body().hasTimeProbe()) {
        TimeAnswer.add(
            chain, members.identity(member), at, peer, message.body().getTimeProbe(), out);
      }
      return out;
    }

    void isolate(int member) {
      isIsolated[member] = true;
    }

    void shift(int member, long millis) {
      offsets[member] += millis;
    }

    void run(long millis) {
      run(millis, 1, WAY_MILLIS_MAX);
    }

    void run(long millis, long wayMin, long wayMax) {
      wayMillisMin = wayMin;
      wayMillisMax = wayMax;
      for (int i = 0; i < COUNT; i++) {
        on(i, new Event.Started());
        for (int j = 0; j < COUNT; j++) {
          if (i != j && !isIsolated[i] && !isIsolated[j]) {
            on(i, members.up(j));
          }
        }
      }
      go(millis);
    }

    void go(long millis) {
      long end = now + millis;
      while (!queue.isEmpty() && queue.element().at() <= end) {
        Happening next = queue.remove();
        now = next.at();
        next.what().run();
      }
    }

    private void after(long millis, Runnable what) {
      queue.add(new Happening(now + Math.max(0, millis), number++, what));
    }

    private void on(int member, Event event) {
      BlockTime local = new BlockTime(now + offsets[member]);
      for (Effect effect : machines.get(member).on(local, event)) {
        switch (effect) {
          case Effect.Send(NodeId to, Envelope message) -> deliver(member, to, message);
          case Effect.SetTimer(TimerId id, BlockTime at) -> timer(member, id, at.minus(local));
          case Effect.CancelTimer(TimerId id) -> timers.get(member).remove(id);
          case Effect.Deliver(Notice notice) -> {
            notices.get(member).add(notice);
            if (notice instanceof ClockNotice.Stepped(long millis)) {
              offsets[member] += millis;
            }
          }
          case Effect.Broadcast never -> throw new AssertionError(never);
          case Effect.Persist never -> throw new AssertionError(never);
          case Effect.Disconnect never -> throw new AssertionError(never);
        }
      }
    }

    private void timer(int member, TimerId id, long millis) {
      long mine = number;
      timers.get(member).put(id, mine);
      after(
          millis,
          () -> {
            if (timers.get(member).remove(id, mine)) {
              on(member, new Event.TimerFired(id));
            }
          });
    }

    private void deliver(int from, NodeId to, Envelope message) {
      int index = memberOf(to);
      Event event = members.in(members.id(from), from == liar ? lied(message) : message);
      after(random.nextLong(wayMillisMin, wayMillisMax + 1), () -> on(index, event));
    }

    private int memberOf(NodeId id) {
      for (int i = 0; i < COUNT; i++) {
        if (members.id(i).equals(id)) {
          return i;
        }
      }
      throw new AssertionError(id);
    }

    /** Another time in each answer. */
    private Envelope lied(Envelope honest) {
      WireMessage body =
          Envelopes.open(chain.context(), chain.signatures(), honest).good().orElseThrow().body();
      if (!body.hasTimeReply()) {
        return honest;
      }
      long lie =
          Math.max(0, body.getTimeReply().getT2Micros() + random.nextLong(-1L << 40, 1L << 40));
      TimeReply reply = body.getTimeReply().toBuilder().setT2Micros(lie).setT3Micros(lie).build();
      return Envelopes.sealMessage(chain.context(), members.identity(liar), 0, reply);
    }

    int synchronisedCount() {
      return (int)
          notices.stream()
              .filter(of -> of.stream().anyMatch(ClockNotice.Synchronised.class::isInstance))
              .count();
    }

    int startedCount() {
      int count = 0;
      for (boolean started : isStarted) {
        count += started ? 1 : 0;
      }
      return count;
    }

    long offset(int member) {
      return offsets[member];
    }

    long spread(int honest) {
      long min = Long.MAX_VALUE;
      long max = Long.MIN_VALUE;
      for (int i = 0; i < honest; i++) {
        min = Math.min(min, offsets[i]);
        max = Math.max(max, offsets[i]);
      }
      return max - min;
    }
  }
}
