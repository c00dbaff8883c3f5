package org.undchain.node.devnet;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.message.ChainContext;
import org.undchain.core.value.Address;
import org.undchain.node.config.SocketPath;
import org.undchain.node.json.Json;

/** What the world is told of a running devnet: printed, and written where programs look for it. */
public final class DevnetDocument {
  private final DevnetFolder folder;
  private final DevnetPlan plan;

  public DevnetDocument(DevnetFolder folder, DevnetPlan plan) {
    this.folder = folder;
    this.plan = plan;
  }

  /** How the nodes of a network are run. */
  public enum Mode {
    ONE_PROCESS,
    PROCESSES;

    public String word() {
      return this == PROCESSES ? "processes" : "one process";
    }
  }

  /** Who runs the network. */
  public record Running(Mode mode, ProcessMark keeper, long readyMillis) {}

  /** The document of the network as it runs now; a node's process is what its folder says. */
  public Json.Obj of(Running running) throws IOException {
    ChainContext chain = GenesisBlock.context(plan.genesis());
    List<Json> nodes = new ArrayList<>();
    for (DevnetNode node : plan.nodes()) {
      nodes.add(node(node, running));
    }
    List<Json> accounts = new ArrayList<>();
    plan.accounts().forEach(account -> accounts.add(account(account)));
    return Json.object()
        .put("chainId", chain.chainId().hex())
        .put("networkId", chain.networkId().hex())
        .put("genesis", folder.genesisFile().toString())
        .putInt64("seed", plan.shape().seed())
        .putInt("slotMillis", (int) plan.shape().slotMillis())
        .putInt("periodSlots", (int) plan.shape().periodSlots())
        .put("api", "unix:" + SocketPath.fitting(folder.apiSocket(plan.nodes().getFirst().name())))
        .put("nodes", nodes)
        .put("accounts", accounts)
        .putInt("readyMillis", (int) running.readyMillis())
        .put("dataDir", folder.root().toString())
        .put("mode", running.mode().word())
        .putInt("pid", (int) running.keeper().pid())
        .putInt64("startedMillis", running.keeper().started().toEpochMilli())
        .build();
  }

  private Json node(DevnetNode node, Running running) throws IOException {
    ProcessMark process =
        running.mode() == Mode.PROCESSES
            ? ProcessMark.read(folder.pidFile(node.name())).orElse(running.keeper())
            : running.keeper();
    Json none = new Json.Null();
    return Json.object()
        .put("name", node.name())
        .put("role", role(node))
        .put(
            "class",
            node.isPartner()
                ? none
                : new Json.Str(node.standing() == DevnetNode.Standing.KNOWN ? "known" : "unknown"))
        .put("id", Address.of(node.id()))
        .putInt("pid", (int) process.pid())
        .put("grpc", node.address())
        .put("cert", Files.readString(folder.nodeFolder(node.name()).resolve("transport.pem")))
        .put("dataDir", folder.nodeFolder(node.name()).toString())
        .put("log", folder.nodeLog(node.name()).toString())
        .build();
  }

  /** The word for what a node is. */
  public static String role(DevnetNode node) {
    return switch (node.standing()) {
      case KNOWN, UNKNOWN -> "validator";
      case PASSIVE, PARTNER -> node.standing().name().toLowerCase(Locale.ROOT);
    };
  }

  private Json account(DevnetPlan.Account account) {
    return Json.object()
        .put("name", account.name())
        .put("id", Address.of(account.id()))
        .put("keyFile", folder.accountKey(account.name()).toString())
        .putInt64("balanceGrains", account.balanceGrains())
        .build();
  }

  /** Writes a document so that a reader finds the old one or the new one, never half of one. */
  public static void write(Path file, Json.Obj document) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Path fresh = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
    Files.writeString(fresh, document.pretty() + "\n");
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException otherwise) {
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
