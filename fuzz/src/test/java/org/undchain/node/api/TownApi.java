package org.undchain.node.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.ProofFile;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;
import org.undchain.fuzz.Town;
import org.undchain.sim.DiskArchive;

/** The JSON API of a validator of a town, as it is served to its user. */
public final class TownApi {
  private TownApi() {}

  static Routes of(Town town) {
    NodeId self = town.story().validator(0);
    Envelope genesis = GenesisBlock.seal(town.story().signer("owner"), town.chain().genesis());
    ChainView view =
        ChainView.of(
            town.chain(), genesis, self, new DiskArchive(town.story().simulation().disk(self)));
    town.story().simulation().notices(self).forEach(view::accept);
    return new Routes(view, new NameBook(Map.of(self, "v1")), () -> "# no metrics\n");
  }

  /** Proof files as users get them: of entries, and of the job that was paid out. */
  public static List<Bytes> proofs(Town town) {
    Routes routes = of(town);
    Set<Bytes> keys = new TreeSet<>();
    for (ProofFile proof : town.proofs()) {
      keys.add(Bytes.of(proof.getKey()));
    }
    List<Bytes> files = new ArrayList<>();
    for (Bytes key : keys) {
      Reply reply = routes.reply("/v1/proofs/" + key.hex());
      if (reply.status() == 200) {
        files.add(reply.body());
      }
    }
    return files;
  }
}
