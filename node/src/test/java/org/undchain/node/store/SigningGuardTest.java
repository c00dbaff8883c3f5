package org.undchain.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.undchain.node.store.Records.OWNER;
import static org.undchain.node.store.Records.lane;
import static org.undchain.node.store.Records.prevote;
import static org.undchain.node.store.Records.vote;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.VoteType;
import org.undchain.core.value.NodeId;
import org.undchain.node.store.SigningGuard.Memory;
import org.undchain.node.store.StoreException.Why;

@Tag("R4.40")
@Tag("R4.41")
class SigningGuardTest {
  private static final SigningGuard.Unfinished NONE = after -> List.of();

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void initialise() throws StoreException {
    file = folder.resolve("guard");
    SigningGuard.initialise(file, OWNER);
  }

  @Test
  void anInitialisedGuardIsFreshAndAMissingOneIsAmnesia() throws IOException {
    assertThat(memoryWith(0)).isEqualTo(new Memory.Fresh());
    Files.delete(file);
    assertThat(memoryWith(0)).isInstanceOf(Memory.Amnesia.class);
  }

  @Test
  void amnesiaIsStillKnownAfterASecondRestartUntilSomethingIsSigned() throws IOException {
    Files.delete(file);
    long sequence;
    try (SigningGuard guard = SigningGuard.open(file, OWNER, 0, NONE)) {
      sequence = guard.sequence();
    }
    try (SigningGuard guard = SigningGuard.open(file, OWNER, sequence, NONE)) {
      assertThat(guard.memory()).isInstanceOf(Memory.Amnesia.class);
      sign(guard, List.of(prevote(9, 1)));
      sequence = guard.sequence();
    }
    assertThat(memoryWith(sequence)).isEqualTo(new Memory.Whole(sequence));
  }

