package org.undchain.node.storage;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.undchain.utilities.storage.StorageException;
import org.undchain.utilities.storage.StorageReason;

/**
 * The one place where storage reasons become gRPC statuses and back. The exact reason travels by
 * name in the trailer {@code undchain-storage-reason}; the status code says roughly the same to
 * programs that do not know it.
 */
public final class StorageStatus {
  public static final Metadata.Key<String> REASON =
      Metadata.Key.of("undchain-storage-reason", Metadata.ASCII_STRING_MARSHALLER);

  /** Longest detail that is sent or believed. */
  private static final int DETAIL_MAX = 256;

  /** What a partner may say; the other reasons are for this side to find. */
  private static final Set<StorageReason> OF_PARTNER =
      EnumSet.of(
          StorageReason.NO_SPACE,
          StorageReason.QUOTA,
          StorageReason.DISK,
          StorageReason.BAD_ROOT,
          StorageReason.NOT_FOUND,
          StorageReason.DAMAGED,
          StorageReason.TRUNCATED,
          StorageReason.TOO_LARGE,
          StorageReason.SLOW,
          StorageReason.REFUSED,
          StorageReason.NO_HELLO,
          StorageReason.NO_CONTRACT,
          StorageReason.UNPAID);

  private StorageStatus() {}

  /** The refusal of a call. */
  public static StatusRuntimeException refusal(StorageException failure) {
    Metadata trailers = new Metadata();
    trailers.put(REASON, failure.reason().name());
    return code(failure.reason())
        .toStatus()
        .withDescription(cut(failure.getMessage()))
        .asRuntimeException(trailers);
  }

  /** What a partner's refusal, or the end of the connection to it, means. */
  public static StorageException failure(StatusException ended) {
    return failure(ended.getStatus(), ended.getTrailers());
  }

  public static StorageException failure(Status status, @Nullable Metadata trailers) {
    StorageReason reason =
        Optional.ofNullable(trailers)
            .map(all -> all.get(REASON))
            .flatMap(StorageStatus::named)
            .orElseGet(() -> reason(status.getCode()));
    String words = status.getDescription();
    return new StorageException(reason, cut(words == null ? status.getCode().name() : words));
  }

  private static Optional<StorageReason> named(String name) {
    return OF_PARTNER.stream().filter(reason -> reason.name().equals(name)).findFirst();
  }

  private static Status.Code code(StorageReason reason) {
    return switch (reason) {
      case NO_SPACE, QUOTA -> Status.Code.RESOURCE_EXHAUSTED;
      case NOT_FOUND -> Status.Code.NOT_FOUND;
      case DAMAGED -> Status.Code.DATA_LOSS;
      case BAD_ROOT, TRUNCATED, TOO_LARGE -> Status.Code.INVALID_ARGUMENT;
      case NO_CONTRACT, UNPAID -> Status.Code.FAILED_PRECONDITION;
      case REFUSED -> Status.Code.PERMISSION_DENIED;
      case NO_HELLO -> Status.Code.UNAUTHENTICATED;
      case SLOW -> Status.Code.DEADLINE_EXCEEDED;
      case UNREACHABLE, IN_USE -> Status.Code.UNAVAILABLE;
      case CANCELLED -> Status.Code.CANCELLED;
      case DISK,
          LYING,
          SOURCE_CHANGED,
          SOURCE_UNREADABLE,
          TOO_FEW_PARTNERS,
          TOO_FEW_SHARDS,
          BAD_MANIFEST ->
          Status.Code.INTERNAL;
    };
  }

  /** For a status without the trailer, as gRPC itself makes them. */
  private static StorageReason reason(Status.Code code) {
    return switch (code) {
      case UNAVAILABLE, ABORTED, CANCELLED, UNKNOWN, INTERNAL, OK -> StorageReason.UNREACHABLE;
      case DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED -> StorageReason.SLOW;
      case NOT_FOUND -> StorageReason.NOT_FOUND;
      case DATA_LOSS -> StorageReason.DAMAGED;
      case INVALID_ARGUMENT,
          OUT_OF_RANGE,
          FAILED_PRECONDITION,
          PERMISSION_DENIED,
          UNAUTHENTICATED,
          UNIMPLEMENTED,
          ALREADY_EXISTS ->
          StorageReason.REFUSED;
    };
  }

  private static String cut(@Nullable String words) {
    String text = String.valueOf(words);
    return text.substring(0, Math.min(DETAIL_MAX, text.length()));
  }
}
