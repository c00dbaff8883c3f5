package org.undchain.node.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.value.NodeId;
import org.undchain.node.store.OwnerOnly;

/**
 * The nonces of one key that are on their way into blocks, shared by all processes of one home:
 * what is promised and not committed yet is in no account leaf.
 */
final class NonceBook {
  private static final Pattern LINE = Pattern.compile("([0-9]{1,18}) ([0-9]{1,18})");
  private static final int FILE_MAX = 16 << 10;

  /** One process may not overtake itself: locks of files are between processes. */
  private static final Object IN_PROCESS = new Object();

  private final Path folder;
  private final Path file;

  NonceBook(Path folder, NodeId account) {
    this.folder = folder;
    this.file = folder.resolve(account.hex());
  }

  /**
   * Takes the lowest nonce that is neither used nor taken.
   *
   * @param slot now; what was taken for a window that is over is free again
   * @param validTo last slot of the entry that will carry it
   */
  long take(AccountLeaf account, long slot, long validTo) {
    synchronized (IN_PROCESS) {
      try {
        OwnerOnly.folder(folder);
        try (FileChannel channel =
                FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            FileLock lock = channel.lock()) {
          Map<Long, Long> taken = read(channel);
          taken.values().removeIf(until -> until + 1 < slot);
          long nonce = account.getNonceFloor() + 1;
          while (isUsed(account, nonce) || taken.containsKey(nonce)) {
            nonce++;
          }
          taken.put(nonce, validTo);
          write(channel, taken);
          return nonce;
        }
      } catch (IOException failure) {
        throw new UncheckedIOException("the nonces in " + file + " cannot be kept", failure);
      }
    }
  }

  private static boolean isUsed(AccountLeaf account, long nonce) {
    long above = nonce - account.getNonceFloor() - 1;
    return above < Long.SIZE && (account.getNonceBits() >>> above & 1) == 1;
  }

  private static Map<Long, Long> read(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(FILE_MAX, channel.size()));
    while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
    Map<Long, Long> taken = new TreeMap<>();
    for (String line :
        new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII)
            .lines()
            .toList()) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        taken.put(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
      }
    }
    return taken;
  }

  private static void write(FileChannel channel, Map<Long, Long> taken) throws IOException {
    StringBuilder text = new StringBuilder();
    taken.forEach((nonce, until) -> text.append(nonce).append(' ').append(until).append('\n'));
    ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
    channel.truncate(0);
    channel.position(0);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
