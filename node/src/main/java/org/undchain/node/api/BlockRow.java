package org.undchain.node.api;

import java.util.List;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.Block;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Header;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.payout.CommittedBlock;
import org.undchain.core.value.Hash;

/** A block without the contents of its entries. */
record BlockRow(Header header, Hash hash, Cert qc, List<Hash> entryIds) {
  BlockRow {
    entryIds = List.copyOf(entryIds);
  }

  static BlockRow of(CommittedBlock block) {
    List<Hash> ids = block.entries().stream().map(OpenedEntry::id).toList();
    return new BlockRow(block.header(), block.headerHash(), block.qc(), ids);
  }

  static BlockRow of(Chain chain, Block block) {
    List<Hash> ids =
        block.getEntriesList().stream().map(entry -> Envelopes.id(chain.context(), entry)).toList();
    Hash hash = Hash.of(block.getHead().getQc().getValue());
    return new BlockRow(block.getHead().getHeader(), hash, block.getHead().getQc(), ids);
  }
}
