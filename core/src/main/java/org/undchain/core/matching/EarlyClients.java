package org.undchain.core.matching;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.undchain.core.machine.Load;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Clients that asked for the offers of a job which has not reached this validator yet. */
final class EarlyClients {
  /** Most questions that wait. */
  static final int ASKED_MAX = 1024;

  /** Most of one client. */
  static final int ASKED_PER_CLIENT = 16;

  /** One such question. */
  record Asked(NodeId client, Hash jobId, int offersMax) {}

  private final Map<Long, Asked> waiting = new LinkedHashMap<>();
  private long lastNumber;

  /** Keeps a question under a number of its own; empty if there is no room. */
  Optional<Long> add(NodeId client, Hash jobId, int offersMax) {
    take(client, jobId);
    long own = waiting.values().stream().filter(asked -> asked.client().equals(client)).count();
    if (waiting.size() >= ASKED_MAX || own >= ASKED_PER_CLIENT) {
      return Optional.empty();
    }
    waiting.put(++lastNumber, new Asked(client, jobId, offersMax));
    return Optional.of(lastNumber);
  }

  /** The question of this client for this job, which waits no more. */
  Optional<Asked> take(NodeId client, Hash jobId) {
    return waiting.entrySet().stream()
        .filter(entry -> entry.getValue().client().equals(client))
        .filter(entry -> entry.getValue().jobId().equals(jobId))
        .map(Map.Entry::getKey)
        .findFirst()
        .flatMap(this::expire);
  }

  /** A question that waited long enough, unless its job came or its client left. */
  Optional<Asked> expire(long number) {
    return Optional.ofNullable(waiting.remove(number));
  }

  Load load() {
    return new Load("clients before their job", waiting.size(), ASKED_MAX);
  }

  void forget(NodeId client) {
    waiting.values().removeIf(asked -> asked.client().equals(client));
  }
}
