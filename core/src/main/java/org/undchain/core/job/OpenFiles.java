package org.undchain.core.job;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Load;
import org.undchain.core.machine.TimerId;
import org.undchain.core.machine.Verdict;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.ClosedRecord;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.FreezeRecord;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.LaneRecord;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Opened;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Recon;
import org.undchain.core.message.ReconInsist;
import org.undchain.core.message.ReconSummary;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The two open job files (sections 4.1–4.3): admission, the promise, its spread, and the stage rule
 * that makes all honest files equal at the cut-off.
 *
 * <p>An entry that arrives goes to the file of the slot that is running; at the cut-off C_s that
 * file closes and the next is open already, so a late request is never lost. In between everybody
 * adds what others stamped, with more and more stamps asked for (R4.12), until the validator
 * freezes the file and votes for it.
 */
public final class OpenFiles {
  /** Timers of this component begin with this. */
  public static final String TIMER_PREFIX = "file-";

  /** Ids in one batch (section 4.2). */
  public static final int BATCH_MAX = 256;

  /** Ids kept of one slot, whoever sent them. */
  static final int IDS_MAX = 200_000;

  static final String TIMER_FLUSH = TIMER_PREFIX + "flush";
  private static final String TIMER_CUTOFF = TIMER_PREFIX + "cutoff";
  private static final String TIMER_RELAY = TIMER_PREFIX + "relay";
  private static final String TIMER_CURSORS = TIMER_PREFIX + "cursors";
  private static final String TIMER_SKETCH = TIMER_PREFIX + "sketch";
  private static final int REPLAY_BATCHES_MAX = 64;

  /** While no file is open the door is asked to refuse for so long at a time. */
  private static final long HALTED_SHED_MILLIS = 100;

  private final Chain chain;
  private final NodeId self;
  private final OpenSlots slots;
  private final Judge judge;
  private final Contents contents = new Contents();
  private final Pending pending = new Pending();
  private final Pace pace;

  /** Slots that had begun before their file was open here. */
  private final TreeSet<Long> partial = new TreeSet<>();

  private BlockTime blockBefore = new BlockTime(0);
  private final Reconciler reconciler;
  private final Admission admission;
  private final Acks acks;
  private final OwnLanes own;
  private final OthersLanes others;
  private final LeftOvers leftOvers;
  private final List<Envelope> restoredBatches = new ArrayList<>();
  private Shedding shedding = new Shedding(new BlockTime(0), Lots.none(0));

  /** What the ledger says of an entry for a slot (R4.14), against the newest state. */
  public interface Judge {
    Verdict check(OpenedEntry entry, long slot);
  }

  public OpenFiles(
      Chain chain,
      NodeId self,
      LongFunction<Optional<Signer>> consensusSigner,
      Judge judge,
      Function<OpenedEntry, List<NodeId>> matchers) {
    this.chain = chain;
    this.self = self;
    this.slots = new OpenSlots(chain, self);
    this.judge = judge;
    this.reconciler = new Reconciler(self, contents, slots::plain);
    this.pace = new Pace(IDS_MAX);
    this.admission = new Admission(chain, self, slots, contents, pending, judge, pace);
    this.acks = new Acks(self, slots, contents, matchers);
    this.own = new OwnLanes(chain, self, slots, contents, consensusSigner, acks);
    this.others = new OthersLanes(chain, self, slots, contents, reconciler, own, acks, judge);
    this.leftOvers =
        new LeftOvers(chain, self, slots, contents, pending, admission, own, acks, judge);
  }

  // --- what the validator asks
  // --------------------------------------------------------------------

  public Optional<OpenedEntry> content(Hash id) {
    return contents.get(id);
  }

  /** Ids of the own lane of a slot, ascending. */
  public List<Hash> frozenIds(long slot) {
    return slots.file(slot).map(file -> file.own.ids()).orElse(List.of());
  }

  /** The root of just these ids, if it is at hand: that of the own lane (R0.7). */
  public Optional<Hash> rootOf(long slot, List<Hash> ids) {
    return slots
        .file(slot)
        .filter(file -> file.own.summary().count() == ids.size() && file.own.ids().equals(ids))
        .map(file -> file.own.summary().setFp());
  }

