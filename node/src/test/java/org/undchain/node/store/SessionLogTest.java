package org.undchain.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.SessionRecord;

final class SessionLogTest {
  @TempDir private Path folder;

  @Test
  void theNewestRecordOfEachSessionComesBack() throws IOException {
    try (SessionLog log = SessionLog.open(folder)) {
      log.commit(List.of(session(1, 1), session(2, 1)));
      log.commit(List.of(session(1, 2)));
    }
    try (SessionLog log = SessionLog.open(folder)) {
      assertThat(log.recovered()).containsExactly(session(1, 2), session(2, 1));
    }
  }

  @Test
  void afterAFailureNothingIsWrittenAnyMore() throws IOException {
    LogRecord tooLarge =
        LogRecord.newBuilder()
            .setSession(
                SessionRecord.newBuilder()
                    .setJobId(ByteString.copyFrom(new byte[SessionLog.RECORD_MAX])))
            .build();
    try (SessionLog log = SessionLog.open(folder)) {
      log.commit(List.of(session(1, 1)));
      assertThatThrownBy(() -> log.commit(List.of(tooLarge))).isInstanceOf(StoreException.class);
      assertThatThrownBy(() -> log.commit(List.of(session(1, 2))))
          .hasMessageContaining("start again");
    }
    try (SessionLog log = SessionLog.open(folder)) {
      assertThat(log.recovered()).containsExactly(session(1, 1));
    }
  }

  /** Found by the fuzzer: it ended as a bug. */
  @Test
  void aRecordWithoutAContractIsDamage() throws IOException {
    LogRecord nameless =
        LogRecord.newBuilder()
            .setSession(SessionRecord.newBuilder().setContractId(ByteString.copyFrom(new byte[31])))
            .build();
    try (SessionLog log = SessionLog.open(folder)) {
      log.commit(List.of(nameless));
    }
    assertThatThrownBy(() -> SessionLog.open(folder))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("holds a session without a contract");
  }

  @Test
  @Tag("case-37")
  void aLogThatCannotBeLookedAtIsNotTakenForAMissingOne() throws IOException {
    Path file = folder.resolve("sessions");
    Files.createSymbolicLink(file, file); // a loop: there, and not to be read
    assertThatThrownBy(() -> SessionLog.open(folder)).isInstanceOf(StoreException.class);
    assertThat(Files.isSymbolicLink(file)).as("left as it is").isTrue();
  }

  private static LogRecord session(int number, long height) {
    return LogRecord.newBuilder()
        .setSession(
            SessionRecord.newBuilder()
                .setContractId(Records.hash(number).toByteString())
                .setStartHeight(height))
        .build();
  }
}
