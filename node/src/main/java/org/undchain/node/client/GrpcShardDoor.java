package org.undchain.node.client;

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
  private final Hash contractId;
  private final GrpcShardSource.ChannelOf channel;
  private final Patience patience;
  private final LongConsumer payment;
  private long finishedBytes;

  /**
   * @param payment hears how many bytes of the whole seat the partner has taken, to pay for them
   */
  public GrpcShardDoor(
      NodeId partner,
      Hash contractId,
      GrpcShardSource.ChannelOf channel,
      Patience patience,
      LongConsumer payment) {
    this.partner = partner;
    this.contractId = contractId;
    this.channel = channel;
    this.patience = patience;
    this.payment = payment;
  }

  @Override
  public NodeId partner() {
    return partner;
  }

  /** One shard at a time: the next one begins when this one is finished or closed. */
  @Override
  public ShardSink open(long size) throws StorageException, InterruptedException {
    GrpcShardSink sink = new GrpcShardSink(this, size);
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

  synchronized void taken(long bytes) {
    payment.accept(finishedBytes + bytes);
  }

  synchronized void finished(long bytes) {
    finishedBytes += bytes;
    payment.accept(finishedBytes);
  }
}
