package org.undchain.node.config;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.value.Address;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/**
 * The configuration of one node ({@code node.toml}), checked once at its start. Paths are seen from
 * the folder of the file, so a data folder can be moved as a whole.
 *
 * @param name what the node is called in logs
 * @param data folder with keys, store and signing guard
 * @param clock file with the offset of block time against the system's clock, of a devnet
 * @param listen where the node waits for peers
 * @param advertise how others reach it
 * @param apiSocket UNIX socket of the JSON API, short enough for the system
 * @param names what other nodes are called by this one's API
 */
public record NodeFile(
    Role role,
    String name,
    Path data,
    Path genesis,
    Path rules,
    Optional<Path> clock,
    LogLevel logLevel,
    InetSocketAddress listen,
    InetSocketAddress advertise,
    Path apiSocket,
    Offering offering,
    Map<NodeId, String> names) {

  /** Longest file that is looked at. */
  public static final int BYTES_MAX = 64 << 10;

  /** Name of the log in a node's data folder. */
  public static final String LOG = "node.log";

  /** Code of the refusal of such a file. */
  public static final int CODE = 1205;

  private static final long QUOTA_MIB_MAX = 1L << 30;
  private static final long QUOTA_MIB_DEFAULT = 10 << 10;
  private static final long PRICE_MAX = 1L << 40;
  private static final int NAMES_MAX = 1000;
  private static final int PORT_MAX = 65_535;
  private static final String NAMES = "names";
  private static final TomlForm.Kind KIND =
      new TomlForm.Kind(
          BYTES_MAX,
          "look at nodes/v1/node.toml of a devnet's data folder",
          path -> "look at nodes/v1/node.toml of a devnet's data folder");

  private static final List<String> KEYS =
      List.of(
          "role",
          "name",
          "data",
          "genesis",
          "rules",
          "clock",
          "log_level",
          "network.listen",
          "network.advertise",
          "api.socket",
          "storage.quota_mib",
          "storage.unit_price_grains");

  public NodeFile {
    names = Map.copyOf(names);
  }

  /** What a node does on its chain. */
  public enum Role {
    VALIDATOR,
    PARTNER;

    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** How much a node says in its log. */
  public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG;

    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * What a partner rents out.
   *
   * @param quotaBytes disk space for shards
   * @param unitPriceGrains price of 1 MiB for the whole keeping time
   */
  public record Offering(long quotaBytes, long unitPriceGrains) {}

  /** What reading ended in. */
  sealed interface Reading {
    record Good(NodeFile node) implements Reading {}

    /** At least one problem, in the order in which they were found. */
    record Bad(List<Problem> problems) implements Reading {
      public Bad {
        problems = List.copyOf(problems);
      }
    }
  }

  public static NodeFile load(Path file) throws ConfigException {
    Bytes content;
    try (InputStream in = Files.newInputStream(file)) {
      content = Bytes.wrap(in.readNBytes(BYTES_MAX + 1));
    } catch (NoSuchFileException absent) {
      throw new ConfigException(
          3102,
          "there is no file " + file,
          "the node's configuration was to be read from it",
          List.of("check --config"));
    } catch (IOException unreadable) {
      throw new ConfigException(
          1302,
          file + " cannot be read",
          unreadable.getClass().getSimpleName() + ": " + unreadable.getMessage(),
          List.of("ls -l " + file));
    }
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    return switch (read(content, folder)) {
      case Reading.Good(NodeFile node) -> node;
      case Reading.Bad(List<Problem> problems) -> throw Problem.refusal(CODE, file, problems);
    };
  }

  static Reading read(Bytes content, Path folder) {
    return switch (TomlForm.parse(content, KIND)) {
      case TomlForm.Parsed.Bad(List<Problem> problems) -> new Reading.Bad(problems);
      case TomlForm.Parsed.Good(TomlForm form) -> new Form(form, folder).node();
    };
  }

  /** Where the node writes what it does. */
  public Path logFile() {
    return data.resolve(LOG);
  }

  /** The text that {@link #load} reads as this. */
  public String text(Path folder) {
    StringBuilder text = new StringBuilder();
    line(text, "role", role.word());
    line(text, "name", name);
    line(text, "data", relative(folder, data));
    line(text, "genesis", relative(folder, genesis));
    line(text, "rules", relative(folder, rules));
    clock.ifPresent(file -> line(text, "clock", relative(folder, file)));
    line(text, "log_level", logLevel.word());
    text.append("\n[network]\n");
    line(text, "listen", hostAndPort(listen));
    line(text, "advertise", hostAndPort(advertise));
    text.append("\n[api]\n");
    line(text, "socket", relative(folder, apiSocket));
    if (role == Role.PARTNER) {
      text.append("\n[storage]\n");
      text.append("quota_mib = ").append(offering.quotaBytes >> 20).append('\n');
      text.append("unit_price_grains = ").append(offering.unitPriceGrains);
      text.append("  # of 1 MiB for the whole keeping time\n");
    }
    text.append("\n[names]  # what the API calls other nodes\n");
    new TreeMap<>(names).forEach((id, called) -> line(text, called, Address.of(id)));
    return text.toString();
  }

  /** {@code host:port} as a route says it. */
  public static String hostAndPort(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append(key).append(" = \"").append(value).append("\"\n");
  }

  private static String relative(Path folder, Path file) {
    Path relative = folder.toAbsolutePath().relativize(file.toAbsolutePath());
    return relative.toString().isEmpty() ? "." : relative.toString();
  }

  /** One parsed file on its way to a configuration. */
  private static final class Form {
    private final TomlForm form;
    private final Path folder;

    Form(TomlForm form, Path folder) {
      this.form = form;
      this.folder = folder;
    }

    Reading node() {
      form.refuseUnknown("key", KEYS, path -> path.startsWith(NAMES + "."));
      Role role = oneOf("role", Role.values(), Optional.empty());
      String name = word("name");
      Path data = path("data").orElse(folder);
      Path genesis = required("genesis");
      Path rules = required("rules");
      InetSocketAddress listen = address("network.listen", Optional.empty());
      InetSocketAddress advertise = address("network.advertise", Optional.of(listen));
      refuseAnyAddress(advertise);
      NodeFile node =
          new NodeFile(
              role,
              name,
              data,
              genesis,
              rules,
              path("clock"),
              oneOf("log_level", LogLevel.values(), Optional.of(LogLevel.INFO)),
              listen,
              advertise,
              SocketPath.fitting(path("api.socket").orElse(data.resolve("api.sock"))),
              offering(role),
              names());
      return form.problems().isEmpty() ? new Reading.Good(node) : new Reading.Bad(form.problems());
    }

    private <E extends Enum<E>> E oneOf(String path, E[] values, Optional<E> otherwise) {
      Optional<String> text = form.text(path, "a word");
      List<String> words = new ArrayList<>();
      for (E value : values) {
        words.add(value.name().toLowerCase(java.util.Locale.ROOT));
      }
      if (text.isPresent() && words.contains(text.get())) {
        return values[words.indexOf(text.get())];
      }
      if (text.isPresent()) {
        form.problem(
            path,
            path + " is \"" + shortened(text.get()) + "\"",
            "it is one of " + String.join(", ", words),
            Spelling.nearest(text.get(), words)
                .map(near -> "did you mean " + near + "?")
                .orElse("choose one of them"));
      } else if (otherwise.isEmpty()) {
        missing(path, "the node must know what it is");
      }
      return otherwise.orElse(values[0]);
    }

    private String word(String path) {
      Optional<String> text = form.text(path, "a name");
      if (text.isEmpty()) {
        missing(path, "logs and documents call the node by it");
      } else if (!text.get().matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")) {
        form.problem(
            path,
            path + " is \"" + shortened(text.get()) + "\"",
            "names are letters, digits, _ and -, at most 64",
            "choose another");
      }
      return text.orElse("");
    }

    private Path required(String path) {
      Optional<Path> file = path(path);
      if (file.isEmpty()) {
        missing(path, "a node belongs to one chain");
      }
      return file.orElse(folder);
    }

    private Optional<Path> path(String path) {
      Optional<String> text = form.text(path, "a path");
      try {
        return text.map(relative -> folder.resolve(relative).normalize());
      } catch (java.nio.file.InvalidPathException wrong) {
        form.problem(
            path, path + " is no path", String.valueOf(wrong.getReason()), "choose another");
        return Optional.of(folder);
      }
    }

    private InetSocketAddress address(String path, Optional<InetSocketAddress> otherwise) {
      InetSocketAddress none = InetSocketAddress.createUnresolved("127.0.0.1", 1);
      Optional<String> text = form.text(path, "an address");
      if (text.isEmpty()) {
        if (otherwise.isEmpty() && !form.contains(path)) {
          missing(path, "peers must find the node");
        }
        return otherwise.orElse(none);
      }
      int colon = text.get().lastIndexOf(':');
      String port = text.get().substring(colon + 1);
      if (colon > 0 && port.matches("[1-9][0-9]{0,4}") && Integer.parseInt(port) <= PORT_MAX) {
        return InetSocketAddress.createUnresolved(
            text.get().substring(0, colon), Integer.parseInt(port));
      }
      form.problem(
          path,
          path + " is no address: " + shortened(text.get()),
          "an address is host:port with a port from 1 to " + PORT_MAX,
          path + " = \"127.0.0.1:4440\"");
      return none;
    }

    private void refuseAnyAddress(InetSocketAddress advertise) {
      String host = advertise.getHostString();
      if (host.equals("0.0.0.0") || host.equals("[::]") || host.equals("::")) {
        form.problem(
            form.contains("network.advertise") ? "network.advertise" : "network.listen",
            host + " is no address that others can dial",
            "it stands for all addresses of this machine",
            "network.advertise = \"this.machine.example:" + advertise.getPort() + "\"");
      }
    }

    private Offering offering(Role role) {
      long quota = number("storage.quota_mib", QUOTA_MIB_DEFAULT, 1, QUOTA_MIB_MAX);
      long price = number("storage.unit_price_grains", 0, 0, PRICE_MAX);
      if (role == Role.PARTNER && !form.contains("storage.unit_price_grains")) {
        missing("storage.unit_price_grains", "a partner bids with it");
      }
      if (role == Role.VALIDATOR && form.contains("storage")) {
        form.problem(
            "storage",
            "a validator rents out nothing",
            "only partners have a [storage]",
            "leave it out, or set role = \"partner\"");
      }
      return new Offering(quota << 20, price);
    }

    private long number(String path, long otherwise, long low, long high) {
      long value = form.integer(path).orElse(otherwise);
      if (value >= low && value <= high) {
        return value;
      }
      form.problem(
          path,
          path + " is " + value + ", the limit is " + (value < low ? low : high),
          "the value is outside of what makes sense",
          "set " + (value < low ? low : high));
      return otherwise;
    }

    private Map<NodeId, String> names() {
      Map<NodeId, String> names = new TreeMap<>();
      List<String> keys = form.keysOf(NAMES);
      for (String key : keys.subList(0, Math.min(keys.size(), NAMES_MAX))) {
        String path = NAMES + "." + key;
        Optional<NodeId> id = form.text(path, "an address").flatMap(Address::parse);
        if (id.isPresent()) {
          names.put(id.get(), key);
        } else {
          form.problem(
              path,
              path + " names no address",
              "addresses begin with und1 and end with a checksum",
              "undchain keys list");
        }
      }
      return names;
    }

    private void missing(String path, String why) {
      form.problem(path, path + " is missing", why, "add " + path);
    }

    private static String shortened(String text) {
      return text.length() <= 70 ? text : text.substring(0, 70) + "…";
    }
  }
}
