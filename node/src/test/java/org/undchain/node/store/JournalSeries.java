package org.undchain.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.undchain.node.store.Records.OWNER;
import static org.undchain.node.store.Records.block;
import static org.undchain.node.store.Records.checkpoint;
import static org.undchain.node.store.Records.closed;
import static org.undchain.node.store.Records.lane;
import static org.undchain.node.store.Records.prevote;
import static org.undchain.node.store.Records.vote;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.undchain.core.message.Block;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.VoteType;
import org.undchain.core.value.BlockTime;
import org.undchain.node.store.SigningGuard.Memory;

/**
 * Three lives of a validator's journal: lanes, votes, blocks, checkpoints, groups without a
 * signature; so many bytes that the database writes tables while it works, and a guard so small
 * that it is written anew several times.
 */
final class JournalSeries implements DiskSeries {
  private static final BlockTime NOW = new BlockTime(7);
  private static final long GUARD_BYTES_MAX = 12 * GuardRecord.SIZE;
  private static final int HEIGHTS = 12;
  private static final int HEIGHTS_OF_A_LIFE = 4;
  private static final int LARGE_BYTES = 700 << 10;

  private final List<List<LogRecord>> groups = new ArrayList<>();
  private final List<Integer> lives = new ArrayList<>();

  JournalSeries() {
    for (int height = 1; height <= HEIGHTS; height++) {
      groups.add(List.of(lane(height, 0, height), prevote(height, height)));
      groups.add(
          List.of(
              vote(height, 0, VoteType.VOTE_TYPE_PRECOMMIT, height),
              closed(height),
              blockOf(height)));
      if (height % HEIGHTS_OF_A_LIFE == 2) {
        groups.add(List.of(checkpoint(height, 0, 2), checkpoint(height, 1, 2)));
      }
      if (height % HEIGHTS_OF_A_LIFE == 0) {
        lives.add(groups.size());
      }
    }
  }

  /** Those of the second life are large. */
  private static LogRecord blockOf(int height) {
    if (height / HEIGHTS_OF_A_LIFE != 1) {
      return block(height);
    }
    byte[] large = new byte[LARGE_BYTES];
    java.util.Arrays.fill(large, (byte) height);
    Block.Builder block = block(height).getBlock().toBuilder();
    block.addEntries(Envelope.newBuilder().setBody(ByteString.copyFrom(large)));
    return LogRecord.newBuilder().setBlock(block).build();
  }

  @Override
  public int groups() {
    return groups.size();
  }

  @Override
  public void run(Path data, IntConsumer acknowledged, Runnable atFailure) throws StoreException {
    Journal.initialise(data, OWNER);
    int next = 0;
    for (int end : lives) {
      try (Journal journal = open(data)) {
        while (next < end) {
          try {
            journal.commit(groups.get(next), NOW.plusMillis(next));
          } catch (StoreException failure) {
            refusesFromNowOn(journal, next);
            atFailure.run();
            throw failure;
          }
          acknowledged.accept(++next);
        }
      }
    }
  }

  /** Whatever is tried after a failure is refused, also on a disk that works again. */
  private void refusesFromNowOn(Journal journal, int next) {
    try {
      journal.commit(groups.get(next), NOW);
    } catch (StoreException refused) {
      return;
    }
    throw new IllegalStateException("a journal goes on after its disk failed");
  }

  private static Journal open(Path data) throws StoreException {
    return Journal.open(data, OWNER, GUARD_BYTES_MAX);
  }

  @Override
  public Judgement judge(Path data, Expected expected, String where) throws IOException {
    Journal.initialise(data, OWNER); // as whoever starts a node again does
    int there;
    try (Journal journal = open(data)) {
      there = groupsIn(journal.store(), where);
      assertThat(there).as(where).isLessThanOrEqualTo(expected.tried());
      if (journal.memory() instanceof Memory.Amnesia(String why)) {
        return new Judgement(Found.FORGETFUL, why);
      }
      refusesASecondVote(journal, Math.max(there, expected.acknowledged()), where);
    } catch (StoreException refused) {
      assertThat(refused.getMessage()).as(where).contains("start again");
      return new Judgement(Found.REFUSED, refused.toString());
    }
    goesOn(data, there, where);
    return new Judgement(there < expected.acknowledged() ? Found.EARLIER : Found.WHOLE, "");
  }

  /** How many groups the log holds: all their records in order, and nothing else. */
  private int groupsIn(NodeStore store, String where) throws StoreException {
    List<LogRecord> everything = store.everything();
    Recovered recovered = store.recover();
    for (int count = 0; count <= groups.size(); count++) {
      if (everything.equals(logged(count)) && recovered.records().equals(recovered(count))) {
        for (LogRecord record : logged(count)) {
          if (record.hasBlock()) {
            long height = record.getBlock().getHead().getHeader().getHeight();
            assertThat(store.block(height)).as(where).isEqualTo(Optional.of(record.getBlock()));
          }
        }
        return count;
      }
    }
    throw new AssertionError(
        where + ": the log holds " + everything.size() + " records that are no beginning of it");
  }

  private List<LogRecord> all(int count) {
    return groups.subList(0, count).stream().flatMap(List::stream).toList();
  }

  private List<LogRecord> logged(int count) {
    return all(count).stream().filter(record -> !record.hasCheckpoint()).toList();
  }

  /** From the checkpoint before the newest one on. */
  private List<LogRecord> recovered(int count) {
    List<LogRecord> all = all(count);
    int newest = 0;
    int before = 0;
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).hasCheckpoint() && all.get(i).getCheckpoint().getPart() == 0) {
        before = newest;
        newest = i;
      }
    }
    return all.subList(before, all.size());
  }

  private void refusesASecondVote(Journal journal, int signedGroups, String where) {
    for (LogRecord signed : all(signedGroups).reversed()) {
      if (signed.hasVote()) {
        GuardRecord place = GuardRecord.of(signed).orElseThrow();
        LogRecord other =
            vote(place.height(), (int) place.round(), VoteType.forNumber(place.step()), 99);
        assertThat(catchThrowable(() -> journal.commit(List.of(other), NOW)))
            .as(where + ": a second vote")
            .isInstanceOfSatisfying(
                StoreException.class,
                refused ->
                    assertThat(refused.why())
                        .as(where)
                        .isEqualTo(StoreException.Why.SIGNED_BEFORE));
        return;
      }
    }
  }

  private void goesOn(Path data, int there, String where) throws StoreException {
    if (there < groups.size()) {
      try (Journal journal = open(data)) {
        journal.commit(groups.get(there), NOW.plusMillis(there));
      }
      try (Journal journal = open(data)) {
        assertThat(groupsIn(journal.store(), where)).as(where).isEqualTo(there + 1);
        assertThat(journal.memory()).as(where).isNotInstanceOf(Memory.Amnesia.class);
      }
    }
  }
}
