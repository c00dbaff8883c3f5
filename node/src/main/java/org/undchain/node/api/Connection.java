package org.undchain.node.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One connection: a question in, an answer out, and what else was sent read and forgotten, since
 * closing over unread bytes would take the answer from the client.
 *
 * <p>A blocking channel knows no time-outs, so an alarm shuts its input down when the question is
 * late, which wakes the reader at the end of its data, and closes it when the answer is.
 */
final class Connection {
  private static final int UNREAD_MAX = 1 << 20;

  private final SocketChannel channel;
  private final Answers answers;
  private final ScheduledExecutorService alarm;
  private final ApiServer.Patience patience;
  private volatile boolean isLate;

  /** Something that is done when time is up. */
  private interface Ending {
    void end() throws IOException;
  }

  Connection(
      SocketChannel channel,
      Answers answers,
      ScheduledExecutorService alarm,
      ApiServer.Patience patience) {
    this.channel = channel;
    this.answers = answers;
    this.alarm = alarm;
    this.patience = patience;
  }

  void run() throws IOException {
    Reply reply = reply();
    within(patience.answerMillis(), channel::close, () -> send(reply));
  }

  /** There is no room for this connection. */
  void turnAway() throws IOException {
    Reply reply = answers.refusal(Refused.busy());
    within(patience.questionMillis(), channel::close, () -> send(reply));
  }

  private Reply reply() throws IOException {
    byte[] head = new byte[RequestHead.BYTES_MAX];
    int[] length = new int[1];
    within(
        patience.questionMillis(),
        () -> {
          isLate = true;
          channel.shutdownInput();
        },
        () -> length[0] = readHead(head));
    try {
      int end = RequestHead.end(head, length[0]);
      if (end >= 0) {
        return answers.reply(RequestHead.target(head, end));
      }
      throw isLate ? Refused.tooSlow() : incomplete(length[0]);
    } catch (Refused refused) {
      return answers.refusal(refused);
    }
  }

  private static Refused incomplete(int length) {
    return length == RequestHead.BYTES_MAX
        ? Refused.tooLong(
            "the request is too long", "its head has at most " + RequestHead.BYTES_MAX + " bytes")
        : Refused.wrong(
            "the request ends before its head does", "a blank line ends it", "send it whole");
  }

  /** Reads until the head is whole, the room is full or nothing more comes. */
  private int readHead(byte[] head) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(head);
    while (buffer.hasRemaining() && RequestHead.end(head, buffer.position()) < 0) {
      if (channel.read(buffer) < 0) {
        break;
      }
    }
    return buffer.position();
  }

  private void send(Reply reply) throws IOException {
    ByteBuffer answer = ByteBuffer.wrap(reply.encoded());
    while (answer.hasRemaining()) {
      channel.write(answer);
    }
    channel.shutdownOutput();
    ByteBuffer unread = ByteBuffer.allocate(1 << 13);
    for (int left = UNREAD_MAX; left > 0; ) {
      int count = channel.read(unread.clear());
      if (count < 0) {
        return;
      }
      left -= count;
    }
  }

  private void within(long millis, Ending late, Ending work) throws IOException {
    Future<?> due;
    try {
      due =
          alarm.schedule(
              () -> {
                late.end();
                return null;
              },
              millis,
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closing) {
      throw new IOException("the API is closing", closing);
    }
    try {
      work.end();
    } finally {
      due.cancel(false);
    }
  }
}
