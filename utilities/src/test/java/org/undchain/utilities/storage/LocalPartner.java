package org.undchain.utilities.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** A partner with a real store that can be told to misbehave at its door. */
final class LocalPartner implements ShardDoor, ShardSource, AutoCloseable {
  private final int number;
  private final NodeId id;
  private final ShardStore store;
  final AtomicInteger reads = new AtomicInteger();
  final AtomicInteger writes = new AtomicInteger();
  volatile Fault fault = Fault.NONE;
  volatile int failsAfterWrites = Integer.MAX_VALUE;

  enum Fault {
    NONE,
    AWAY,
    MUTE,
    LIES,
    SHORT,
    EMPTY,
    LIES_ABOUT_SIZE
  }

  private LocalPartner(int number, NodeId id, ShardStore store) {
    this.number = number;
    this.id = id;
    this.store = store;
  }

  static List<LocalPartner> several(Path folder, int count) throws StorageException {
    List<LocalPartner> partners = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] id = new byte[NodeId.SIZE];
      Arrays.fill(id, (byte) (i + 1));
      partners.add(
          new LocalPartner(
              i,
              new NodeId(Bytes.wrap(id)),
              ShardStore.open(folder.resolve("partner-" + i), 1L << 30)));
    }
    return partners;
  }

  @Override
  public NodeId partner() {
    return id;
  }

  @Override
  public int shard() {
    return number;
  }

  @Override
  public ShardSink open(long size, Hash root) throws StorageException, InterruptedException {
    return open(size);
  }

  @Override
  public ShardSink open(long size) throws StorageException, InterruptedException {
    misbehave();
    return new Sink(store.begin(size));
  }

  @Override
  public ProvenPiece read(Hash root, int index) throws StorageException, InterruptedException {
    reads.incrementAndGet();
    misbehave();
    try (ShardReader reader = store.read(root)) {
      ProvenPiece piece = reader.piece(index);
      byte[] bytes = piece.bytes();
      return switch (fault) {
        case LIES -> {
          byte[] other = bytes.clone();
          other[other.length / 2] ^= 4;
          yield new ProvenPiece(piece.shardBytes(), other, piece.path());
        }
        case SHORT ->
            new ProvenPiece(
                piece.shardBytes(), Arrays.copyOf(bytes, bytes.length - 1), piece.path());
        case EMPTY -> new ProvenPiece(0, new byte[0], List.of());
        case LIES_ABOUT_SIZE -> new ProvenPiece(piece.shardBytes() + 1, bytes, piece.path());
        default -> piece;
      };
    }
  }

  @Override
  public void close() throws IOException {
    store.close();
  }

  private void misbehave() throws StorageException, InterruptedException {
    if (fault == Fault.AWAY) {
      throw new StorageException(StorageReason.UNREACHABLE, "nobody is there");
    }
    if (fault == Fault.MUTE) {
      new CountDownLatch(1).await();
    }
  }

  private final class Sink implements ShardSink {
    private final ShardUpload upload;

    private Sink(ShardUpload upload) {
      this.upload = upload;
    }

    @Override
    public void write(byte[] piece) throws StorageException, InterruptedException {
      if (writes.incrementAndGet() > failsAfterWrites) {
        fault = Fault.AWAY;
      }
      misbehave();
      upload.take(piece);
    }

    @Override
    public void finish(Hash root) throws StorageException, InterruptedException {
      misbehave();
      upload.commit(root, 100);
    }

    @Override
    public void close() {
      try {
        upload.close();
      } catch (StorageException failure) {
        throw new IllegalStateException(failure);
      }
    }
  }
}
