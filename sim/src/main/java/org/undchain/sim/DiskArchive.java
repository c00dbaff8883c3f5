package org.undchain.sim;

import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.undchain.core.message.Block;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.PayoutRecord;
import org.undchain.core.message.ProofFile;
import org.undchain.core.payout.ResultPages;
import org.undchain.core.sync.Archive;
import org.undchain.core.value.Hash;

/** The history of a simulated node, read from its own disk as it grows. */
public final class DiskArchive implements Archive {
  private final VirtualDisk disk;
  private final Map<Long, Integer> blocks = new HashMap<>();
  private final Map<Long, Integer> payouts = new HashMap<>();
  private final Map<Hash, Integer> results = new HashMap<>();
  private int read;

  public DiskArchive(VirtualDisk disk) {
    this.disk = disk;
  }

  @Override
  public Optional<Block> block(long height) {
    catchUp();
    return Optional.ofNullable(blocks.get(height)).map(at -> disk.records().get(at).getBlock());
  }

  @Override
  public Optional<PayoutRecord> payout(long period) {
    catchUp();
    return Optional.ofNullable(payouts.get(period)).map(at -> disk.records().get(at).getPayout());
  }

  @Override
  public Optional<ProofFile> proof(Hash entryId) {
    catchUp();
    return Optional.ofNullable(results.get(entryId))
        .flatMap(at -> ResultPages.proof(disk.records().get(at).getResults(), entryId));
  }

  private void catchUp() {
    List<LogRecord> records = disk.records();
    for (; read < records.size(); read++) {
      switch (disk.caseOf(read)) {
        case BLOCK ->
            blocks.put(records.get(read).getBlock().getHead().getHeader().getHeight(), read);
        case PAYOUT ->
            payouts.put(records.get(read).getPayout().getHead().getHeader().getPeriod(), read);
        case RESULTS -> {
          for (ByteString id : records.get(read).getResults().getIdsList()) {
            results.put(Hash.of(id), read);
          }
        }
        default -> {}
      }
    }
  }
}
