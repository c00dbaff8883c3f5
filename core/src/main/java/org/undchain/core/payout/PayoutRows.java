package org.undchain.core.payout;

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
import org.undchain.core.value.Hash;

/** The rows that come from the blocks of the period alone, and every entry once (R12.1). */
final class PayoutRows {
  private PayoutRows() {}

  static PayoutFile fill(PeriodBlocks blocks, PayoutFile.Builder file) {
    Map<Hash, TransferRow> transfers = new TreeMap<>();
    Map<Hash, AliasRow> aliases = new TreeMap<>();
    Map<Hash, Envelope> blobs = new TreeMap<>();
    for (CommittedBlock block : blocks.blocks()) {
      file.addSlots(slot(block));
      for (int i = 0; i < block.entries().size(); i++) {
        OpenedEntry entry = block.entries().get(i);
        Execution.Result result = block.results().get(i);
        blobs.put(entry.id(), entry.envelope());
        if (entry.body().getEntryCase() == Entry.EntryCase.TRANSFER) {
          transfers.put(entry.id(), transfer(block, entry, result));
        } else if (entry.body().getEntryCase() == Entry.EntryCase.ALIAS) {
          aliases.put(entry.id(), alias(block, entry, result));
        }
      }
    }
    return file.addAllTransfers(transfers.values())
        .addAllAliases(aliases.values())
        .addAllBlobs(blobs.values())
        .build();
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
