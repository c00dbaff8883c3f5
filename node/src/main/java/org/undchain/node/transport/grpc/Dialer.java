package org.undchain.node.transport.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.undchain.core.handshake.Handshake;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Keeps one peer connected: dials its address while nobody is connected as that peer, with growing
 * pauses after failures. One virtual thread, which is also the reader of the connection.
 */
final class Dialer {
  private static final long PAUSE_MIN_MILLIS = 100;
  private static final long PAUSE_MAX_MILLIS = 2_000;

  /** A connection that lasted this long ends the growth of the pauses. */
  private static final long LASTED_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final int KEEP_ALIVE_SECONDS = 20;
  private static final int WINDOW_BYTES = 1 << 20;
  private static final int LINGER_MILLIS = 500;

  private final Door door;
  private final GrpcThreads threads;
  private final SslContext tls;
  private final NodeId expected;
  private final String host;
  private final int port;
  private final Optional<Hash> certificate;
  private final Thread thread;
  private volatile boolean isClosed;
  private volatile @Nullable Channel channel;

  /**
   * Where somebody listens.
   *
   * @param certificate hash of the only transport certificate that may answer there; any if empty
   */
  record Target(NodeId expected, String host, int port, Optional<Hash> certificate) {}

  Dialer(Door door, GrpcThreads threads, SslContext tls, Target target, Duration first) {
    this.door = door;
    this.threads = threads;
    this.tls = tls;
    this.expected = target.expected();
    this.host = target.host();
    this.port = target.port();
    this.certificate = target.certificate();
    this.thread = Thread.ofVirtual().name("dial-" + expected).unstarted(() -> keep(first));
  }

  void start() {
    thread.start();
  }

  /** Ends the connection too. */
  void close() {
    isClosed = true;
    thread.interrupt();
  }

  /** Waits until a closed dialer has let go of its sockets. */
  void awaitEnd() {
    try {
      thread.join(Duration.ofMillis(2 * LINGER_MILLIS));
    } catch (InterruptedException impatient) {
      Thread.currentThread().interrupt();
    }
  }

  /** The transport of the connection that stands or is being made; empty between two. */
  Optional<Channel> channel() {
    return Optional.ofNullable(channel);
  }

  private void keep(Duration first) {
    try {
      Thread.sleep(first);
      long pause = PAUSE_MIN_MILLIS;
      while (!isClosed) {
        door.peers().awaitGone(expected);
        long began = System.nanoTime();
        boolean wasOpen = attempt();
        boolean hasLasted = wasOpen && System.nanoTime() - began > LASTED_NANOS;
        pause = hasLasted ? PAUSE_MIN_MILLIS : Math.min(PAUSE_MAX_MILLIS, 2 * pause);
        Thread.sleep(pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2));
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** One connection from its beginning to its end; whether a Hello was ever finished on it. */
  private boolean attempt() throws InterruptedException {
    ManagedChannel made =
        NettyChannelBuilder.forAddress(new InetSocketAddress(host, port))
            .sslContext(tls)
            .eventLoopGroup(threads.loops())
            .channelType(threads.channel())
            .directExecutor()
            .offloadExecutor(threads.calls())
            .disableRetry()
            .disableServiceConfigLookUp()
            .flowControlWindow(WINDOW_BYTES)
            .maxInboundMessageSize(Frames.BYTES_MAX)
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEP_ALIVE_SECONDS / 2, TimeUnit.SECONDS)
            .build();
    channel = made;
    try {
      ClientWire wire = new ClientWire(made.newCall(ConnectMethod.CONNECT, CallOptions.DEFAULT));
      if (!wire.open()) {
        door.listener()
            .failed(expected, RejectCode.REJECT_CODE_RETRY_LATER, "no answer: " + wire.end());
        return false;
      }
      if (certificate.isPresent() && !certificate.equals(wire.certificate())) {
        wire.abort("another certificate");
        door.listener()
            .failed(
                expected,
                RejectCode.REJECT_CODE_HANDSHAKE,
                "the route names the transport certificate "
                    + certificate.get().hex()
                    + ", another one answers");
        return false;
      }
      Connection connection = Connection.dialled(door, wire, expected);
      wire.attach(connection);
      connection.run();
      return connection.wasOpen();
    } finally {
      channel = null;
      close(made);
    }
  }

  private static void close(ManagedChannel channel) {
    channel.shutdown();
    try {
      channel.awaitTermination(
          LINGER_MILLIS, TimeUnit.MILLISECONDS); // a farewell may be on its way
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
    channel.shutdownNow();
  }

  private static final class ClientWire extends ClientCall.Listener<byte[]> implements Wire {
    private final ClientCall<byte[], byte[]> call;
    private final CountDownLatch opened = new CountDownLatch(1);
    private @Nullable Connection connection; // guarded by this
    private boolean isEnded; // guarded by this
    private volatile @Nullable Hash binding;
    private volatile Optional<Hash> certificate = Optional.empty();
    private volatile String end = "it takes too long";

    ClientWire(ClientCall<byte[], byte[]> call) {
      this.call = call;
    }

    /** Whether TLS and HTTP/2 stand, so that the binding is known. */
    boolean open() throws InterruptedException {
      call.start(this, new Metadata());
      call.request(1);
      boolean isDecided = opened.await(Handshake.TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
      if (!isDecided || binding == null) {
        call.cancel(end, null);
        return false;
      }
      return true;
    }

    String end() {
      return end;
    }

    /** Hash of the certificate that answered. */
    Optional<Hash> certificate() {
      return certificate;
    }

    synchronized void attach(Connection made) {
      connection = made;
      if (isEnded) {
        made.ended();
      }
    }

    @Override
    public void onReady() {
      bind();
      Connection to = attached();
      if (to != null) {
        to.writable();
      }
    }

    @Override
    public void onHeaders(Metadata headers) {
      bind();
    }

    /** The attributes may become visible a moment after the stream is ready. */
    private void bind() {
      if (binding == null) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        if (session != null) {
          certificate = Tls.certificateOf(session);
          binding = Tls.binding(session, false);
          opened.countDown();
        }
      }
    }

    @Override
    public void onMessage(byte[] frame) {
      Connection to = attached();
      if (to == null) {
        call.cancel("the server spoke first", null);
      } else {
        to.arrived(frame);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      end = status.getCode() + " " + status.getDescription();
      opened.countDown();
      synchronized (this) {
        isEnded = true;
        if (connection != null) {
          connection.ended();
        }
      }
    }

    private synchronized @Nullable Connection attached() {
      return connection;
    }

    @Override
    public Hash binding() {
      Hash known = binding;
      if (known == null) {
        throw new IllegalStateException("not open");
      }
      return known;
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
        call.halfClose();
      } catch (IllegalStateException ended) {
        throw new StreamEnded(ended);
      }
    }

    @Override
    public void abort(String why) {
      call.cancel(why, null);
    }

    @Override
    public void trust(ConnectedPeer peer) {}
  }
}