  /** Whether the own lane of a slot has ids. */
  public boolean hasLane(long slot) {
    return slots.file(slot).filter(file -> file.own.size() > 0).isPresent();
  }

  /** Slot of the open file whose own lane holds this id. */
  public OptionalLong slotOf(Hash id) {
    return slots.files().stream()
        .filter(file -> file.own.contains(id))
        .mapToLong(file -> file.slot)
        .findFirst();
  }

  /** Whether all files of a slot are known to be equal before R0, if it is the next to be voted. */
  public boolean canExitEarly(long slot) {
    return slots.file(slot).filter(file -> file.isUnanimous(id -> isOutside(id, slot))).isPresent();
  }

  private boolean isOutside(Hash id, long slot) {
    return contents.get(id).filter(entry -> !judge.check(entry, slot).isAccept()).isPresent();
  }

  public ReconSummary summary(long slot) {
    OwnLane.Summary summary =
        slots.file(slot).map(file -> file.own.summary()).orElse(new OwnLane.Summary(0, Hash.ZERO));
    return ReconSummary.newBuilder()
        .setTotalCount(summary.count())
        .setSetFp(summary.setFp().toByteString())
        .build();
  }

  /** Entries stamped by this validator since the last call. */
  public List<OpenedEntry> drainStamped() {
    return own.drainStamped();
  }

  /** Whether contents arrived since the last call. */
  public boolean drainContentArrived() {
    return others.drainContentArrived();
  }

  /** Lane forks found since the last call (E3): two headers of one place each. */
  public List<List<Envelope>> drainForks() {
    return others.drainForks();
  }

  /** The stamps of others for this slot and later ones. */
  public Promises promises(long slot) {
    return slots.promises(slot);
  }

  /** R4.18: never again a stamp for a slot below {@code slot}. The record of it is the caller's. */
  public void close(long slot) {
    slots.close(slot);
  }

  /** No stamp for a slot below it any more (R4.18). */
  public long closedBelow() {
    return slots.closedBelow();
  }

  public void addLoads(List<Load> loads) {
    loads.add(new Load("open files", slots.files().size(), OpenSlots.FILES_MAX));
    slots.files().forEach(file -> file.addLoads(chain.rules().quotaEntries(), loads));
    loads.add(contents.load());
    loads.add(pending.load());
    acks.addLoads(loads);
    loads.add(leftOvers.load());
  }

  // --- blocks
  // -------------------------------------------------------------------------------------

  /**
   * A block was committed, or the validator started: the open slots are now {@code open} and the
   * next.
   *
   * @param setsOfSlots who stamps for a slot
   * @param heightsOfSlots block number that a stamp for a slot promises
   */
  public void advance(
      BlockTime now,
      long open,
      LongFunction<Optional<ValidatorSet>> setsOfSlots,
      LongUnaryOperator heightsOfSlots,
      Collection<Hash> committed,
      List<Effect> out) {
    slots.open(open, setsOfSlots, heightsOfSlots);
    slots.files().stream()
        .filter(file -> file.slot < open)
        .forEach(file -> notePace(now, file, committed));
    partial.headSet(open).clear();
    blockBefore = now;
    committed.forEach(this::forget);
    leftOvers.takeClosed(new LinkedHashSet<>(committed));
    for (long slot = open; slot <= open + 1; slot++) {
      openFile(now, slot, out);
    }
    restoredBatches.forEach(batch ->
        out.add(
            new Effect.Broadcast(
                slots.setOf(open).map(set -> set.others(self)).orElse(List.of()), batch)));
    restoredBatches.clear();
    others.judgeWaiting(now, out);
    leftOvers.restamp(now, out);
    contents.committed(committed, this::isNeeded);
    contents.sweep(this::isNeeded);
  }

