package org.undchain.sim.checker;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.message.Block;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Header;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.PayoutFile;
import org.undchain.core.message.SlotRow;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * I19: each job file of a period comes back from its payout file alone, bit for bit in ids and
 * signed bytes, and under the entriesRoot that the block's header names; and payoutRoot is the root
 * of the file's rows (R12.1).
 */
public final class PayoutChecker implements Observer {
  private final ChainContext context;
  private final TreeMap<Long, Block> period = new TreeMap<>();
  private final Map<Long, Hash> roots = new TreeMap<>();
  private Optional<Judged> newest = Optional.empty();
  private long rebuilt;

  /** A file that was rebuilt and compared: the next node's is nearly always the same. */
  private record Judged(PayoutFile file, Header head) {}

  public PayoutChecker(ChainContext context) {
    this.context = context;
  }

  /** Job files that were rebuilt and compared so far, over all nodes. */
  public long rebuilt() {
    return rebuilt;
  }

  @Override
  public void onDurable(NodeId node, LogRecord record) {
    if (record.hasBlock()) {
      Header header = record.getBlock().getHead().getHeader();
      if (header.getKind() == BlockKind.BLOCK_KIND_NORMAL) {
        period.putIfAbsent(header.getHeight(), record.getBlock());
      }
    }
    if (record.hasPayout()) {
      PayoutFile file = record.getPayout().getFile();
      Header head = record.getPayout().getHead().getHeader();
      Optional<Judged> judged = Optional.of(new Judged(file, head));
      if (!judged.equals(newest)) {
        compare(file, head);
        newest = judged;
      }
      rebuilt += file.getSlotsCount();
    }
  }

  private void compare(PayoutFile file, Header head) {
    Hash root = root(file);
    if (!root.equals(Hash.of(head.getPayoutRoot()))) {
      throw new Violation(
          "S13", "payoutRoot of period " + head.getPeriod() + " is not of its rows");
    }
    Hash known = roots.putIfAbsent(head.getPeriod(), root);
    if (known != null && !known.equals(root)) {
      throw new Violation("S13", "two payout files of period " + head.getPeriod());
    }
    Map<Hash, Envelope> blobs = new TreeMap<>();
    file.getBlobsList().forEach(blob -> blobs.put(Envelopes.id(context, blob), blob));
    long expected =
        period.values().stream()
            .filter(block -> block.getHead().getHeader().getPeriod() == head.getPeriod())
            .count();
    if (file.getSlotsCount() != expected) {
      throw new Violation(
          "S13", "period has " + expected + " job files, payout file " + file.getSlotsCount());
    }
    file.getSlotsList().forEach(row -> compare(row, blobs));
  }

  private void compare(SlotRow row, Map<Hash, Envelope> blobs) {
    Block block = period.get(row.getHeight());
    if (block == null) {
      throw new Violation("S13", "payout file names a block nobody had: " + row.getHeight());
    }
    Header header = block.getHead().getHeader();
    List<Bytes> before = new ArrayList<>();
    block.getEntriesList().forEach(entry -> before.add(Envelopes.signedBytes(context, entry)));
    List<Bytes> after = new ArrayList<>();
    RadixTree<Hash> tree = RadixTree.empty();
    for (var raw : row.getIdsList()) {
      Hash id = Hash.of(raw);
      tree = tree.withMember(id, id);
      Envelope blob = blobs.get(id);
      if (blob == null) {
        throw new Violation("S13", "payout file lacks the bytes of entry " + id);
      }
      after.add(Envelopes.signedBytes(context, blob));
    }
    if (!before.equals(after)
        || row.getSlot() != header.getSlot()
        || !row.getEntriesRoot().equals(header.getEntriesRoot())
        || !tree.root().equals(Hash.of(header.getEntriesRoot()))
        || !Hashes.sha256(Canonical.encode(header)).equals(Hash.of(row.getHeaderHash()))) {
      throw new Violation("S13", "job file of slot " + header.getSlot() + " does not come back");
    }
  }

  private static Hash root(PayoutFile file) {
    List<Bytes> sections = new ArrayList<>();
    sections.add(section(List.of(file.getHeader())));
    sections.add(section(file.getJobsList()));
    sections.add(section(file.getTransfersList()));
    sections.add(section(file.getAliasesList()));
    sections.add(MerkleList.root(file.getLinksList().stream().map(Bytes::of).toList()).bytes());
    sections.add(MerkleList.root(file.getRulesList().stream().map(Bytes::of).toList()).bytes());
    sections.add(section(file.getValidatorsList()));
    sections.add(section(file.getScoresList()));
    sections.add(section(file.getSlotsList()));
    return MerkleList.root(sections);
  }

  private static Bytes section(List<? extends Message> rows) {
    return MerkleList.root(rows.stream().map(Canonical::encode).toList()).bytes();
  }
}
