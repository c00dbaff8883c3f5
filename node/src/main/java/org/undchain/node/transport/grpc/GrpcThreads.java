package org.undchain.node.transport.grpc;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The threads on which a process moves bytes: one event loop group for all its nodes (epoll where
 * the kernel has it), and virtual threads for calls that may wait for a disk.
 */
public final class GrpcThreads implements AutoCloseable {
  private static final int QUIET_MILLIS = 0;
  private static final int CLOSE_MILLIS = 2000;

  /** Held here, since a logger that nobody holds forgets its level. */
  private static final Logger GRPC_LOG = Logger.getLogger("io.grpc");

  private final EventLoopGroup loops;
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();

  public GrpcThreads(int threadCount) {
    GRPC_LOG.setLevel(Level.OFF); // what fails here is told by the connections, once and with ids
    // Only gRPC itself holds buffers; to sample them costs a stack trace for each and wraps them.
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    IoHandlerFactory io =
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.loops =
        new MultiThreadIoEventLoopGroup(threadCount, new DefaultThreadFactory("net", true), io);
  }

  EventLoopGroup loops() {
    return loops;
  }

  ExecutorService calls() {
    return calls;
  }

  Class<? extends ServerChannel> serverChannel() {
    return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  Class<? extends Channel> channel() {
    return Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  @Override
  public void close() {
    calls.shutdown();
    loops
        .shutdownGracefully(QUIET_MILLIS, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(CLOSE_MILLIS);
  }
}
