package org.undchain.node.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Signer;
import org.undchain.core.value.Address;
import org.undchain.core.value.NodeId;
import org.undchain.node.config.ConfigException;
import org.undchain.node.config.KeyFile;
import org.undchain.node.config.Spelling;
import org.undchain.node.json.Json;

/**
 * The keys a caller may act with: those in the home folder, and the public ones of a running
 * devnet.
 */
public final class KeyRing {
  private static final String ENDING = ".key";
  private static final String NAME_FORM = "[A-Za-z0-9][A-Za-z0-9_-]{0,63}";
  private static final String DEVNET_DEFAULT = "alice";

  private final Session session;
  private final Path folder;

  public KeyRing(Session session) {
    this.session = session;
    this.folder = session.home().resolve("keys");
  }

  /** A key by name, without its secret. */
  public record Entry(String name, Path file, boolean ofDevnet) {}

  Entry create(String name) throws Failure {
    if (!name.matches(NAME_FORM)) {
      throw Failure.usage(
          "\"" + name + "\" is no name for a key",
          "names are letters, digits, _ and -, at most 64",
          "undchain keys new alice");
    }
    Path file = folder.resolve(name + ENDING);
    try {
      KeyFile.create(file);
    } catch (ConfigException refused) {
      throw Failures.of(refused);
    }
    return new Entry(name, file, false);
  }

  List<Entry> list() throws IOException, Failure {
    List<Entry> entries = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        files
            .filter(file -> file.getFileName().toString().endsWith(ENDING))
            .sorted()
            .forEach(file -> entries.add(new Entry(nameOf(file), file, false)));
      }
    }
    entries.addAll(ofDevnet());
    return entries;
  }

  /** The key the caller named, or the one that stands when none was named. */
  public Entry chosen() throws IOException, Failure {
    if (session.key().isPresent()) {
      return named(session.key().get());
    }
    List<Entry> all = list();
    Optional<Entry> devnet =
        all.stream().filter(key -> key.ofDevnet() && key.name().equals(DEVNET_DEFAULT)).findFirst();
    if (devnet.isPresent()) {
      return devnet.get();
    }
    if (all.size() == 1) {
      return all.getFirst();
    }
    throw Failure.local(
        1305,
        "NO_KEY",
        all.isEmpty()
            ? "there is no key to act with"
            : "it is open which of " + all.size() + " keys to act with",
        "no --key was given and no devnet of this home runs",
        all.isEmpty()
            ? "undchain keys new NAME"
            : "undchain --key " + all.getFirst().name() + " …");
  }

  /** A key by its name, or by its file where the word has a slash in it. */
  public Entry named(String nameOrFile) throws IOException, Failure {
    if (nameOrFile.contains("/")) {
      Path file = session.path(nameOrFile);
      return new Entry(nameOf(file), file, false);
    }
    List<Entry> all = list();
    for (Entry entry : all) {
      if (entry.name().equals(nameOrFile)) {
        return entry;
      }
    }
    List<String> names = all.stream().map(Entry::name).toList();
    throw Failure.local(
        3101,
        "NO_SUCH_KEY",
        "there is no key \"" + nameOrFile + "\"",
        "looked in " + folder + " and in the running devnet",
        Spelling.nearest(nameOrFile, names)
            .map(near -> "--key " + near)
            .orElse("undchain keys list"));
  }

  /** Signs with a key; refuses a file that others may read. */
  public static Signer signer(Entry entry) throws Failure {
    try {
      return Ed25519.signer(KeyFile.load(entry.file()), Optional.empty());
    } catch (ConfigException refused) {
      throw Failures.of(refused);
    }
  }

  /** An account as people name it: its address, its hex, or the name of one of our keys. */
  public NodeId account(String text) throws IOException, Failure {
    Optional<NodeId> id = Address.parse(text);
    if (id.isPresent()) {
      return id.get();
    }
    if (text.startsWith("und1")) {
      throw Failure.usage(
          "\"" + text + "\" is no address", "its letters do not fit its checksum", "copy it again");
    }
    if (text.matches("[0-9a-f]{64}")) {
      return NodeId.ofHex(text);
    }
    Optional<Devnet> devnet = Devnet.running(session);
    Optional<NodeId> published = devnet.flatMap(net -> net.idOf(text));
    return published.isPresent() ? published.get() : signer(named(text)).id();
  }

  private List<Entry> ofDevnet() throws IOException, Failure {
    List<Entry> entries = new ArrayList<>();
    for (Json.Obj account : Devnet.running(session).map(Devnet::accounts).orElse(List.of())) {
      Optional<String> name = account.text("name");
      Optional<String> file = account.text("keyFile");
      if (name.isPresent() && file.isPresent()) {
        entries.add(new Entry(name.get(), Path.of(file.get()), true));
      }
    }
    return entries;
  }

  private static String nameOf(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
  }
}
