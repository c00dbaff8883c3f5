package org.undchain.core.validator;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.undchain.core.ledger.Chain;
import org.undchain.core.membership.BeatChain;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Beat;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.rules.Calendar;
import org.undchain.core.value.Hash;

/**
 * Writes this validator's BEAT of each beat: sign of life, reveal and load in one entry (section
 * 11, R8.1).
 */
final class Beats {
  private final Chain chain;
  private final ValidatorKeys keys;
  private long lastBeat = -1;

  Beats(Chain chain, ValidatorKeys keys) {
    this.chain = chain;
    this.keys = keys;
  }

  /** A BEAT that may have been signed before is never written again with other content (E15). */
  void made(long beat) {
    lastBeat = Math.max(lastBeat, beat);
  }

  /** What a block holds of this key was signed by it, even if its own log has lost that. */
  void committed(List<OpenedEntry> entries) {
    for (OpenedEntry entry : entries) {
      if (entry.body().hasBeat() && entry.signer().equals(keys.identity().id())) {
        made(entry.body().getBeat().getBeat());
      }
    }
  }

  /**
   * The BEAT to stamp in this slot, once per beat, if this validator is in the set and its chain
   * has the tip.
   */
  Optional<Envelope> next(long slot, ValidatorSet set, Load load) {
    Calendar calendar = chain.calendar();
    long beat = calendar.beatOf(slot);
    long period = calendar.periodOf(slot);
    int place = set.indexOf(keys.identity().id());
    if (beat <= lastBeat || place < 0 || set.cert().getPeriod() != period) {
      return Optional.empty();
    }
    Optional<BeatChain> reveals = keys.beats(set.member(place).beatTip());
    if (reveals.isEmpty()) {
      return Optional.empty();
    }
    lastBeat = beat;
    long firstBeat = calendar.beatOf(calendar.firstSlotOf(period));
    long lastSlot = Math.min((beat + 1) * calendar.beatSlots() - 1, calendar.lastSlotOf(period));
    Beat body =
        Beat.newBuilder()
            .setValidFrom(beat * calendar.beatSlots())
            .setValidTo(lastSlot)
            .setBeat(beat)
            .setReveal(reveals.get().reveal(beat - firstBeat).toByteString())
            .setLoadPermille(load.permille())
            .setSessions(load.sessions())
            .setPartnersActive(load.partnersActive())
            .setPartnersFull(load.partnersFull())
            .setMatchRoot(load.matchRoot().map(Hash::toByteString).orElse(ByteString.EMPTY))
            .setNextConsensusKey(keys.consensusKeyOf(period + 1).toByteString())
            .setNextBeatTip(keys.beatChainOf(period + 1).tip().toByteString())
            .build();
    return Optional.of(Envelopes.sealEntry(chain.context(), keys.identity(), period, body));
  }

  /**
   * What a BEAT tells of the sender's load.
   *
   * @param sessions jobs that look for partners at this validator
   * @param matchRoot root over the match records of the beat before (R6.8)
   */
  record Load(
      int permille, int sessions, int partnersActive, int partnersFull, Optional<Hash> matchRoot) {}
}
