package org.undchain.node.client;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.undchain.core.message.ContactRecord;
import org.undchain.core.value.NodeId;
import org.undchain.utilities.storage.Manifest;
import org.undchain.utilities.storage.ObjectId;
import org.undchain.utilities.storage.ObjectReader;
import org.undchain.utilities.storage.Patience;
import org.undchain.utilities.storage.ShardSource;
import org.undchain.utilities.storage.Skipped;
import org.undchain.utilities.storage.StorageException;
import org.undchain.utilities.storage.StorageProgress;

/**
 * Reads one object back from the partners that the validators know. It is no job: nothing is asked
 * of the chain, whoever has the id may read.
 */
public final class GetJob {
  private final ClientNode node;
  private final Patience patience;
  private final StorageProgress progress;

  public GetJob(ClientNode node, Patience patience, StorageProgress progress) {
    this.node = node;
    this.patience = patience;
    this.progress = progress;
  }

  /**
   * @param shardsUsed how many shards the object was restored from
   */
  public record Restored(long bytes, int shardsUsed, List<Skipped> skipped) {}

  /** Writes nothing but verified bytes to {@code out}. */
  public Restored run(ObjectId id, OutputStream out)
      throws ClientException, StorageException, IOException, InterruptedException {
    node.awaitValidators();
    Map<NodeId, ShardSource> sources = new TreeMap<>();
    add(node.contacts(List.of()), sources);
    ObjectReader reader = new ObjectReader(patience, progress);
    Manifest manifest = reader.manifest(id, sources.values());
    List<NodeId> missing =
        manifest.shards().stream()
            .map(Manifest.Shard::partner)
            .filter(partner -> !sources.containsKey(partner))
            .toList();
    if (!missing.isEmpty()) {
      add(node.contacts(missing), sources);
    }
    ObjectReader.Restored restored = reader.read(manifest, sources.values(), 0, out);
    return new Restored(
        restored.size(), manifest.layout().needed(), new ArrayList<>(restored.skipped()));
  }

  private void add(List<ContactRecord> contacts, Map<NodeId, ShardSource> sources) {
    for (ContactRecord contact : contacts) {
      NodeId partner = NodeId.of(contact.getId());
      try {
        node.dial(partner, contact.getRoutesList());
        sources.put(
            partner,
            new GrpcShardSource(partner, () -> node.channel(partner, patience.limit()), patience));
      } catch (StorageException noAddress) {
        progress.skipped(
            new Skipped(partner, noAddress.reason(), String.valueOf(noAddress.getMessage())));
      }
    }
  }
}
