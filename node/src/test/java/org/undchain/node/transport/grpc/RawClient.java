package org.undchain.node.transport.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.SSLSession;
import org.undchain.core.handshake.Greeting;
import org.undchain.core.handshake.Handshake;
import org.undchain.core.handshake.HandshakeStep;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Frame;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.node.transport.TransportIdentity;

/**
 * A peer that sends whatever bytes a test wants. Shares nothing with the node but gRPC, TLS and the
 * messages.
 */
public final class RawClient implements AutoCloseable {
  private static final long WAIT_SECONDS = 60;

  private final Chain chain;
  private final ManagedChannel channel;
  private final ClientCall<byte[], byte[]> call;
  private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
  private final CompletableFuture<SSLSession> session = new CompletableFuture<>();
  private final CompletableFuture<Boolean> answer = new CompletableFuture<>();
  private final CompletableFuture<Status> end = new CompletableFuture<>();
  private final ArrayDeque<Envelope> unread = new ArrayDeque<>();

  private RawClient(Chain chain, int port, Optional<TransportIdentity> certificate)
      throws Exception {
    this.chain = chain;
    SslContextBuilder tls =
        GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
            .trustManager(InsecureTrustManagerFactory.INSTANCE);
    certificate.ifPresent(own -> tls.keyManager(own.key(), own.certificate()));
    this.channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .sslContext(tls.build())
            .build();
    this.call = channel.newCall(ConnectMethod.CONNECT, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onReady() {
            Optional.ofNullable(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION))
                .ifPresent(session::complete);
          }

          @Override
          public void onHeaders(Metadata headers) {
            onReady();
            answer.complete(true);
          }

          @Override
          public void onMessage(byte[] frame) {
            frames.add(frame);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
            answer.complete(false);
            session.completeExceptionally(status.asException());
          }
        },
        new Metadata());
  }

  /** The same transport for calls of other services. */
  public Channel channel() {
    return channel;
  }

  /** Connects without a certificate, as many gRPC clients do, and reads everything. */
  public static RawClient connect(Chain chain, int port) throws Exception {
    RawClient client = new RawClient(chain, port, Optional.empty());
    client.call.request(Integer.MAX_VALUE);
    return client;
  }

  public static RawClient connect(Chain chain, int port, TransportIdentity certificate)
      throws Exception {
    RawClient client = new RawClient(chain, port, Optional.of(certificate));
    client.call.request(Integer.MAX_VALUE);
    return client;
  }

  /** Connects and reads nothing beyond the frames it asks for. */
  static RawClient connectReading(Chain chain, int port, int frameCount) throws Exception {
    RawClient client = new RawClient(chain, port, Optional.empty());
    client.call.request(frameCount);
    return client;
  }

  public Hash binding() throws Exception {
    return Tls.binding(session.get(WAIT_SECONDS, TimeUnit.SECONDS), false);
  }

  public void send(Envelope... envelopes) {
    sendBytes(Frame.newBuilder().addAllEnvelopes(List.of(envelopes)).build().toByteArray());
  }

  public void sendBytes(byte[] frame) {
    call.sendMessage(frame);
  }

  /** The next envelope. */
  public Envelope next() throws Exception {
    while (unread.isEmpty()) {
      byte[] frame = frames.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      if (frame == null) {
        throw new AssertionError("nothing came; the stream is " + end.getNow(Status.OK));
      }
      unread.addAll(Frame.parseFrom(frame).getEnvelopesList());
    }
    return unread.remove();
  }

  /** The first message from now on that is what the caller waits for. */
  public WireMessage next(Predicate<WireMessage> wanted) throws Exception {
    while (true) {
      WireMessage body =
          Envelopes.open(chain.context(), chain.signatures(), next())
              .good()
              .map(Opened::body)
              .orElseThrow();
      if (wanted.test(body)) {
        return body;
      }
      if (body.hasReject()) {
        throw new AssertionError("refused: " + body.getReject());
      }
    }
  }

  public RejectCode nextReject() throws Exception {
    return nextRefusal().getCode();
  }

  public Reject nextRefusal() throws Exception {
    return next(WireMessage::hasReject).getReject();
  }

  /** Whether the node took the stream, or ended it at once. */
  boolean isLetIn() throws Exception {
    return answer.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  /** How the stream ended. */
  public Status end() throws Exception {
    return end.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  public boolean isOver() {
    return end.isDone();
  }

  /** Says the three Hellos as the core says them. */
  public RawClient hello(Greeting self, BlockTime now) throws Exception {
    Handshake handshake =
        Handshake.dialer(
            self, Bytes.wrap(new byte[32]), binding(), chain.signatures(), Optional.empty());
    perform(handshake.start(now));
    perform(handshake.onEnvelope(now, next()));
    if (handshake.state() != Handshake.State.READY) {
      throw new AssertionError("the Hello ended " + handshake.state());
    }
    return this;
  }

  private void perform(List<HandshakeStep> steps) {
    for (HandshakeStep step : steps) {
      if (step instanceof HandshakeStep.Send(Envelope message)) {
        send(message);
      }
      if (step instanceof HandshakeStep.Closed closed) {
        throw new AssertionError("refused: " + closed);
      }
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
