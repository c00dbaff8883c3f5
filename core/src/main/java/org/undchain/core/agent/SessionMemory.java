package org.undchain.core.agent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.SessionRecord;
import org.undchain.core.session.SessionKeys;
import org.undchain.core.value.Hash;

/**
 * What an agent brings along from the time before its restart.
 *
 * @param records the newest one of each contract, in the order the contracts were made
 */
public record SessionMemory(SessionKeys keys, List<SessionRecord> records) {
  public SessionMemory {
    records = List.copyOf(records);
  }

  public static SessionMemory none(SessionKeys keys) {
    return new SessionMemory(keys, List.of());
  }

  /** From the agent's whole log: later records replace earlier ones of the same contract. */
  public static SessionMemory of(SessionKeys keys, List<LogRecord> log) {
    Map<Hash, SessionRecord> newest = new LinkedHashMap<>();
    for (LogRecord record : log) {
      if (record.hasSession()) {
        newest.put(Hash.of(record.getSession().getContractId()), record.getSession());
      }
    }
    return new SessionMemory(keys, List.copyOf(newest.values()));
  }
}
