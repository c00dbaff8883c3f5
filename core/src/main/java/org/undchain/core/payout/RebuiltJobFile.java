package org.undchain.core.payout;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.PayoutFile;
import org.undchain.core.message.SlotRow;
import org.undchain.core.value.Hash;

/**
 * A job file derived from the payout file of its period (R12.1, I19): the seed's "store the payout
 * file alone".
 */
public record RebuiltJobFile(long slot, long height, List<Envelope> entries) {
  public RebuiltJobFile {
    entries = List.copyOf(entries);
  }

  /** All job files of the period in order; empty if a blob is missing or a root does not fit. */
  public static Optional<List<RebuiltJobFile>> all(ChainContext chain, PayoutFile file) {
    Map<Hash, Envelope> blobs = new TreeMap<>();
    file.getBlobsList().forEach(blob -> blobs.put(Envelopes.id(chain, blob), blob));
    List<RebuiltJobFile> files = new ArrayList<>();
    for (SlotRow row : file.getSlotsList()) {
      List<Envelope> entries = new ArrayList<>();
      RadixTree<Hash> ids = RadixTree.empty();
      for (ByteString id : row.getIdsList()) {
        Envelope blob = blobs.get(Hash.of(id));
        if (blob == null) {
          return Optional.empty();
        }
        entries.add(blob);
        ids = ids.withMember(Hash.of(id), Hash.of(id));
      }
      if (!ids.root().toByteString().equals(row.getEntriesRoot())) {
        return Optional.empty();
      }
      files.add(new RebuiltJobFile(row.getSlot(), row.getHeight(), entries));
    }
    return Optional.of(files);
  }
}
