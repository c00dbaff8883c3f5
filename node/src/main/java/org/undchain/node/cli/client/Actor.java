package org.undchain.node.cli.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.GenesisValidator;
import org.undchain.core.message.ValidatorClass;
import org.undchain.core.value.Address;
import org.undchain.core.value.NodeId;
import org.undchain.node.cli.Command;
import org.undchain.node.cli.Devnet;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.Failures;
import org.undchain.node.cli.KeyRing;
import org.undchain.node.client.ClientNode;
import org.undchain.node.client.JobFolder;
import org.undchain.node.config.ChainFiles;
import org.undchain.node.config.ClockFile;
import org.undchain.node.config.ConfigException;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.json.Json;
import org.undchain.node.runtime.BlockClock;
import org.undchain.node.runtime.Machinery;
import org.undchain.node.store.StoreException;

/** The caller as a client: key, chain, block time and connections for one command. */
final class Actor implements AutoCloseable {
  private static final String JOBS = "jobs";
  private static final String CLOCK = "clock";

  private final Machinery machinery;
  private final Chain chain;
  private final BlockClock clock;
  private final Signer signer;
  private final Path jobs;
  private final Optional<Devnet> devnet;

  private Actor(
      Machinery machinery,
      Chain chain,
      BlockClock clock,
      Signer signer,
      Path jobs,
      Optional<Devnet> devnet) {
    this.machinery = machinery;
    this.chain = chain;
    this.clock = clock;
    this.signer = signer;
    this.jobs = jobs;
    this.devnet = devnet;
  }

  /**
   * Reads key and chain; nothing is connected yet. The chain is that of the running devnet, else
   * the one whose genesis and rules lie in the home folder.
   */
  static Actor of(Command.Call call) throws Failure, IOException {
    Signer signer = KeyRing.signer(new KeyRing(call.session()).chosen());
    Optional<Devnet> devnet = Devnet.running(call.session());
    Machinery machinery = Machinery.start();
    try {
      Path home = call.session().home();
      Optional<DevnetFolder> folder =
          devnet.flatMap(Devnet::dataDir).map(Path::of).map(DevnetFolder::new);
      Chain chain =
          folder.isPresent()
              ? ChainFiles.load(
                  folder.get().genesisFile(), folder.get().rulesFile(), machinery.signatures())
              : ChainFiles.load(home, machinery.signatures());
      BlockClock clock = clock(folder.map(DevnetFolder::clockFile).orElse(home.resolve(CLOCK)));
      return new Actor(machinery, chain, clock, signer, home.resolve(JOBS), devnet);
    } catch (ConfigException refused) {
      machinery.close();
      throw Failures.of(refused);
    }
  }

  private static BlockClock clock(Path file) throws ConfigException, Failure {
    if (!Files.exists(file)) {
      return BlockClock.wall(0);
    }
    return switch (ClockFile.read(file)) {
      case ClockFile.Running(long offsetMillis) -> BlockClock.wall(offsetMillis);
      case ClockFile.Stopped stopped ->
          throw Failure.local(
              5101,
              "DEVNET_OFF",
              "the devnet is off",
              file + " says when it stopped",
              "undchain devnet");
    };
  }

  NodeId id() {
    return signer.id();
  }

  Chain chain() {
    return chain;
  }

  /** A folder for a job that nobody goes on with. */
  JobFolder passingJob() {
    return new JobFolder(jobs.resolve("once-" + UUID.randomUUID()));
  }

  /** The folder of the job with this name, perhaps begun already. */
  JobFolder job(String name) {
    return new JobFolder(jobs.resolve(name));
  }

  /** Connects, with the sessions of a job's folder. */
  ClientNode connect(JobFolder folder) throws Failure {
    try {
      return ClientNode.start(
          machinery, new ClientNode.Setting(folder.path(), chain, signer, clock));
    } catch (ConfigException refused) {
      throw Failures.of(refused);
    } catch (StoreException refused) {
      throw Failure.local(
          refused.why() == StoreException.Why.IN_USE ? 4101 : 1190,
          refused.why().name(),
          "the job's folder cannot be used",
          String.valueOf(refused.getMessage()),
          "wait until the other command with the same file is done");
    }
  }

  /** What people call a node: its name in the devnet, else its address. */
  String nameOf(NodeId id) {
    String address = Address.of(id);
    for (Json.Obj node : devnet.map(Devnet::nodes).orElse(List.of())) {
      if (node.text("id").equals(Optional.of(address))) {
        return node.text("name").orElse(address);
      }
    }
    return address;
  }

  /** Validators that promised, as JSON. */
  List<Json> stamps(List<NodeId> stampers) {
    return stampers.stream()
        .<Json>map(id ->
            Json.object()
                .put("validator", nameOf(id))
                .put("class", isKnown(id) ? "known" : "unknown")
                .build())
        .toList();
  }

  private boolean isKnown(NodeId id) {
    for (GenesisValidator validator : chain.genesis().getValidatorsList()) {
      if (NodeId.of(validator.getId()).equals(id)) {
        return validator.getValidatorClass() == ValidatorClass.VALIDATOR_CLASS_KNOWN;
      }
    }
    return false;
  }

  @Override
  public void close() {
    machinery.close();
  }
}