  private void notePace(BlockTime now, JobFile file, Collection<Hash> committed) {
    Stream<NodeId> accounts =
        committed.stream().flatMap(id -> contents.get(id).stream()).map(OpenedEntry::signer);
    long drawn = pace.lots(file.slot).count(accounts);
    pace.block(file.slot, committed.size(), drawn, came(now, file), !partial.contains(file.slot));
  }

  private boolean isNeeded(Hash id) {
    if (leftOvers.contains(id)) {
      return true;
    }
    for (JobFile file : slots.files()) {
      if (file.own.contains(id) || file.knows(id)) {
        return true;
      }
    }
    return false;
  }

  private Pace.Came came(BlockTime now, JobFile file) {
    BlockTime vote = slots.voteStart(file);
    long left = chain.calendar().cutoffOf(file.slot + 1).minus(vote);
    BlockTime begin =
        vote.isBefore(blockBefore) ? blockBefore : vote; // that one was late, not this
    return Pace.Came.at(now.minus(begin), Math.max(0, left));
  }

  private void openFile(BlockTime now, long slot, List<Effect> out) {
    Optional<ValidatorSet> set = slots.setOf(slot);
    if (set.isEmpty()) {
      return;
    }
    if (slots.file(slot).isEmpty() && chain.calendar().slotAt(now) >= slot) {
      partial.add(slot);
    }
    JobFile file = slots.made(slot, set.get());
    BlockTime cutoff = chain.calendar().cutoffOf(slot);
    if (set.get().contains(self) && !file.own.isLastSent()) {
      out.add(
          new Effect.SetTimer(TimerId.of(TIMER_CUTOFF, slot), now.isBefore(cutoff) ? cutoff : now));
    }
  }

  private void forget(Hash id) {
    acks.forget(id);
    leftOvers.forget(id);
    contents.get(id).ifPresent(pending::release);
  }

  // --- messages
  // -----------------------------------------------------------------------------------

  /**
   * Stamps an entry first-hand, or says why not (R4.1–R4.3). The Ack follows when the stamp is
   * durable.
   */
  public Verdict submit(BlockTime now, NodeId from, OpenedEntry entry, List<Effect> out) {
    return submit(now, from, entry, false, out);
  }

  /**
   * @param ownStampOnly whether {@code from} wants no stamps of others
   */
  public Verdict submit(
      BlockTime now, NodeId from, OpenedEntry entry, boolean ownStampOnly, List<Effect> out) {
    for (JobFile file : slots.files()) {
      if (file.own.contains(entry.id())) {
        acks.await(from, entry.id(), ownStampOnly);
        acks.onAgain(file, entry.id(), from, ownStampOnly, out);
        return Verdict.ACCEPT;
      }
    }
    Verdict verdict = admission.check(now, entry);
    if (verdict.isAccept()) {
      JobFile file = slots.fileFor(now, entry).orElseThrow();
      acks.await(from, entry.id(), ownStampOnly);
      contents.put(entry);
      pending.add(entry);
      own.stamp(now, file, entry, true, out);
    } else if (!from.equals(self)) {
      shed(now, verdict, out);
    }
    return verdict;
  }

  /** Where others would be refused for the same reason, the door is told once for all of them. */
  private void shed(BlockTime now, Verdict verdict, List<Effect> out) {
    if (!(verdict instanceof Verdict.Reject(RejectCode why, String detail))) {
      return;
    }
    long slot = chain.calendar().slotAt(now);
    Shedding next =
        switch (why) {
          case REJECT_CODE_BUSY -> { // said of a file: where there is none it is another reason
            JobFile file = slots.fileAt(now).orElseThrow();
            yield new Shedding(slots.takesUntil(file), admission.lots(file));
          }
          case REJECT_CODE_HALTED ->
              new Shedding(now.plusMillis(HALTED_SHED_MILLIS), Lots.none(slot));
          default -> shedding;
        };
    boolean isSaid =
        now.isBefore(shedding.until()) && shedding.lots().drawn() <= next.lots().drawn();
    if (!isSaid && now.isBefore(next.until())) {
      shedding = next;
      out.add(new Effect.Deliver(next));
    }
  }

