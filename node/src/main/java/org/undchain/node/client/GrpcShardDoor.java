package org.undchain.node.client;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.utilities.storage.Patience;
import org.undchain.utilities.storage.ShardDoor;
import org.undchain.utilities.storage.ShardSink;
import org.undchain.utilities.storage.StorageException;

/** Puts shards to a partner under one contract by {@code Shards.Put}. */
public final class GrpcShardDoor implements ShardDoor {
  private final NodeId partner;
  private final int shard;
  private final Hash contractId;
  private final GrpcShardSource.ChannelOf channel;
  private final Patience patience;
  private final Duration news;
  private final LongConsumer payment;
  private long finishedBytes;

  /**
   * @param shard that belongs to the seat
   * @param news how much later than this client the partner may learn that they are connected and
   *     that the seat has started
   * @param payment hears how many bytes of the whole seat the partner has taken, to pay for them
   */
  public GrpcShardDoor(
      NodeId partner,
      int shard,
      Hash contractId,
      GrpcShardSource.ChannelOf channel,
      Patience patience,
      Duration news,
      LongConsumer payment) {
    this.partner = partner;
    this.shard = shard;
    this.contractId = contractId;
    this.channel = channel;
    this.patience = patience;
    this.news = news;
    this.payment = payment;
  }

  @Override
  public NodeId partner() {
    return partner;
  }

  @Override
  public int shard() {
    return shard;
  }

  /** One shard at a time: the next one begins when this one is finished or closed. */
  @Override
  public ShardSink open(long size) throws StorageException, InterruptedException {
    return opened(size, ByteString.EMPTY);
  }

  @Override
  public ShardSink open(long size, Hash root) throws StorageException, InterruptedException {
    return opened(size, root.toByteString());
  }

  private ShardSink opened(long size, ByteString root)
      throws StorageException, InterruptedException {
    GrpcShardSink sink = new GrpcShardSink(this, size, root);
    sink.open();
    return sink;
  }

  Hash contractId() {
    return contractId;
  }

  GrpcShardSource.ChannelOf channel() {
    return channel;
  }

  Patience patience() {
    return patience;
  }

  Duration news() {
    return news;
  }

  synchronized void taken(long bytes) {
    payment.accept(finishedBytes + bytes);
  }

  synchronized void finished(long bytes) {
    finishedBytes += bytes;
    payment.accept(finishedBytes);
  }
}
