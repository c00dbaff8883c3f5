package org.undchain.core.agent;

import java.util.ArrayList;
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
import org.undchain.core.message.LogRecord;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/** Drives one machine by hand: keeps what it sends, persists and tells, and fires its timers. */
public final class Driver {
  /** One message that left the machine. */
  public record Sent(NodeId to, Envelope message) {}

  private final Machine machine;
  private final Map<TimerId, BlockTime> timers = new TreeMap<>();
  public final List<Sent> sent = new ArrayList<>();
  public final List<LogRecord> log = new ArrayList<>();
  public final List<Notice> notices = new ArrayList<>();
  public BlockTime now;

  public Driver(Machine machine, BlockTime now) {
    this.machine = machine;
    this.now = now;
    on(new Event.Started());
  }

  public void on(Event event) {
    for (Effect effect : machine.on(now, event)) {
      switch (effect) {
        case Effect.Send(NodeId to, Envelope message) -> sent.add(new Sent(to, message));
        case Effect.Broadcast(List<NodeId> to, Envelope message) ->
            to.forEach(peer -> sent.add(new Sent(peer, message)));
        case Effect.SetTimer(TimerId id, BlockTime at) -> timers.put(id, at);
        case Effect.CancelTimer(TimerId id) -> timers.remove(id);
        case Effect.Persist(LogRecord record) -> log.add(record);
        case Effect.Deliver(Notice notice) -> notices.add(notice);
        case Effect.Disconnect disconnect -> throw new AssertionError(disconnect);
      }
    }
  }

  /** Lets time pass; due timers fire in order. */
  public void run(long millis) {
    BlockTime end = now.plusMillis(millis);
    while (true) {
      Optional<Map.Entry<TimerId, BlockTime>> due =
          timers.entrySet().stream()
              .filter(timer -> !end.isBefore(timer.getValue()))
              .min(Map.Entry.comparingByValue());
      if (due.isEmpty()) {
        now = end;
        return;
      }
      TimerId id = due.get().getKey();
      now = due.get().getValue().isBefore(now) ? now : due.get().getValue();
      timers.remove(id);
      on(new Event.TimerFired(id));
    }
  }

  public <N extends Notice> List<N> notices(Class<N> type) {
    return notices.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Messages of a type, in order. */
  public List<Sent> sent(int type) {
    return sent.stream().filter(one -> one.message().getType() == type).toList();
  }
}
