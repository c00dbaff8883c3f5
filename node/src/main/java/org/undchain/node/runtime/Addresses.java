package org.undchain.node.runtime;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.undchain.core.message.Route;
import org.undchain.core.value.Hash;
import org.undchain.node.config.ConfigException;

/** Where nodes are dialled: {@code host:port}, with an IPv6 host in brackets, and routes to it. */
public final class Addresses {
  private static final int PORT_MAX = 65_535;

  /** Medium of the routes that can be dialled. */
  private static final String IP = "ip";

  private Addresses() {}

  /** The route of a node that listens here. */
  public static Route route(String hostPort) {
    return Route.newBuilder().setMedium(IP).setAddress(hostPort).build();
  }

  /** Of somebody's routes the one that is dialled: the first that can be. */
  public static Optional<Route> dialled(List<Route> routes) {
    return routes.stream().filter(route -> route.getMedium().equals(IP)).findFirst();
  }

  /** Hash of the only transport certificate that may answer at this route; any if it names none. */
  public static Optional<Hash> certificate(Route route) {
    return route.getTransportHash().isEmpty()
        ? Optional.empty()
        : Optional.of(Hash.of(route.getTransportHash()));
  }

  /** The address that is dialled, as it is shown; empty if there is none. */
  public static String shown(List<Route> routes) {
    return dialled(routes).map(Route::getAddress).orElse("");
  }

  public static InetSocketAddress parse(String hostPort) throws ConfigException {
    int colon = hostPort.lastIndexOf(':');
    String host = colon < 0 ? "" : hostPort.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    int port = port(hostPort.substring(colon + 1));
    if (host.isEmpty() || port < 0) {
      throw new ConfigException(
          1313,
          "\"" + hostPort + "\" is no address",
          "an address is host:port",
          List.of("127.0.0.1:7000", "[::1]:7000"));
    }
    return new InetSocketAddress(host, port);
  }

  private static int port(String digits) {
    boolean isNumber =
        !digits.isEmpty()
            && digits.length() <= 5
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    int port = isNumber ? Integer.parseInt(digits) : -1;
    return port <= PORT_MAX ? port : -1;
  }
}
