package org.undchain.node.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.SessionRecord;
import org.undchain.core.value.Hash;

/** Three lives of the log of a client with four sessions. */
final class SessionSeries implements DiskSeries {
  private static final int GROUPS = 18;
  private static final int GROUPS_OF_A_LIFE = 6;
  private static final int SESSIONS = 4;

  private final List<List<LogRecord>> groups = new ArrayList<>();

  SessionSeries() {
    for (int i = 0; i < GROUPS; i++) {
      groups.add(
          i % 3 == 2
              ? List.of(session(i % SESSIONS, 2 * i), session((i + 1) % SESSIONS, 2 * i + 1))
              : List.of(session(i % SESSIONS, 2 * i)));
    }
  }

  private static LogRecord session(int number, int version) {
    return LogRecord.newBuilder()
        .setSession(
            SessionRecord.newBuilder()
                .setContractId(Records.hash(number).toByteString())
                .setStartHeight(version + 1))
        .build();
  }

  @Override
  public int groups() {
    return groups.size();
  }

  @Override
  public void run(Path data, IntConsumer acknowledged, Runnable atFailure) throws StoreException {
    int next = 0;
    while (next < GROUPS) {
      int end = next + GROUPS_OF_A_LIFE;
      try (SessionLog log = SessionLog.open(data)) {
        while (next < end) {
          try {
            log.commit(groups.get(next));
          } catch (StoreException failure) {
            refusesFromNowOn(log, next);
            atFailure.run();
            throw failure;
          }
          acknowledged.accept(++next);
        }
      }
    }
  }

  private void refusesFromNowOn(SessionLog log, int next) {
    try {
      log.commit(groups.get(next));
    } catch (StoreException refused) {
      return;
    }
    throw new IllegalStateException("a session log goes on after its disk failed");
  }

  @Override
  public Judgement judge(Path data, Expected expected, String where) throws IOException {
    int records;
    try (SessionLog log = SessionLog.open(data)) {
      if (!expected.isDiskHonest() && isOfOldRecords(log)) {
        return new Judgement(Found.EARLIER, "");
      }
      records = recordsIn(log, recordsOf(expected.tried()), where);
    } catch (StoreException refused) {
      return new Judgement(Found.REFUSED, refused.toString());
    }
    try (SessionLog log = SessionLog.open(data)) {
      assertThat(log.recovered()).as(where).isEqualTo(newest(records));
      log.commit(List.of(session(0, 99)));
    }
    try (SessionLog log = SessionLog.open(data)) {
      assertThat(log.recovered()).as(where).contains(session(0, 99));
    }
    return new Judgement(
        records < recordsOf(expected.acknowledged()) ? Found.EARLIER : Found.WHOLE, "");
  }

  /**
   * Whether it holds records that were written, one for a session, but not as they ever were
   * together: what a lie leaves of a log that was written anew.
   */
  private boolean isOfOldRecords(SessionLog log) {
    int all = recordsOf(groups.size());
    boolean neverWas =
        IntStream.rangeClosed(0, all).noneMatch(count -> log.recovered().equals(newest(count)));
    return neverWas
        && groups.stream().flatMap(List::stream).toList().containsAll(log.recovered())
        && log.recovered().stream()
                .map(record -> record.getSession().getContractId())
                .distinct()
                .count()
            == log.recovered().size();
  }

  /** After how many records the log is what it is. */
  private int recordsIn(SessionLog log, int most, String where) {
    for (int count = most; count >= 0; count--) {
      if (log.recovered().equals(newest(count))) {
        return count;
      }
    }
    throw new AssertionError(
        where + ": the log holds " + log.recovered().size() + " sessions that never were so");
  }

  private int recordsOf(int count) {
    return groups.subList(0, count).stream().mapToInt(List::size).sum();
  }

  private List<LogRecord> newest(int count) {
    SequencedMap<Hash, LogRecord> newest = new LinkedHashMap<>();
    groups.stream()
        .flatMap(List::stream)
        .limit(count)
        .forEach(record -> newest.put(Hash.of(record.getSession().getContractId()), record));
    return List.copyOf(newest.values());
  }
}