  @Test
  @Tag("case-37")
  void aGuardThatCannotBeLookedAtIsNotTakenForAMissingOne() throws IOException {
    Files.delete(file);
    Files.createSymbolicLink(file, file); // a loop: there, and not to be read
    assertThatThrownBy(() -> SigningGuard.initialise(file, OWNER))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> memoryWith(0)).isInstanceOf(StoreException.class);
    assertThat(Files.isSymbolicLink(file)).as("left as it is").isTrue();
  }

  @Test
  void oneSignatureForEachPlace() throws IOException {
    try (SigningGuard guard = SigningGuard.open(file, OWNER, 0, NONE)) {
      sign(guard, List.of(prevote(5, 1), vote(5, 0, VoteType.VOTE_TYPE_PRECOMMIT, 1)));
      sign(guard, List.of(vote(5, 0, VoteType.VOTE_TYPE_PRECOMMIT, 1))); // said again
      assertThat(guard.sequence()).isEqualTo(2);
      assertRefused(guard, () -> sign(guard, List.of(prevote(5, 2))));
    }
    try (SigningGuard guard = SigningGuard.open(file, OWNER, 2, NONE)) {
      assertThat(guard.memory()).isEqualTo(new Memory.Whole(2));
      assertRefused(guard, () -> sign(guard, List.of(vote(5, 0, VoteType.VOTE_TYPE_PRECOMMIT, 2))));
    }
    try (SigningGuard guard = SigningGuard.open(file, OWNER, 2, NONE)) {
      assertRefused(guard, () -> sign(guard, List.of(prevote(4, 3))));
    }
  }

  @Test
  void lanesOfTwoOpenSlotsGrowSideBySide() throws IOException {
    try (SigningGuard guard = SigningGuard.open(file, OWNER, 0, NONE)) {
      sign(guard, List.of(lane(7, 0, 1), lane(8, 0, 1), lane(7, 1, 1), lane(8, 1, 2)));
      assertThat(guard.sequence()).isEqualTo(4);
      assertRefused(guard, () -> sign(guard, List.of(lane(8, 1, 3))));
    }
  }

  @Test
  @Tag("case-35")
  void aTornLastRecordIsDroppedBecauseItNeverLeft() throws IOException {
    writeVotes(3);
    overwrite(4 * GuardRecord.SIZE, new byte[] {0x55, 0x4e, 0x44, 0x47, 1, 1});
    assertThat(memoryWith(3)).isEqualTo(new Memory.Whole(3));
    try (SigningGuard guard = SigningGuard.open(file, OWNER, 3, NONE)) {
      sign(guard, List.of(prevote(50, 1)));
    }
    assertThat(memoryWith(4)).isEqualTo(new Memory.Whole(4));
  }

  @Test
  @Tag("case-36")
  void aFlippedBitAnywhereIsAmnesia() throws IOException {
    for (int record = 0; record <= 3; record++) {
      Files.deleteIfExists(file);
      SigningGuard.initialise(file, OWNER);
      writeVotes(3);
      byte[] bytes = Files.readAllBytes(file);
      bytes[record * GuardRecord.SIZE + 45] ^= 4;
      Files.write(file, bytes);
      assertThat(memoryWith(3)).as("bit in record " + record).isInstanceOf(Memory.Amnesia.class);
    }
  }

  @Test
  void aGuardThatDisagreesWithTheDatabaseIsAmnesia() throws IOException {
    writeVotes(3);
    assertThat(memoryWith(4)).as("the guard is a backup").isInstanceOf(Memory.Amnesia.class);
    Files.delete(file);
    SigningGuard.initialise(file, OWNER);
    writeVotes(3);
    assertThat(memoryWith(1)).as("the database is a backup").isInstanceOf(Memory.Amnesia.class);
  }

  @Test
  void aRecordCutOutOfTheMiddleIsAmnesia() throws IOException {
    writeVotes(3);
    byte[] all = Files.readAllBytes(file);
    byte[] cut = new byte[all.length - GuardRecord.SIZE];
    System.arraycopy(all, 0, cut, 0, 2 * GuardRecord.SIZE);
    System.arraycopy(
        all, 3 * GuardRecord.SIZE, cut, 2 * GuardRecord.SIZE, cut.length - 2 * GuardRecord.SIZE);
    Files.write(file, cut);
    assertThat(memoryWith(3)).isInstanceOf(Memory.Amnesia.class);
  }

  @Test
  void aGuardOfAnotherChainIsRefused() {
    StoreOwner other = new StoreOwner(Records.hash(9), OWNER.node());
    assertThatThrownBy(() -> SigningGuard.open(file, other, 0, NONE))
        .isInstanceOfSatisfying(
            StoreException.class, refused -> assertThat(refused.why()).isEqualTo(Why.WRONG_CHAIN));
    StoreOwner stranger = new StoreOwner(OWNER.chainId(), new NodeId(Records.hash(9).bytes()));
    assertThatThrownBy(() -> SigningGuard.open(file, stranger, 0, NONE))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void aSecondHolderIsRefused() throws IOException {
    try (SigningGuard first = SigningGuard.open(file, OWNER, 0, NONE)) {
      assertThat(first.memory()).isEqualTo(new Memory.Fresh());
      assertThatThrownBy(() -> SigningGuard.open(file, OWNER, 0, NONE))
          .isInstanceOfSatisfying(
              StoreException.class, refused -> assertThat(refused.why()).isEqualTo(Why.IN_USE));
    }
  }

  @Test
  @Tag("case-41")
  void aSecondProcessIsRefused() throws IOException, InterruptedException {
    try (SigningGuard first = SigningGuard.open(file, OWNER, 0, NONE)) {
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  SecondHolder.class.getName(),
                  file.toString())
              .redirectErrorStream(true)
              .start();
      String said =
          new String(
              other.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(said).contains("IN_USE");
      assertThat(first.memory()).isEqualTo(new Memory.Fresh());
    }
  }

  /** What a second node on the same folder would do. */
  static final class SecondHolder {
    private SecondHolder() {}

    public static void main(String[] args) {
      try (SigningGuard guard = SigningGuard.open(Path.of(args[0]), OWNER, 0, NONE)) {
        System.out.println("opened " + guard.sequence());
      } catch (StoreException refused) {
        System.out.println(refused.why());
      }
    }
  }

  @Test
  void aLargeFileIsWrittenAnewAndForgetsNothingThatMatters() throws IOException {
    long max = 20 * GuardRecord.SIZE;
    try (SigningGuard guard = SigningGuard.open(file, OWNER, 0, NONE, max)) {
      for (int height = 1; height <= 100; height++) {
        sign(guard, List.of(prevote(height, height), lane(height / 50, height, 1)));
      }
    }
    try (SigningGuard guard = SigningGuard.open(file, OWNER, 200, NONE, max)) {
      assertThat(guard.memory()).isEqualTo(new Memory.Whole(200));
      assertRefused(guard, () -> sign(guard, List.of(prevote(100, 7))));
    }
    try (SigningGuard guard = SigningGuard.open(file, OWNER, 200, NONE, max)) {
      assertRefused(guard, () -> sign(guard, List.of(lane(1, 99, 2))));
    }
  }

  private void writeVotes(int count) throws StoreException {
    try (SigningGuard guard = SigningGuard.open(file, OWNER, 0, NONE)) {
      for (int i = 1; i <= count; i++) {
        sign(guard, List.of(prevote(i, i)));
      }
    }
  }

  private Memory memoryWith(long storeSequence) throws StoreException {
    try (SigningGuard guard = SigningGuard.open(file, OWNER, storeSequence, NONE)) {
      return guard.memory();
    }
  }

  private void overwrite(long at, byte[] bytes) throws IOException {
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap(bytes), at);
    }
  }

  private static void sign(SigningGuard guard, List<LogRecord> records) throws StoreException {
    guard.prepare(records);
    guard.write();
  }

  private interface Action {
    void run() throws StoreException;
  }

  private static void assertRefused(SigningGuard guard, Action action) {
    long before = guard.sequence();
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            StoreException.class,
            refused -> assertThat(refused.why()).isEqualTo(Why.SIGNED_BEFORE));
    assertThat(guard.sequence()).isEqualTo(before);
  }
}
