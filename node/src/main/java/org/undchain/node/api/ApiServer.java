package org.undchain.node.api;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of the JSON API: HTTP/1.1 on a UNIX socket that only its owner may open, one question
 * for each connection, one virtual thread for each question. It reads {@link ChainView} or numbers
 * and nothing else, so no question ever waits for the validator or the validator for a question.
 */
public final class ApiServer implements AutoCloseable {
  /** Most connections served at a time; one more is told so. */
  static final int CONNECTIONS_MAX = 64;

  /** How long the head of a request may take. */
  static final long QUESTION_MILLIS = 5_000;

  /** How long a client may take to fetch its answer and hang up. */
  static final long ANSWER_MILLIS = 30_000;

  private static final long PAUSE_NANOS = 200_000_000;

  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

  private final ServerSocketChannel door;
  private final Path socket;
  private final Answers answers;
  private final Patience patience;
  private final Semaphore places = new Semaphore(CONNECTIONS_MAX);
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService alarm =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("api-alarm").factory());

  /** How long the two halves of a connection may take, in milliseconds. */
  record Patience(long questionMillis, long answerMillis) {}

  private ApiServer(ServerSocketChannel door, Path socket, Answers answers, Patience patience) {
    this.door = door;
    this.socket = socket;
    this.answers = answers;
    this.patience = patience;
  }

  /**
   * Opens the API and answers from now on.
   *
   * @param socket where the socket is made; one that nobody answers on any more is replaced
   * @param names what the nodes are called
   * @param metrics text of {@code GET /metrics}, in Prometheus' format
   */
  public static ApiServer start(
      Path socket, ChainView view, NameBook names, Supplier<String> metrics) throws ApiException {
    return start(
        socket, new Routes(view, names, metrics), new Patience(QUESTION_MILLIS, ANSWER_MILLIS));
  }

  /**
   * Opens the door of a node that tells nothing but its numbers.
   *
   * @param name what the node is called
   */
  public static ApiServer ofMetrics(Path socket, String name, Supplier<String> metrics)
      throws ApiException {
    return start(
        socket, new MetricsAlone(name, metrics), new Patience(QUESTION_MILLIS, ANSWER_MILLIS));
  }

  static ApiServer start(Path socket, Answers answers, Patience patience) throws ApiException {
    ApiServer server = new ApiServer(LocalSocket.open(socket), socket, answers, patience);
    Thread.ofVirtual().name("api-door").start(server::accept);
    return server;
  }

  private void accept() {
    while (door.isOpen()) {
      try {
        serve(door.accept());
      } catch (IOException failure) {
        if (door.isOpen()) {
          LOG.warn("api=accept error=\"{}\"", failure.getMessage());
          LockSupport.parkNanos(PAUSE_NANOS); // out of file handles, most likely
        }
      }
    }
  }

  private void serve(SocketChannel channel) {
    boolean isRoom = places.tryAcquire();
    open.add(channel);
    Connection connection = new Connection(channel, answers, alarm, patience);
    Thread.ofVirtual()
        .name("api-connection")
        .start(() -> {
          try (channel) {
            if (isRoom) {
              connection.run();
            } else {
              connection.turnAway();
            }
          } catch (IOException gone) {
            LOG.debug("api=gone error=\"{}\"", gone.getMessage());
          } finally {
            open.remove(channel);
            if (isRoom) {
              places.release();
            }
          }
        });
  }

  @Override
  public void close() {
    LocalSocket.close(door, socket);
    for (SocketChannel channel : open) {
      try {
        channel.close();
      } catch (IOException gone) {
        LOG.debug("api=close error=\"{}\"", gone.getMessage());
      }
    }
    alarm.shutdownNow();
  }
}
