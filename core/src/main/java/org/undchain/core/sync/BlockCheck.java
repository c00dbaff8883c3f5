package org.undchain.core.sync;

import java.util.ArrayList;
import java.util.List;
import org.undchain.core.codec.Canonical;
import org.undchain.core.consensus.Certificates;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.ledger.Chain;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Block;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Header;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Opening;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.VoteType;
import org.undchain.core.value.Hash;

/** Judges a block that somebody else serves by its certificate and contents (section 4.9). */
public final class BlockCheck {
  private BlockCheck() {}

  /**
   * The entries of a block whose certificate the set signed and whose contents are complete,
   * ascending.
   */
  public static Opening<List<OpenedEntry>> open(Chain chain, ValidatorSet set, Block block) {
    Header header = block.getHead().getHeader();
    if (!isDecided(chain, set, header, block.getHead().getQc())) {
      return Opening.refused(
          RejectCode.REJECT_CODE_BAD_SIGNATURE, "no certificate for block " + header.getHeight());
    }
    return contents(chain, block);
  }

  /** The entries of a block, each good by itself and all of them ascending. */
  public static Opening<List<OpenedEntry>> contents(Chain chain, Block block) {
    List<OpenedEntry> entries = new ArrayList<>(block.getEntriesCount());
    for (Envelope envelope : block.getEntriesList()) {
      switch (Envelopes.openEntry(chain.context(), chain.signatures(), envelope)) {
        case Opening.Good<OpenedEntry>(OpenedEntry entry) -> entries.add(entry);
        case Opening.Refused<OpenedEntry>(RejectCode code, String detail) -> {
          return Opening.refused(code, detail);
        }
      }
      int last = entries.size() - 1;
      if (last > 0 && entries.get(last - 1).id().compareTo(entries.get(last).id()) >= 0) {
        return Opening.refused(RejectCode.REJECT_CODE_MALFORMED, "entries are not ascending by id");
      }
    }
    return new Opening.Good<>(List.copyOf(entries));
  }

  /** Whether a commit certificate of this set decides this header. */
  public static boolean isDecided(Chain chain, ValidatorSet set, Header header, Cert qc) {
    Hash value = Hashes.sha256(Canonical.encode(header));
    return qc.getType() == VoteType.VOTE_TYPE_PRECOMMIT
        && qc.getHeight() == header.getHeight()
        && qc.getSlot() == header.getSlot()
        && qc.getValue().equals(value.toByteString())
        && Certificates.verify(chain.context(), chain.signatures(), set, qc);
  }
}
