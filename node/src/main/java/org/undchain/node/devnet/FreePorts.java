package org.undchain.node.devnet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.undchain.node.config.ConfigException;

/**
 * Ports of 127.0.0.1 on which nobody listens. They lie below those that the system gives to
 * outgoing connections, so that they are likely to be free again when the network is resumed.
 */
public final class FreePorts {
  private static final int FIRST = 20_000;
  private static final int LAST = 32_000;

  private FreePorts() {}

  /** Neighbours if possible, from a place nobody else is likely to begin at. */
  public static List<Integer> choose(int count) throws ConfigException {
    List<Integer> free = new ArrayList<>();
    int start = ThreadLocalRandom.current().nextInt(FIRST, LAST);
    for (int i = 0; i < LAST - FIRST && free.size() < count; i++) {
      int port = FIRST + (start - FIRST + i) % (LAST - FIRST);
      if (isFree(port)) {
        free.add(port);
      }
    }
    if (free.size() < count) {
      throw new ConfigException(
          1407,
          "only " + free.size() + " of " + count + " ports are free",
          "every node listens on one of its own between " + FIRST + " and " + LAST,
          List.of("ss -ltn", "stop what listens there"));
    }
    return free;
  }

  static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true); // connections of the last run that only wait for stragglers
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
