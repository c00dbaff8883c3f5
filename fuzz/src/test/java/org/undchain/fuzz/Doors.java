package org.undchain.fuzz;

import java.util.List;
import java.util.function.Supplier;
import org.undchain.core.validator.RecordsDoor;
import org.undchain.fuzz.core.BlockDoor;
import org.undchain.fuzz.core.EntryDoor;
import org.undchain.fuzz.core.EnvelopeDoor;
import org.undchain.fuzz.core.EvidenceDoor;
import org.undchain.fuzz.core.HelloDoor;
import org.undchain.fuzz.core.ListPathDoor;
import org.undchain.fuzz.core.MachineDoor;
import org.undchain.fuzz.core.MessageDoor;
import org.undchain.fuzz.core.NamesDoor;
import org.undchain.fuzz.core.ProofDoor;
import org.undchain.fuzz.core.RadixPathDoor;
import org.undchain.fuzz.core.SetsDoor;
import org.undchain.fuzz.core.SketchDoor;
import org.undchain.node.api.RequestDoor;
import org.undchain.node.cli.CommandLineDoor;
import org.undchain.node.client.ClientFilesDoor;
import org.undchain.node.config.SmallFilesDoor;
import org.undchain.node.config.TomlDoors;
import org.undchain.node.crypto.ClaimsDoor;
import org.undchain.node.devnet.MarkDoor;
import org.undchain.node.devnet.PlanDoor;
import org.undchain.node.json.JsonDoor;
import org.undchain.node.partner.SeatNotesDoor;
import org.undchain.node.partner.UploadDoor;
import org.undchain.node.storage.PieceDoor;
import org.undchain.node.store.GuardDoor;
import org.undchain.node.store.SessionLogDoor;
import org.undchain.node.transport.grpc.FrameDoor;
import org.undchain.node.validator.RatchetDoor;
import org.undchain.utilities.storage.ManifestDoor;
import org.undchain.utilities.storage.ShardFolderDoor;

/** All doors by name. */
public final class Doors {
  /** All of them; docs/testing.md says where in the code each is. */
  public static final List<Named> ALL =
      List.of(
          new Named("envelope", EnvelopeDoor::new),
          new Named("message", MessageDoor::new),
          new Named("entry", EntryDoor::new),
          new Named("evidence", EvidenceDoor::new),
          new Named("hello", HelloDoor::new),
          new Named("sets", SetsDoor::new),
          new Named("block", BlockDoor::new),
          new Named("sketch", SketchDoor::new),
          new Named("radix-path", RadixPathDoor::new),
          new Named("list-path", ListPathDoor::new),
          new Named("validator", MachineDoor::validator),
          new Named("clock", MachineDoor::clock),
          new Named("client", MachineDoor::client),
          new Named("partner", MachineDoor::partner),
          new Named("proof", ProofDoor::new),
          new Named("names", NamesDoor::new),
          new Named("manifest", ManifestDoor::new),
          new Named("shards", ShardFolderDoor::new),
          new Named("piece", PieceDoor::new),
          new Named("upload", UploadDoor::new),
          new Named("seat-notes", SeatNotesDoor::new),
          new Named("frame", FrameDoor::new),
          new Named("claims", ClaimsDoor::new),
          new Named("request", RequestDoor::new),
          new Named("json", JsonDoor::new),
          new Named("rules", TomlDoors.Rules::new),
          new Named("node-toml", TomlDoors.Node::new),
          new Named("small-files", SmallFilesDoor::new),
          new Named("plan", PlanDoor::new),
          new Named("process-mark", MarkDoor::new),
          new Named("ratchet", RatchetDoor::new),
          new Named("client-files", ClientFilesDoor::new),
          new Named("guard", GuardDoor::new),
          new Named("records", RecordsDoor::new),
          new Named("session-log", SessionLogDoor::new),
          new Named("words", CommandLineDoor::new));

  private Doors() {}

  /** A door that is made when it is opened: some have a whole town behind them. */
  public record Named(String name, Supplier<Door> maker) {
    public Door open() {
      return maker.get();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  public static Named named(String name) {
    return ALL.stream()
        .filter(door -> door.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no door " + name));
  }
}
