package org.undchain.sim.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.message.Cert;
import org.undchain.core.message.VoteType;

/**
 * A quorum of prevotes that a schedule can show to anybody.
 *
 * @param earlier the newest POL that its votes name
 * @param signatures how many it has; fewer than a quorum in one that must be refused
 */
record Pol(int round, int value, Optional<Pol> earlier, int signatures) {

  Cert cert(Committee committee) {
    List<Cert> carried = new ArrayList<>();
    for (Optional<Pol> pol = earlier; pol.isPresent(); pol = pol.get().earlier()) {
      carried.addFirst(pol.get().cert(committee).toBuilder().clearEarlier().build());
    }
    return committee.cert(VoteType.VOTE_TYPE_PREVOTE, round, value, signatures, carried);
  }

  boolean isAbout(int otherRound, int otherValue) {
    return round == otherRound && value == otherValue;
  }

  @Override
  public String toString() {
    return "POL(" + round + ", " + Values.name(value) + ")";
  }
}