  public void onLaneBatch(BlockTime now, NodeId from, Opened message, List<Effect> out) {
    others.onLaneBatch(now, from, message.body().getLaneBatch(), message.goodEntries(), out);
  }

  public void onRecon(BlockTime now, NodeId from, Opened message, List<Effect> out) {
    Recon recon = message.body().getRecon();
    Optional<JobFile> found = slots.file(recon.getSlot());
    switch (recon.getPartCase()) {
      case CURSORS ->
          found.ifPresent(file -> reconciler.answerCursors(file, from, recon.getCursors(), out));
      case SKETCH ->
          found
              .filter(file -> !file.own.isFrozen() && file.set.contains(from))
              .ifPresent(file -> reconciler.onSketch(file, from, recon.getSketch(), out));
      case FETCH -> reconciler.answerFetch(recon.getSlot(), found, from, recon.getFetch(), out);
      case DATA ->
          others.onData(now, from, recon.getSlot(), recon.getData(), message.goodEntries(), out);
      case SUMMARY, INSIST, POL, PART_NOT_SET -> {}
    }
  }

  /** Contents that an INSIST brings along (R4.22): taken as content, never as a reason to stamp. */
  public void onInsistContents(BlockTime now, List<OpenedEntry> entries) {
    others.takeContents(now, entries);
  }

  public void onContent(BlockTime now, OpenedEntry entry) {
    others.takeContents(now, List.of(entry));
  }

  /** A connection is new or gone. */
  public void onPeer(NodeId peer) {
    acks.onPeer(peer);
  }

  /** A validator connected: it gets the own lanes of the open slots, which it may have missed. */
  public void onValidatorUp(NodeId peer, List<Effect> out) {
    for (JobFile file : slots.files()) {
      if (file.set.contains(peer)) {
        file.own.batches().stream()
            .limit(REPLAY_BATCHES_MAX)
            .forEach(batch -> out.add(new Effect.Send(peer, slots.plain(file.slot, batch))));
      }
    }
  }

  // --- timers
  // -------------------------------------------------------------------------------------

  public void onTimer(BlockTime now, TimerId id, List<Effect> out) {
    Optional<JobFile> file = slots.file(id.first());
    if (file.isEmpty()) {
      return;
    }
    switch (id.purpose()) {
      case TIMER_FLUSH -> own.flush(now, file.get(), false, out);
      case TIMER_CUTOFF -> onCutoff(now, file.get(), out);
      case TIMER_RELAY -> relay(now, file.get(), out);
      case TIMER_CURSORS -> sendCursors(now, file.get(), out);
      case TIMER_SKETCH -> sendSketch(file.get(), out);
      default -> throw new IllegalArgumentException("no timer of job files: " + id);
    }
  }

  private void onCutoff(BlockTime now, JobFile file, List<Effect> out) {
    if (now.isBefore(chain.calendar().cutoffOf(file.slot)) || file.own.isLastSent()) {
      return;
    }
    own.flush(now, file, true, out);
    acks.onCutoff(file, out);
    long stage = chain.rules().stageMillis();
    BlockTime relay = slots.relayStart(file);
    out.add(
        new Effect.SetTimer(TimerId.of(TIMER_RELAY, file.slot), now.isBefore(relay) ? relay : now));
    out.add(new Effect.SetTimer(TimerId.of(TIMER_CURSORS, file.slot), now.plusMillis(stage / 2)));
    out.add(
        new Effect.SetTimer(
            TimerId.of(TIMER_SKETCH, file.slot), now.plusMillis(stage + stage / 2)));
    others.judgeWaiting(now, out);
  }

  /** C_s + D/2 (R4.12a). Whoever votes adds nothing any more. */
  private void relay(BlockTime now, JobFile file, List<Effect> out) {
    if (now.isBefore(slots.voteStart(file))) {
      reconciler.relay(file, slots.stampsNeeded(file, now), out);
    }
  }

  /** D/2 after the cut-off (R4.13). */
  private void sendCursors(BlockTime now, JobFile file, List<Effect> out) {
    if (!file.own.isFrozen()) {
      reconciler.askOwners(file, now.plusMillis(-chain.rules().stageMillis() / 4), out);
      others.judgeWaiting(now, out);
    }
  }

