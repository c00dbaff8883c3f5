package org.undchain.core.job;

import com.google.protobuf.Message;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.Windows;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** The job files of the open slots, and what the chain says of these slots. */
final class OpenSlots {
  /** So many first-hand entries of a file are a crowd. */
  static final int CROWD = OpenFiles.BATCH_MAX;

  /** The two open files and, for one that lags, the one after. */
  static final int FILES_MAX = 3;

  private final Chain chain;
  private final NodeId self;
  private final TreeMap<Long, JobFile> files = new TreeMap<>();
  private LongFunction<Optional<ValidatorSet>> sets = slot -> Optional.empty();
  private LongUnaryOperator heights = slot -> 0;
  private long next;
  private long closedBelow;

  OpenSlots(Chain chain, NodeId self) {
    this.chain = chain;
    this.self = self;
  }

  /** The first open slot is now this one. */
  void open(
      long slot,
      LongFunction<Optional<ValidatorSet>> setsOfSlots,
      LongUnaryOperator heightsOfSlots) {
    next = slot;
    sets = setsOfSlots;
    heights = heightsOfSlots;
  }

  /** The first open slot; another one follows. */
  long next() {
    return next;
  }

  /** R4.18: never again a stamp for a slot below this one. */
  void close(long slot) {
    closedBelow = Math.max(closedBelow, slot);
  }

  long closedBelow() {
    return closedBelow;
  }

  boolean isClosed(long slot) {
    return slot < closedBelow;
  }

  Optional<ValidatorSet> setOf(long slot) {
    return sets.apply(slot);
  }

  /** Block number that a stamp for a slot promises. */
  long heightOf(long slot) {
    return heights.applyAsLong(slot);
  }

  /** All files, the oldest first. */
  Collection<JobFile> files() {
    return files.values();
  }

  Optional<JobFile> file(long slot) {
    return Optional.ofNullable(files.get(slot));
  }

  /** The file of a slot, made unless it is there. */
  JobFile made(long slot, ValidatorSet set) {
    return files.computeIfAbsent(slot, of -> new JobFile(chain, self, of, set));
  }

  /** Takes the oldest file out if its slot is not open any more. */
  Optional<JobFile> pollClosed() {
    return files.isEmpty() || files.firstKey() >= next
        ? Optional.empty()
        : Optional.of(files.pollFirstEntry().getValue());
  }

  /**
   * The file an entry that arrives now goes to (R4.1). What a crowd brings in the last D before the
   * cut-off rolls to the next one (decision 0028).
   */
  Optional<JobFile> fileAt(BlockTime now) {
    Optional<JobFile> current = fileOf(chain.calendar().slotAt(now));
    return current
        .filter(file -> !now.isBefore(takesUntil(file)))
        .flatMap(this::after)
        .or(() -> current);
  }

  /** The same for this entry: one that is good in the current slot only does not roll. */
  Optional<JobFile> fileFor(BlockTime now, OpenedEntry entry) {
    long last = Windows.of(entry.body()).to();
    return fileAt(now)
        .filter(file -> file.slot <= last)
        .or(() -> fileOf(chain.calendar().slotAt(now)));
  }

  /** The file after it; none of another pay period, which has validators of its own. */
  private Optional<JobFile> after(JobFile file) {
    long slot = file.slot + 1;
    boolean isSamePeriod = chain.calendar().periodOf(slot) == chain.calendar().periodOf(file.slot);
    return isSamePeriod ? fileOf(slot) : Optional.empty();
  }

  private Optional<JobFile> fileOf(long slot) {
    return isClosed(slot) || slot > lastOpen()
        ? Optional.empty()
        : file(slot)
            .filter(
                file -> file.set.contains(self) && !file.own.isLastSent() && !file.own.isFrozen());
  }

  /**
   * Until when a file takes what arrives: up to its cut-off, or D before it if there is a crowd.
   * The last batches of a crowd would reach the others so late that files differ at R0.
   */
  BlockTime takesUntil(JobFile file) {
    BlockTime cutoff = chain.calendar().cutoffOf(file.slot);
    return file.own.firstHandCount() < CROWD
        ? cutoff
        : cutoff.plusMillis(-chain.rules().stageMillis());
  }

  /**
   * Two files are open for own stamps, never the third that the stamps of others may fill: whoever
   * votes to skip slots must know that it promised nothing in them (R4.1, R4.18).
   */
  long lastOpen() {
    return next + 1;
  }

  /** Files that may be filled: the open ones and, for one that lags, the one after. */
  Optional<JobFile> fileToFill(long slot) {
    if (slot < next || slot > next + 2) {
      return Optional.empty();
    }
    sets.apply(slot).ifPresent(set -> made(slot, set));
    return file(slot);
  }

  /** Whether the own lane of an open file holds this id. */
  boolean isInOwnLane(Hash id) {
    return files.values().stream().anyMatch(file -> file.own.contains(id));
  }

  /** The stamps of others for this slot and later ones. */
  Promises promises(long slot) {
    return new Promises(files.tailMap(slot, true));
  }

  /** R0_s. */
  BlockTime voteStart(JobFile file) {
    return chain
        .calendar()
        .cutoffOf(file.slot)
        .plusMillis((file.set.faulty() + 1) * chain.rules().stageMillis());
  }

  /**
   * C_s + D/2: until then the lanes of others may still show by themselves what they have, and what
   * leaves now is there before two stamps are asked for (R4.12a).
   */
  BlockTime relayStart(JobFile file) {
    return chain.calendar().cutoffOf(file.slot).plusMillis(chain.rules().stageMillis() / 2);
  }

  /** How many stamps of others an id of the file needs that came to be known then (R4.12). */
  int stampsNeeded(JobFile file, BlockTime arrived) {
    return StageRule.stampsNeeded(
        chain.calendar().cutoffOf(file.slot), chain.rules().stageMillis(), arrived);
  }

  /** The envelope of a message about a slot. */
  Envelope plain(long slot, Message message) {
    return Envelopes.unsigned(
        chain.context(),
        self,
        Envelopes.messageType(message),
        chain.calendar().periodOf(slot),
        message);
  }
}
