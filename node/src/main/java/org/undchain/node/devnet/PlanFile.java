package org.undchain.node.devnet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.value.BlockTime;
import org.undchain.node.config.ConfigException;
import org.undchain.node.json.Json;
import org.undchain.node.json.MalformedJson;

/** The file a devnet's plan is made again from: its shape, its ports and its first block time. */
final class PlanFile {
  /** Version of the data folder's form. */
  static final int VERSION = 1;

  private static final int BYTES_MAX = 1 << 20;

  private PlanFile() {}

  static String text(DevnetPlan plan) {
    DevnetShape shape = plan.shape();
    List<Json> nodes = new ArrayList<>();
    for (DevnetNode node : plan.nodes()) {
      nodes.add(Json.object().put("name", node.name()).putInt("port", node.port()).build());
    }
    return Json.object()
            .putInt("version", VERSION)
            .putInt64("t0Millis", plan.t0().millis())
            .putInt("validators", shape.validators())
            .putInt("known", shape.known())
            .putInt("passives", shape.passives())
            .putInt("partners", shape.partners())
            .putInt64("slotMillis", shape.slotMillis())
            .putInt64("periodSlots", shape.periodSlots())
            .putInt64("seed", shape.seed())
            .putInt("fileEntries", shape.fileEntries())
            .put("nodes", nodes)
            .build()
            .pretty()
        + "\n";
  }

  static DevnetPlan read(Path file) throws ConfigException {
    try (InputStream in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(BYTES_MAX), StandardCharsets.UTF_8);
      if (Json.parse(text) instanceof Json.Obj document) {
        return plan(file, document);
      }
      throw damaged(file, "it holds no object");
    } catch (IOException unreadable) {
      throw damaged(file, unreadable.getClass().getSimpleName() + ": " + unreadable.getMessage());
    } catch (MalformedJson broken) {
      throw damaged(file, String.valueOf(broken.getMessage()));
    }
  }

  private static DevnetPlan plan(Path file, Json.Obj document) throws ConfigException {
    long version = number(file, document, "version");
    if (version != VERSION) {
      throw new ConfigException(
          1403,
          file.getParent() + " has the form " + version + " of a devnet, known is " + VERSION,
          version > VERSION
              ? "it was made by a newer UndChain"
              : "it was made by an UndChain before this one",
          List.of("choose another --data", "run it with the UndChain that made it"));
    }
    DevnetShape shape =
        new DevnetShape(
                small(file, document, "validators"),
                small(file, document, "known"),
                small(file, document, "passives"),
                small(file, document, "partners"),
                number(file, document, "slotMillis"),
                number(file, document, "periodSlots"),
                number(file, document, "seed"),
                fileEntries(file, document))
            .checked();
    List<Integer> ports = new ArrayList<>();
    for (Json.Obj node : document.objects("nodes")) {
      ports.add(small(file, node, "port"));
    }
    if (ports.size() != DevnetPlan.nodeCount(shape)) {
      throw damaged(file, "it names " + ports.size() + " nodes of " + DevnetPlan.nodeCount(shape));
    }
    return DevnetPlan.of(shape, ports, new BlockTime(number(file, document, "t0Millis")));
  }

  /** Folders of before it could be chosen do not name it. */
  private static int fileEntries(Path file, Json.Obj document) throws ConfigException {
    return document.integer("fileEntries").isEmpty()
        ? DevnetShape.FILE_ENTRIES
        : Math.toIntExact(Math.clamp(number(file, document, "fileEntries"), 0, Integer.MAX_VALUE));
  }

  private static int small(Path file, Json.Obj document, String name) throws ConfigException {
    long value = number(file, document, name);
    if (value < 0 || value > 65_535) {
      throw damaged(file, name + " is " + value);
    }
    return (int) value;
  }

  private static long number(Path file, Json.Obj document, String name) throws ConfigException {
    Optional<Long> value = document.integer(name);
    if (value.isEmpty()) {
      throw damaged(file, name + " is no whole number");
    }
    return value.get();
  }

  private static ConfigException damaged(Path file, String why) {
    return new ConfigException(
        1404,
        file + " is damaged",
        why,
        List.of("choose another --data", "rm -r " + file.getParent() + " (its chain is lost)"));
  }
}
