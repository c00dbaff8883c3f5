package org.undchain.core.ledger;

import java.util.List;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.Beat;
import org.undchain.core.message.Header;
import org.undchain.core.message.ParamsLeaf;
import org.undchain.core.message.ValidatorLeaf;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/** The common randomness beacon_b = H(beacon_{b−1} ‖ reveals included for beat b, by id) (R8.1). */
final class Beacons {
  private Beacons() {}

  /**
   * Whether the reveal hashes to the chain's newest link; a gap of missed beats is hashed over
   * (R9.4).
   */
  static boolean isReveal(ValidatorLeaf validator, Beat beat) {
    Hash at = Hash.of(beat.getReveal());
    long steps = beat.getBeat() - validator.getNextBeat() + 1;
    if (steps < 1 || steps > 4096) {
      return false;
    }
    for (long i = 0; i < steps; i++) {
      at = Hashes.sha256(at.bytes());
    }
    return at.toByteString().equals(validator.getBeatTip());
  }

  static void include(Draft draft, ValidatorLeaf validator, Beat beat) {
    ValidatorLeaf.Builder after =
        validator.toBuilder()
            .setBeatTip(beat.getReveal())
            .setNextBeat(beat.getBeat() + 1)
            .setBeatsIncluded(validator.getBeatsIncluded() + 1);
    if (!beat.getNextConsensusKey().isEmpty()) {
      after.setNextConsensusKey(beat.getNextConsensusKey());
    }
    if (!beat.getNextBeatTip().isEmpty()) {
      after.setNextBeatTip(beat.getNextBeatTip());
    }
    draft.put(after.build());
  }

  /** Closes every beat that this block is the last one of. */
  static void close(Chain chain, Draft draft, Header header, List<ValidatorLeaf> validators) {
    long beat = chain.calendar().beatOf(header.getSlot());
    boolean isPeriodEnd = header.getNextSlot() == header.getSlot();
    long open = isPeriodEnd ? beat + 1 : chain.calendar().beatOf(header.getNextSlot());
    if (open == beat) {
      return;
    }
    ParamsLeaf params = draft.view().params();
    java.io.ByteArrayOutputStream reveals = new java.io.ByteArrayOutputStream();
    for (ValidatorLeaf validator : validators) {
      if (validator.getNextBeat() == beat + 1 && validator.getBeatsIncluded() > 0) {
        reveals.writeBytes(validator.getBeatTip().toByteArray());
      }
    }
    Hash beacon = Hashes.sha256(params.getBeacon().toByteArray(), reveals.toByteArray());
    for (long skipped = beat + 1; skipped < open; skipped++) {
      beacon = Hashes.sha256(beacon.bytes());
    }
    Bytes kept = beacon.bytes();
    draft.put(params.toBuilder().setBeacon(kept.toByteString()).setBeaconBeat(open - 1).build());
  }
}