  private void sendSketch(JobFile file, List<Effect> out) {
    if (!file.own.isFrozen()) {
      reconciler.sendSketch(file, out);
    }
  }

  // --- for the vote
  // -------------------------------------------------------------------------------

  /** Fixes the own file of a slot (R4.20): nothing is added to it any more. */
  public void freeze(BlockTime now, long slot, List<Effect> out) {
    Optional<JobFile> found = slots.file(slot);
    if (found.isEmpty() || found.get().own.isFrozen()) {
      return;
    }
    JobFile file = found.get();
    own.flush(now, file, !file.own.isLastSent(), out);
    file.own.freeze();
    FreezeRecord.Builder record =
        FreezeRecord.newBuilder().setHeight(slots.heightOf(slot)).setSlot(slot);
    file.own.ids().forEach(id -> record.addIds(id.toByteString()));
    out.add(new Effect.Persist(LogRecord.newBuilder().setFreeze(record).build()));
  }

  /** INSIST of R4.22: ids that not everybody is known to hold, each proven. */
  public ReconInsist insist(long slot, long height, int round) {
    ReconInsist.Builder insist =
        ReconInsist.newBuilder()
            .setHeight(height)
            .setRound(round)
            .setHasLaneNext(hasLane(slot + 1));
    slots.file(slot).ifPresent(file -> Insists.show(file, contents, insist));
    return insist.build();
  }

  /**
   * Ids a proposer may offer (R4.22): the own ones and, from each sender, what its lanes or f + 1
   * stamps prove.
   */
  public List<Hash> union(long slot, List<Hash> own, List<ReconInsist> insists) {
    Set<Hash> union = new TreeSet<>(own);
    Optional<JobFile> found = slots.file(slot);
    if (found.isEmpty()) {
      return List.copyOf(union);
    }
    for (ReconInsist insist : insists) {
      union.addAll(Insists.proven(chain, found.get(), insist, contents));
    }
    return List.copyOf(union);
  }

  // --- restart
  // ------------------------------------------------------------------------------------

  /**
   * Own lanes, frozen files and closed slots of before the restart (R4.40); call before {@link
   * #advance}.
   */
  public void restore(
      List<LogRecord> records, long open, LongFunction<Optional<ValidatorSet>> setsOfSlots) {
    slots.open(open, setsOfSlots, slot -> 0);
    for (LogRecord record : records) {
      switch (record.getRecordCase()) {
        case LANE -> restoreLane(record.getLane(), open);
        case FREEZE ->
            slots.file(record.getFreeze().getSlot()).ifPresent(file -> file.own.freeze());
        case CLOSED -> close(closed(record.getClosed()));
        case VOTE,
            PROPOSAL,
            BLOCK,
            BEAT,
            PAYOUT,
            RESULTS,
            SESSION,
            SET_CERT,
            CHECKPOINT,
            RECORD_NOT_SET -> {}
      }
    }
  }

  private static long closed(ClosedRecord record) {
    return record.getNextSlot();
  }

  private void restoreLane(LaneRecord record, long open) {
    LaneHeader header = OwnLanes.headerOf(record.getBatch());
    if (header.getSlot() < open) {
      return;
    }
    Optional<ValidatorSet> set = slots.setOf(header.getSlot());
    if (set.isEmpty()) {
      return;
    }
    JobFile file = slots.made(header.getSlot(), set.get());
    List<Envelope> envelopes = new ArrayList<>(record.getContentsList());
    envelopes.addAll(record.getBatch().getContentsList());
    for (Envelope envelope : envelopes) {
      Envelopes.openEntry(chain.context(), chain.signatures(), envelope)
          .good()
          .ifPresent(this::restoreContent);
    }
    file.own.restore(record.getBatch(), header);
    restoredBatches.add(slots.plain(header.getSlot(), record.getBatch()));
  }

  private void restoreContent(OpenedEntry entry) {
    contents.put(entry);
    pending.add(entry);
  }
}
