package org.undchain.core.payout;

import java.util.List;
import org.undchain.core.ledger.Execution;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Header;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.value.Hash;

/** A block with its entries ascending by id and what became of each. */
public record CommittedBlock(
    Header header,
    Hash headerHash,
    List<OpenedEntry> entries,
    List<Execution.Result> results,
    Cert qc) {
  public CommittedBlock {
    entries = List.copyOf(entries);
    results = List.copyOf(results);
  }
}
