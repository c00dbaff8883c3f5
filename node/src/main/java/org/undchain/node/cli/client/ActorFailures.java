package org.undchain.node.cli.client;

import java.util.List;
import org.undchain.node.cli.Failure;
import org.undchain.node.client.ClientException;
import org.undchain.utilities.storage.StorageException;
import org.undchain.utilities.storage.StorageReason;

/** Failures of clients and of storage in the words of the command line. */
final class ActorFailures {
  private static final int SKIPPED_MAX = 4;

  private ActorFailures() {}

  static Failure of(ClientException failure) {
    int code =
        switch (failure.kind()) {
          case NOT_FOUND -> 3201;
          case REFUSED -> 4201;
          case UNREACHABLE -> 5201;
          case UNVERIFIED -> 6201;
          case NO_FUNDS -> 8201;
        };
    return new Failure(
        code,
        failure.reason(),
        failure.what(),
        failure.why(),
        failure.tries(),
        failure.kind() == ClientException.Kind.UNREACHABLE,
        "local");
  }

  static Failure of(StorageException failure) {
    StringBuilder why = new StringBuilder(failure.reason().meaning());
    failure.skipped().stream()
        .limit(SKIPPED_MAX)
        .forEach(skipped -> why.append("; ").append(SkippedPartners.text(skipped)));
    return new Failure(
        code(failure.reason()),
        failure.reason().name(),
        String.valueOf(failure.getMessage()),
        why.toString(),
        tries(failure.reason()),
        failure.reason().isPassing(),
        "local");
  }

  private static List<String> tries(StorageReason reason) {
    return switch (reason) {
      case SOURCE_CHANGED, SOURCE_UNREADABLE, TOO_LARGE -> List.of("ls -l on the file");
      case BAD_MANIFEST -> List.of("copy the id again from what \"undchain store\" printed");
      default -> List.of("undchain partners", "the same command again");
    };
  }

  private static int code(StorageReason reason) {
    return switch (reason) {
      case NOT_FOUND, SOURCE_UNREADABLE -> 3202;
      case NO_SPACE,
          QUOTA,
          REFUSED,
          NO_HELLO,
          NO_CONTRACT,
          UNPAID,
          SOURCE_CHANGED,
          TOO_LARGE,
          IN_USE ->
          4202;
      case SLOW, UNREACHABLE, TOO_FEW_PARTNERS, TOO_FEW_SHARDS, CANCELLED, TRUNCATED, DISK -> 5202;
      case BAD_ROOT, DAMAGED, LYING, BAD_MANIFEST -> 6202;
    };
  }
}
