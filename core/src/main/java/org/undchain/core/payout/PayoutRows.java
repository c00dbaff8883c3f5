package org.undchain.core.payout;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.undchain.core.ledger.Execution;
import org.undchain.core.message.Alias;
import org.undchain.core.message.AliasRow;
import org.undchain.core.message.Entry;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.PayoutFile;
import org.undchain.core.message.SlotRow;
import org.undchain.core.message.Transfer;
import org.undchain.core.message.TransferRow;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/** The rows that come from the blocks of the period alone, and every entry once (R12.1). */
final class PayoutRows {
  private PayoutRows() {}

  /** The rows of one block and its entries, in the order of the block. */
  static PayoutFile of(CommittedBlock block) {
    PayoutFile.Builder rows = PayoutFile.newBuilder().addSlots(slot(block));
    for (int i = 0; i < block.entries().size(); i++) {
      OpenedEntry entry = block.entries().get(i);
      Execution.Result result = block.results().get(i);
      rows.addBlobs(entry.envelope());
      if (entry.body().getEntryCase() == Entry.EntryCase.TRANSFER) {
        rows.addTransfers(transfer(block, entry, result));
      } else if (entry.body().getEntryCase() == Entry.EntryCase.ALIAS) {
        rows.addAliases(alias(block, entry, result));
      }
    }
    return rows.build();
  }

  /** The rows of blocks, each encoded as above, in the order of the payout file: by entry id. */
  static PayoutFile merge(List<Bytes> blocks, PayoutFile.Builder file) {
    Map<Hash, TransferRow> transfers = new TreeMap<>();
    Map<Hash, AliasRow> aliases = new TreeMap<>();
    Map<Hash, Envelope> blobs = new TreeMap<>();
    for (Bytes encoded : blocks) {
      PayoutFile block = parsed(encoded);
      SlotRow slot = block.getSlots(0);
      file.addSlots(slot);
      for (int i = 0; i < slot.getIdsCount(); i++) {
        blobs.put(Hash.of(slot.getIds(i)), block.getBlobs(i));
      }
      block.getTransfersList().forEach(row -> transfers.put(Hash.of(row.getEntryId()), row));
      block.getAliasesList().forEach(row -> aliases.put(Hash.of(row.getEntryId()), row));
    }
    return file.addAllTransfers(transfers.values())
        .addAllAliases(aliases.values())
        .addAllBlobs(blobs.values())
        .build();
  }

  /** What {@link #of} made needs no check. */
  private static PayoutFile parsed(Bytes encoded) {
    try {
      return PayoutFile.parseFrom(encoded.unsafeArray());
    } catch (InvalidProtocolBufferException own) {
      throw new IllegalStateException("rows of a block do not come back", own);
    }
  }

  private static SlotRow slot(CommittedBlock block) {
    SlotRow.Builder row =
        SlotRow.newBuilder()
            .setSlot(block.header().getSlot())
            .setHeight(block.header().getHeight())
            .setHeaderHash(block.headerHash().toByteString())
            .setEntriesRoot(block.header().getEntriesRoot());
    block.entries().forEach(entry -> row.addIds(entry.id().toByteString()));
    return row.build();
  }

  private static TransferRow transfer(
      CommittedBlock block, OpenedEntry entry, Execution.Result result) {
    Transfer transfer = entry.body().getTransfer();
    return TransferRow.newBuilder()
        .setEntryId(entry.id().toByteString())
        .setFrom(entry.signer().toByteString())
        .setTo(transfer.getTo())
        .setAmount(transfer.getAmount())
        .setResult(result.result())
        .setHeight(block.header().getHeight())
        .build();
  }

  private static AliasRow alias(CommittedBlock block, OpenedEntry entry, Execution.Result result) {
    Alias alias = entry.body().getAlias();
    return AliasRow.newBuilder()
        .setEntryId(entry.id().toByteString())
        .setAlias(alias.getAlias())
        .setTarget(alias.getTarget())
        .setResult(result.result())
        .setHeight(block.header().getHeight())
        .build();
  }
}
