package org.undchain.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.undchain.core.machine.Event;
import org.undchain.core.message.Opened;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/**
 * What happened: a running 64-bit hash over everything, equal for equal runs, and the last lines of
 * each node for the report of a failure.
 */
public final class Trace {
  private static final int LINES_MAX = 50;

  private final Map<NodeId, Deque<Line>> lines = new TreeMap<>();
  private long hash;

  private record Line(long micros, String what, Object detail) {}

  void add(long micros, NodeId node, String what, Object detail, Bytes content) {
    hash = Chance.mix(hash ^ micros);
    hash = Chance.mix(hash ^ node.bytes().longAt(0));
    hash = Chance.mix(hash ^ what.hashCode());
    hash = Chance.mixed(hash, content.unsafeArray(), 0);
    Deque<Line> of = lines.computeIfAbsent(node, id -> new ArrayDeque<>());
    of.add(new Line(micros, what, detail));
    if (of.size() > LINES_MAX) {
      of.removeFirst();
    }
  }

  long hash() {
    return hash;
  }

  List<String> lastOf(NodeId node, int count) {
    List<String> last = new ArrayList<>();
    for (Line line : lines.getOrDefault(node, new ArrayDeque<>())) {
      last.add(line.micros() / 1000 + " ms " + line.what() + " " + words(line.detail()));
    }
    return last.subList(Math.max(0, last.size() - count), last.size());
  }

  private static String words(Object detail) {
    String text =
        switch (detail) {
          case Event.MessageIn(NodeId peer, Opened message) -> "of " + peer + ": " + message.body();
          case Event.TimerFired fired -> fired.id().toString();
          case Event.CommandIn command -> command.what().getClass().getSimpleName();
          default -> detail.toString();
        };
    return text.replaceAll("\\s+", " ");
  }
}
