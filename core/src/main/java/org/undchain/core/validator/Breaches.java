package org.undchain.core.validator;

import java.util.ArrayList;
import java.util.List;
import org.undchain.core.consensus.Breach;
import org.undchain.core.evidence.Evidences;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Evidence;

/** Turns what votes and lanes proved into EVIDENCE entries (section 4.7). */
final class Breaches {
  private Breaches() {}

  static List<Evidence> evidence(
      Chain chain, long slot, List<Breach> breaches, List<List<Envelope>> forks) {
    long validTo = slot + chain.rules().validitySlots();
    List<Evidence> found = new ArrayList<>();
    for (Breach breach : breaches) {
      found.add(Evidences.ofPair(breach.code(), slot, validTo, breach.first(), breach.second()));
    }
    for (List<Envelope> fork : forks) {
      found.add(Evidences.ofPair(Evidences.LANE_FORK, slot, validTo, fork.get(0), fork.get(1)));
    }
    return found;
  }
}
