package org.undchain.node.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.undchain.core.value.Address;
import org.undchain.core.value.NodeId;
import org.undchain.node.devnet.ProcessMark;
import org.undchain.node.json.Json;
import org.undchain.node.json.MalformedJson;

/** The document of the devnet that is registered in a home folder ({@code HOME/devnet.json}). */
public record Devnet(Json.Obj document) {
  private static final int BYTES_MAX = 4 << 20;

  /** Where a devnet registers itself, wherever its own data lies. */
  public static Path register(Session session) {
    return session.home().resolve("devnet.json");
  }

  /** The registered devnet; empty where there is none. That it answers is not known yet. */
  public static Optional<Devnet> running(Session session) throws IOException, Failure {
    return at(register(session));
  }

  /** The devnet whose document is in this file. */
  public static Optional<Devnet> at(Path file) throws IOException, Failure {
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(BYTES_MAX);
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
    try {
      if (Json.parse(new String(content, StandardCharsets.UTF_8)) instanceof Json.Obj document) {
        return Optional.of(new Devnet(document));
      }
    } catch (MalformedJson broken) {
      throw Failure.local(
          1310,
          "BAD_REGISTER",
          file + " is damaged",
          String.valueOf(broken.getMessage()),
          "rm " + file,
          "undchain devnet");
    }
    throw Failure.local(
        1310, "BAD_REGISTER", file + " is damaged", "it holds no object", "rm " + file);
  }

  /** Its data folder. */
  public Optional<String> dataDir() {
    return document.text("dataDir");
  }

  /** The process that started it and ends it in good order. */
  public Optional<ProcessMark> mark() {
    Optional<Long> started = document.integer("startedMillis");
    return document
        .integer("pid")
        .filter(pid -> started.isPresent())
        .map(pid -> new ProcessMark(pid, Instant.ofEpochMilli(started.get())));
  }

  /** That process, if it lives. */
  public Optional<ProcessHandle> keeper() {
    return mark().flatMap(ProcessMark::alive);
  }

  public Optional<String> api() {
    return document.text("api");
  }

  public List<Json.Obj> accounts() {
    return document.objects("accounts");
  }

  public List<Json.Obj> nodes() {
    return document.objects("nodes");
  }

  /** The identity of an account or node of this devnet by its name. */
  Optional<NodeId> idOf(String name) {
    for (List<Json.Obj> group : List.of(accounts(), nodes())) {
      for (Json.Obj member : group) {
        if (member.text("name").equals(Optional.of(name))) {
          return member.text("id").flatMap(Address::parse);
        }
      }
    }
    return Optional.empty();
  }
}
