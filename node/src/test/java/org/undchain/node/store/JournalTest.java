package org.undchain.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.undchain.node.store.Records.OWNER;
import static org.undchain.node.store.Records.block;
import static org.undchain.node.store.Records.closed;
import static org.undchain.node.store.Records.lane;
import static org.undchain.node.store.Records.prevote;
import static org.undchain.node.store.Records.vote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.VoteType;
import org.undchain.core.value.BlockTime;
import org.undchain.node.store.SigningGuard.Memory;
import org.undchain.node.store.StoreException.Why;

@Tag("R4.40")
@Tag("R4.41")
class JournalTest {
  private static final BlockTime NOW = new BlockTime(7);
  private static final List<LogRecord> GROUP =
      List.of(
          lane(6, 0, 1),
          prevote(5, 1),
          closed(6),
          vote(5, 0, VoteType.VOTE_TYPE_PRECOMMIT, 1),
          block(5));

  @TempDir private Path folder;
  private Path data;
  private Path before;

  @BeforeEach
  void commitSomething() throws IOException {
    data = folder.resolve("data");
    before = folder.resolve("before");
    Journal.initialise(data, OWNER);
    try (Journal journal = Journal.open(data, OWNER)) {
      journal.commit(List.of(prevote(4, 1), block(4)), NOW);
    }
    copy(data, before);
  }

  @Test
  void whoDiesBetweenTheTwoWritesOfAGroupForgetsNothing() throws IOException {
    commit(GROUP);
    takeBack("signing-guard"); // as a death leaves it: the database has the group, the guard not
    try (Journal journal = Journal.open(data, OWNER)) {
      assertThat(journal.memory()).isEqualTo(new Memory.Whole(4));
      refused(() -> journal.commit(List.of(prevote(5, 2)), NOW));
    }
    try (Journal journal = Journal.open(data, OWNER)) {
      assertThat(journal.memory()).isEqualTo(new Memory.Whole(4));
      refused(() -> journal.commit(List.of(lane(6, 0, 2)), NOW));
    }
  }

  @Test
  void whoDiesBetweenTheTwoWritesOfTheFirstGroupForgetsNothingEither() throws IOException {
    Path fresh = folder.resolve("fresh");
    Journal.initialise(fresh, OWNER);
    Path guard = Journal.guardOf(fresh);
    Path empty = Files.copy(guard, folder.resolve("empty"));
    try (Journal journal = Journal.open(fresh, OWNER)) {
      journal.commit(GROUP, NOW);
    }
    Files.copy(empty, guard, StandardCopyOption.REPLACE_EXISTING);
    try (Journal journal = Journal.open(fresh, OWNER)) {
      assertThat(journal.memory()).isEqualTo(new Memory.Whole(3));
    }
  }

  @Test
  @Tag("case-38")
  void whoseGuardTookOnlySomeOfAGroupForgetsNothing() throws IOException {
    commit(GROUP); // signatures 2 to 4
    byte[] whole = Files.readAllBytes(Journal.guardOf(data));
    for (int there = 2; there <= 3; there++) {
      byte[] torn = whole.clone();
      Arrays.fill(torn, (there + 1) * GuardRecord.SIZE, 5 * GuardRecord.SIZE, (byte) 0);
      Files.write(Journal.guardOf(data), torn);
      try (Journal journal = Journal.open(data, OWNER)) {
        assertThat(journal.memory()).as(there + " of 4").isEqualTo(new Memory.Whole(4));
        refused(() -> journal.commit(List.of(vote(5, 0, VoteType.VOTE_TYPE_PRECOMMIT, 2)), NOW));
      }
      assertThat(Files.readAllBytes(Journal.guardOf(data))).isEqualTo(whole);
    }
  }

  /** Whatever the order of the two writes is, this is what is left when the second never began. */
  @Test
  void aDatabaseThatTookNothingLeavesNoSignatureInTheGuard() throws IOException {
    try (RocksStore store = RocksStore.open(Journal.storeOf(data), OWNER);
        SigningGuard guard =
            SigningGuard.open(
                Journal.guardOf(data), OWNER, store.guardSequence(), sequence -> List.of());
        Journal journal = new Journal(new DeadStore(store), guard)) {
      assertThatThrownBy(() -> journal.commit(GROUP, NOW)).isInstanceOf(StoreException.class);
    }
    try (Journal journal = Journal.open(data, OWNER)) {
      assertThat(journal.memory()).isEqualTo(new Memory.Whole(1));
      journal.commit(List.of(prevote(5, 2)), NOW);
    }
  }

  @Test
  void aGuardThatLacksMoreThanTheNewestGroupIsAmnesia() throws IOException {
    commit(GROUP);
    commit(List.of(prevote(6, 1)));
    takeBack("signing-guard");
    try (Journal journal = Journal.open(data, OWNER)) {
      assertThat(journal.memory()).isInstanceOf(Memory.Amnesia.class);
    }
  }

  @Test
  @Tag("case-41")
  void aDatabaseFromABackupIsAmnesia() throws IOException {
    commit(GROUP);
    takeBack("store");
    try (Journal journal = Journal.open(data, OWNER)) {
      assertThat(journal.memory()).isInstanceOf(Memory.Amnesia.class);
    }
  }

  private void commit(List<LogRecord> records) throws StoreException {
    try (Journal journal = Journal.open(data, OWNER)) {
      journal.commit(records, NOW);
    }
  }

  private void takeBack(String name) throws IOException {
    Path place = data.resolve(name);
    try (Stream<Path> all = Files.walk(place)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
    copy(before.resolve(name), place);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  private interface Action {
    void run() throws StoreException;
  }

  private static void refused(Action action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            StoreException.class,
            refused -> assertThat(refused.why()).isEqualTo(Why.SIGNED_BEFORE));
  }
}
