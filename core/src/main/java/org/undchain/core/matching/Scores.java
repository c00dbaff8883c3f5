package org.undchain.core.matching;

import org.undchain.core.ledger.Draft;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.value.NodeId;

/**
 * Score and tenure of partners as the ledger holds them; who has no account starts as a new one.
 */
record Scores(View view) {
  private static final AccountLeaf NEWCOMER =
      AccountLeaf.newBuilder().setScore(Draft.SCORE_START).build();

  AccountLeaf of(NodeId partner) {
    return view.state().account(partner).orElse(NEWCOMER);
  }
}
