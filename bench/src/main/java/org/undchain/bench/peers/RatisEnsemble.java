package org.undchain.bench.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.TimeDuration;
import org.undchain.node.config.ConfigException;
import org.undchain.node.devnet.FreePorts;

/**
 * Apache Ratis over its gRPC transport, as it comes: every server forces its log before it answers.
 * Elections alone are later than usual, or servers on shared cores would lose their leader.
 */
final class RatisEnsemble implements Ensemble {
  private static final RaftGroupId GROUP =
      RaftGroupId.valueOf(UUID.nameUUIDFromBytes(new byte[] {1}));
  private static final String HOST = "127.0.0.1";
  private static final int PENDING_MAX = 1 << 16;
  private static final TimeDuration ELECTION_MIN = TimeDuration.valueOf(3, TimeUnit.SECONDS);
  private static final TimeDuration ELECTION_MAX = TimeDuration.valueOf(5, TimeUnit.SECONDS);
  private static final TimeDuration ANSWER_MAX = TimeDuration.valueOf(30, TimeUnit.SECONDS);

  private final List<RaftServer> servers = new ArrayList<>();
  private final RaftClient client;
  private final Message command;

  private RatisEnsemble(RaftClient client) {
    this.client = client;
    byte[] bytes = new byte[Peer.COMMAND_BYTES];
    new Random(1).nextBytes(bytes);
    this.command = Message.valueOf(ByteString.copyFrom(bytes));
  }

  /** Returns when the first command is committed, so there is a leader. */
  static RatisEnsemble start(int count, int unanswered, Path data)
      throws ConfigException, IOException {
    List<Integer> ports = FreePorts.choose(count);
    List<RaftPeer> peers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      peers.add(RaftPeer.newBuilder().setId(id(i)).setAddress(HOST + ":" + ports.get(i)).build());
    }
    RaftGroup group = RaftGroup.valueOf(GROUP, peers);
    RatisEnsemble ensemble = new RatisEnsemble(client(group, unanswered));
    try {
      for (int i = 0; i < count; i++) {
        ensemble.add(group, i, ports.get(i), data.resolve(id(i).toString()));
      }
      if (!ensemble.client.io().send(ensemble.command).isSuccess()) {
        throw new IOException("the servers of Ratis took no command");
      }
      return ensemble;
    } catch (IOException | RuntimeException refused) {
      ensemble.close();
      throw refused;
    }
  }

  private static RaftPeerId id(int number) {
    return RaftPeerId.valueOf("server" + number);
  }

  private static RaftClient client(RaftGroup group, int unanswered) {
    RaftProperties properties = new RaftProperties();
    RaftClientConfigKeys.Async.setOutstandingRequestsMax(properties, unanswered + 1);
    RaftClientConfigKeys.Rpc.setRequestTimeout(properties, ANSWER_MAX);
    return RaftClient.newBuilder().setProperties(properties).setRaftGroup(group).build();
  }

  private void add(RaftGroup group, int number, int port, Path data) throws IOException {
    RaftProperties properties = new RaftProperties();
    RaftServerConfigKeys.setStorageDir(properties, List.of(data.toFile()));
    GrpcConfigKeys.Server.setHost(properties, HOST);
    GrpcConfigKeys.Server.setPort(properties, port);
    RaftServerConfigKeys.Write.setElementLimit(properties, PENDING_MAX);
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, ELECTION_MIN);
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, ELECTION_MAX);
    RaftServer server =
        RaftServer.newBuilder()
            .setGroup(group)
            .setServerId(id(number))
            .setStateMachine(new Nothing())
            .setProperties(properties)
            .setOption(RaftStorage.StartupOption.FORMAT)
            .build();
    servers.add(server);
    server.start();
  }

  @Override
  public void submit(Consumer<Boolean> done) {
    var _ = // whoever waits for it is told by done
        client
            .async()
            .send(command)
            .whenComplete((reply, failure) -> done.accept(failure == null && reply.isSuccess()));
  }

  @Override
  public void close() throws IOException {
    client.close();
    for (RaftServer server : servers) {
      server.close();
    }
  }

  /** A state machine that only follows the log. */
  private static final class Nothing extends BaseStateMachine {
    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
      LogEntryProto entry = transaction.getLogEntry();
      updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
      return CompletableFuture.completedFuture(Message.EMPTY);
    }
  }
}
