package org.undchain.node.transport.grpc;

import io.grpc.Attributes;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.undchain.core.handshake.Handshake;
import org.undchain.core.value.Hash;
import org.undchain.node.transport.grpc.v1.PeerGrpc;

/** The listening side: the service {@code Peer} and whatever else the node serves. */
final class Acceptor {
  /** Calls of one transport at a time. */
  private static final int CALLS_MAX = 64;

  private static final int WINDOW_BYTES = 1 << 20;
  private static final int HEADERS_MAX = 8 << 10;
  private static final int IDLE_SECONDS = 30;
  private static final int KEEP_ALIVE_SECONDS = 20;
  private static final int CLOSE_MILLIS = 500;

  /** Who said Hello on a transport; empty until then. */
  private static final Attributes.Key<AtomicReference<@Nullable ConnectedPeer>> GUEST =
      Attributes.Key.create("undchain-guest");

  private final Door door;
  private final Server server;
  private final Map<Connection, Thread> readers = new ConcurrentHashMap<>();

  Acceptor(Door door, GrpcTransport.Setting setting, InetSocketAddress address) {
    this.door = door;
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .sslContext(Tls.server(setting.certificate()))
            .bossEventLoopGroup(setting.threads().loops())
            .workerEventLoopGroup(setting.threads().loops())
            .channelType(setting.threads().serverChannel())
            .executor(setting.threads().calls())
            .maxInboundMessageSize(Frames.BYTES_MAX)
            .maxInboundMetadataSize(HEADERS_MAX)
            .maxConcurrentCallsPerConnection(CALLS_MAX)
            .flowControlWindow(WINDOW_BYTES)
            .handshakeTimeout(Handshake.TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
            .maxConnectionIdle(IDLE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEP_ALIVE_SECONDS / 2, TimeUnit.SECONDS)
            .permitKeepAliveTime(KEEP_ALIVE_SECONDS / 4, TimeUnit.SECONDS)
            .addTransportFilter(new GuestBook())
            .addStreamTracerFactory(
                new ServerStreamTracer.Factory() {
                  @Override
                  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
                    return method.equals(ConnectMethod.CONNECT.getFullMethodName())
                        ? new HelloBudget()
                        : new ServerStreamTracer() {};
                  }
                })
            .addService(
                ServerServiceDefinition.builder(PeerGrpc.SERVICE_NAME)
                    .addMethod(ConnectMethod.CONNECT, this::accept)
                    .build());
    for (BindableService service : setting.services()) {
      builder.addService(ServerInterceptors.intercept(service, new NameTheGuest()));
    }
    this.server = builder.build();
  }

  void start() throws IOException {
    server.start();
  }

  int port() {
    return server.getPort();
  }

  /** Ends every connection, those without a Hello too, and then the server. */
  void close() {
    server.shutdown();
    readers.keySet().forEach(connection -> connection.end("the node stops"));
    try {
      for (Thread reader : readers.values()) {
        reader.join(Duration.ofMillis(CLOSE_MILLIS));
      }
      server.shutdownNow();
      server.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private ServerCall.Listener<byte[]> accept(ServerCall<byte[], byte[]> call, Metadata headers) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    HelloBudget budget = HelloBudget.KEY.get();
    if (session == null || budget == null || !door.enter()) {
      call.close(
          Status.RESOURCE_EXHAUSTED.withDescription("BUSY: too many connections without a Hello"),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
    ServerWire wire = new ServerWire(call, Tls.binding(session, true), budget);
    Connection connection = Connection.accepted(door, wire);
    call.sendHeaders(new Metadata());
    call.request(1);
    Thread reader = Thread.ofVirtual().name("peer").unstarted(() -> run(connection, wire));
    readers.put(connection, reader);
    reader.start();
    return new ServerCall.Listener<>() {
      @Override
      public void onMessage(byte[] frame) {
        connection.arrived(frame);
      }

      @Override
      public void onHalfClose() {
        connection.ended();
      }

      @Override
      public void onCancel() {
        connection.ended();
      }

      @Override
      public void onReady() {
        connection.writable();
      }
    };
  }

  private void run(Connection connection, ServerWire wire) {
    try {
      connection.run();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } finally {
      wire.helloIsOver();
      readers.remove(connection);
    }
  }

  /** Makes the place where a transport's guest is written down. */
  private static final class GuestBook extends ServerTransportFilter {
    @Override
    public Attributes transportReady(Attributes attributes) {
      return attributes.toBuilder().set(GUEST, new AtomicReference<>()).build();
    }
  }

  /** Puts the guest of the transport into the context of a call. */
  private static final class NameTheGuest implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      AtomicReference<@Nullable ConnectedPeer> guest = call.getAttributes().get(GUEST);
      ConnectedPeer peer = guest == null ? null : guest.get();
      return peer == null
          ? next.startCall(call, headers)
          : Contexts.interceptCall(
              Context.current().withValue(ConnectedPeer.KEY, peer), call, headers, next);
    }
  }

  private final class ServerWire implements Wire {
    private final ServerCall<byte[], byte[]> call;
    private final Hash binding;
    private final HelloBudget budget;
    private boolean isHelloOver;

    ServerWire(ServerCall<byte[], byte[]> call, Hash binding, HelloBudget budget) {
      this.call = call;
      this.binding = binding;
      this.budget = budget;
    }

    @Override
    public Hash binding() {
      return binding;
    }

    @Override
    public boolean isReady() {
      return call.isReady();
    }

    @Override
    public void send(byte[] frame) throws StreamEnded {
      try {
        call.sendMessage(frame);
      } catch (IllegalStateException ended) {
        throw new StreamEnded(ended);
      }
    }

    @Override
    public void request(int count) {
      call.request(count);
    }

    @Override
    public void finish(String why) throws StreamEnded {
      try {
        call.close(Status.ABORTED.withDescription(why), new Metadata());
      } catch (IllegalStateException ended) {
        throw new StreamEnded(ended);
      }
    }

    @Override
    public void abort(String why) {
      budget.cancel(why);
    }

    @Override
    public void trust(ConnectedPeer peer) {
      budget.lift();
      Objects.requireNonNull(call.getAttributes().get(GUEST)).set(peer);
      helloIsOver();
    }

    /** Gives the place among the half-open connections back, once. Called by the reader. */
    void helloIsOver() {
      if (!isHelloOver) {
        isHelloOver = true;
        door.entered();
      }
    }
  }
}
