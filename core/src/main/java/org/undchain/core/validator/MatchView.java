package org.undchain.core.validator;

import java.util.OptionalLong;
import org.undchain.core.job.OpenFiles;
import org.undchain.core.ledger.State;
import org.undchain.core.matching.View;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Role;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** What the matcher sees of its validator. */
record MatchView(ChainHead head, OpenFiles files, ConnectedPeers peers) implements View {

  @Override
  public State state() {
    return head.state();
  }

  @Override
  public ValidatorSet set() {
    return head.set();
  }

  @Override
  public long period() {
    return head.period();
  }

  @Override
  public Hash beacon(long beat) {
    return head.beacon(beat);
  }

  @Override
  public OptionalLong slotOf(Hash entryId) {
    return files.slotOf(entryId);
  }

  @Override
  public boolean isConnected(NodeId peer, Role role) {
    return peers.contains(peer, role);
  }
}
