package org.undchain.core.job;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongUnaryOperator;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Signer;
import org.undchain.core.job.LaneHeaders.OpenedHeader;
import org.undchain.core.job.LaneHeaders.OpenedStamp;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.UseKey;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.machine.Verdict;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Ack;
import org.undchain.core.message.ClosedRecord;
import org.undchain.core.message.Entry;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.FreezeRecord;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.LaneHeader;
import org.undchain.core.message.LaneLeaf;
import org.undchain.core.message.LaneRecord;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Recon;
import org.undchain.core.message.ReconInsist;
import org.undchain.core.message.ReconSummary;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Stamp;
import org.undchain.core.message.Submit;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
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

  private static final String TIMER_FLUSH = TIMER_PREFIX + "flush";
  private static final String TIMER_CUTOFF = TIMER_PREFIX + "cutoff";
  private static final String TIMER_CURSORS = TIMER_PREFIX + "cursors";
  private static final String TIMER_SKETCH = TIMER_PREFIX + "sketch";
  private static final long FLUSH_MILLIS = 50;
  private static final int PENDING_PER_ACCOUNT = 16;
  private static final int OWN_PLACES = 8;
  private static final int REPLAY_BATCHES_MAX = 64;
  private static final int WAITERS_MAX = 16;
  private static final int DATA_BYTES_MAX = 3 << 20;

  private final Chain chain;
  private final Signer identity;
  private final NodeId self;
  private final LongFunction<Optional<Signer>> consensusSigner;
  private final Judge judge;
  private final Function<OpenedEntry, List<NodeId>> matchers;
  private final TreeMap<Long, JobFile> files = new TreeMap<>();
  private final Contents contents = new Contents();
  private final Reconciler reconciler;
  private final TreeMap<Hash, Set<NodeId>> waiters = new TreeMap<>();
  private final TreeMap<UseKey, Hash> useKeys = new TreeMap<>();
  private final TreeMap<NodeId, Set<Hash>> pendingOf = new TreeMap<>();
  private final TreeMap<Hash, Boolean> leftOvers = new TreeMap<>();
  private final List<OpenedEntry> stamped = new ArrayList<>();
  private final List<ForeignLane.Fork> forks = new ArrayList<>();
  private final List<Envelope> restoredBatches = new ArrayList<>();
  private LongFunction<Optional<ValidatorSet>> sets = slot -> Optional.empty();
  private LongUnaryOperator heights = slot -> 0;
  private boolean isContentArrived;
  private long nextSlot;
  private long closedBelow;

  /** What the ledger says of an entry for a slot (R4.14), against the newest state. */
  public interface Judge {
    Verdict check(OpenedEntry entry, long slot);
  }

  public OpenFiles(
      Chain chain,
      Signer identity,
      LongFunction<Optional<Signer>> consensusSigner,
      Judge judge,
      Function<OpenedEntry, List<NodeId>> matchers) {
    this.chain = chain;
    this.identity = identity;
    this.self = identity.id();
    this.consensusSigner = consensusSigner;
    this.judge = judge;
    this.matchers = matchers;
    this.reconciler = new Reconciler(self, contents, this::plain);
  }

  // --- what the validator asks
  // --------------------------------------------------------------------

  public Optional<OpenedEntry> content(Hash id) {
    return contents.get(id);
  }

  /** Ids of the own lane of a slot, ascending. */
  public List<Hash> frozenIds(long slot) {
    return file(slot).map(file -> file.own.ids()).orElse(List.of());
  }

  /** Whether the own lane of a slot has ids. */
  public boolean hasLane(long slot) {
    return file(slot).filter(file -> file.own.size() > 0).isPresent();
  }

  /** Slot of the open file whose own lane holds this id. */
  public OptionalLong slotOf(Hash id) {
    return files.values().stream()
        .filter(file -> file.own.contains(id))
        .mapToLong(file -> file.slot)
        .findFirst();
  }

  public boolean canExitEarly(long slot) {
    return file(slot).filter(JobFile::isUnanimous).isPresent();
  }

  public ReconSummary summary(long slot) {
    OwnLane.Summary summary =
        file(slot).map(file -> file.own.summary()).orElse(new OwnLane.Summary(0, Hash.ZERO));
    return ReconSummary.newBuilder()
        .setTotalCount(summary.count())
        .setSetFp(summary.setFp().toByteString())
        .build();
  }

  /** Entries stamped by this validator since the last call. */
  public List<OpenedEntry> drainStamped() {
    List<OpenedEntry> out = List.copyOf(stamped);
    stamped.clear();
    return out;
  }

  /** Whether contents arrived since the last call. */
  public boolean drainContentArrived() {
    boolean has = isContentArrived;
    isContentArrived = false;
    return has;
  }

  /** Lane forks found since the last call (E3): two headers of one place each. */
  public List<List<Envelope>> drainForks() {
    List<List<Envelope>> out = new ArrayList<>();
    forks.forEach(fork -> out.add(List.of(fork.first().envelope(), fork.second().envelope())));
    forks.clear();
    return out;
  }

  /** The stamps of others for this slot and later ones. */
  public Promises promises(long slot) {
    return new Promises(files.tailMap(slot, true));
  }

  /** R4.18: never again a stamp for a slot below {@code slot}. The record of it is the caller's. */
  public void close(long slot) {
    closedBelow = Math.max(closedBelow, slot);
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
    nextSlot = open;
    sets = setsOfSlots;
    heights = heightsOfSlots;
    committed.forEach(this::forget);
    dropFilesBefore(open);
    for (long slot = open; slot <= open + 1; slot++) {
      openFile(now, slot, out);
    }
    restoredBatches.forEach(batch ->
        out.add(
            new Effect.Broadcast(
                sets.apply(open).map(set -> set.others(self)).orElse(List.of()), batch)));
    restoredBatches.clear();
    judgeWaiting(now, out);
    restampLeftOvers(now, out);
    contents.sweep(id ->
        leftOvers.containsKey(id)
            || files.values().stream()
                .anyMatch(file -> file.known(id).isPresent() || file.own.contains(id)));
  }

  private void openFile(BlockTime now, long slot, List<Effect> out) {
    Optional<ValidatorSet> set = sets.apply(slot);
    if (set.isEmpty()) {
      return;
    }
    if (!files.containsKey(slot)) {
      files.put(slot, new JobFile(chain, self, slot, set.get()));
    }
    BlockTime cutoff = chain.calendar().cutoffOf(slot);
    if (set.get().contains(self) && !files.get(slot).own.isLastSent()) {
      out.add(
          new Effect.SetTimer(TimerId.of(TIMER_CUTOFF, slot), now.isBefore(cutoff) ? cutoff : now));
    }
  }

  private void forget(Hash id) {
    waiters.remove(id);
    leftOvers.remove(id);
    contents.get(id).ifPresent(this::releaseUse);
  }

  private void releaseUse(OpenedEntry entry) {
    useKeys.remove(UseKey.of(entry), entry.id());
    Set<Hash> pending = pendingOf.get(entry.signer());
    if (pending != null) {
      pending.remove(entry.id());
      if (pending.isEmpty()) {
        pendingOf.remove(entry.signer());
      }
    }
  }

  /** What a closed file promised but its block lacks rolls over (R4.34). */
  private void dropFilesBefore(long open) {
    while (!files.isEmpty() && files.firstKey() < open) {
      JobFile closed = files.pollFirstEntry().getValue();
      for (Hash id : closed.own.ids()) {
        boolean isLeft = contents.get(id).filter(this::isUncommitted).isPresent();
        if (isLeft) {
          leftOvers.put(id, closed.own.isFirstHand(id));
        }
      }
    }
  }

  private boolean isUncommitted(OpenedEntry entry) {
    return !(judge.check(entry, nextSlot) instanceof Verdict.Reject);
  }

  private void restampLeftOvers(BlockTime now, List<Effect> out) {
    for (Map.Entry<Hash, Boolean> left : new TreeMap<>(leftOvers).entrySet()) {
      Hash id = left.getKey();
      Optional<OpenedEntry> entry = contents.get(id);
      Optional<JobFile> target = fileAt(now);
      if (entry.isEmpty() || !isUncommitted(entry.get())) {
        leftOvers.remove(id);
        entry.ifPresent(this::releaseUse);
      } else if (files.values().stream().anyMatch(file -> file.own.contains(id))) {
        leftOvers.remove(id);
      } else if (target.isPresent()) {
        restamp(now, target.get(), entry.get(), left.getValue(), out);
      } else {
        handOver(now, entry.get(), out);
      }
    }
  }

  private void restamp(
      BlockTime now, JobFile file, OpenedEntry entry, boolean wasFirstHand, List<Effect> out) {
    boolean isOthers = !wasFirstHand && file.isInAnyLane(entry.id());
    if (isOthers || !judge.check(entry, file.slot).isAccept() || !hasRoom(file, entry)) {
      return;
    }
    if (!wasFirstHand) {
      leftOvers.put(entry.id(), true); // one slot later this validator vouches for it itself
      if (file.slot == nextSlot) {
        return;
      }
    }
    leftOvers.remove(entry.id());
    stamp(now, file, entry, true, out);
  }

  /** Who is not in the set of the target slot passes its left-overs on (R4.34). */
  private void handOver(BlockTime now, OpenedEntry entry, List<Effect> out) {
    long slot = chain.calendar().slotAt(now);
    Optional<ValidatorSet> set = sets.apply(slot).filter(found -> !found.contains(self));
    set.ifPresent(found -> {
      leftOvers.remove(entry.id());
      Submit submit = Submit.newBuilder().setEntry(entry.envelope()).build();
      found.ids().stream()
          .limit(found.faulty() + 1)
          .forEach(id -> out.add(new Effect.Send(id, plain(slot, submit))));
    });
  }

  // --- admission
  // ----------------------------------------------------------------------------------

  /** The file an entry that arrives now goes to (R4.1). */
  private Optional<JobFile> fileAt(BlockTime now) {
    long slot = chain.calendar().slotAt(now);
    return slot < closedBelow || slot > lastOpen()
        ? Optional.empty()
        : file(slot)
            .filter(
                file -> file.set.contains(self) && !file.own.isLastSent() && !file.own.isFrozen());
  }

  /**
   * Stamps an entry first-hand, or says why not (R4.1–R4.3). The Ack follows when the stamp is
   * durable.
   */
  public Verdict submit(BlockTime now, NodeId from, OpenedEntry entry, List<Effect> out) {
    for (JobFile file : files.values()) {
      if (file.own.contains(entry.id())) {
        awaitAck(from, entry.id());
        ack(file, entry.id(), List.of(from), true, out);
        return Verdict.ACCEPT;
      }
    }
    Verdict verdict = checkAdmission(now, entry);
    if (verdict.isAccept()) {
      JobFile file = fileAt(now).orElseThrow();
      awaitAck(from, entry.id());
      contents.put(entry);
      useKeys.put(UseKey.of(entry), entry.id());
      pendingOf.computeIfAbsent(entry.signer(), ignored -> new TreeSet<>()).add(entry.id());
      stamp(now, file, entry, true, out);
    }
    return verdict;
  }

  private Verdict checkAdmission(BlockTime now, OpenedEntry entry) {
    Optional<JobFile> file = fileAt(now);
    if (file.isEmpty()) {
      boolean isHalted = chain.calendar().slotAt(now) > nextSlot + 1;
      return Verdict.reject(
          isHalted ? RejectCode.REJECT_CODE_HALTED : RejectCode.REJECT_CODE_RETRY_LATER,
          "slot " + chain.calendar().slotAt(now) + " is not open here, open is " + nextSlot);
    }
    Verdict eligible = judge.check(entry, file.get().slot);
    if (eligible instanceof Verdict.Later(long slot)) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_VALID_NOW,
          "valid from slot " + slot + ", now " + file.get().slot);
    }
    if (!eligible.isAccept()) {
      return eligible;
    }
    Hash rival = useKeys.get(UseKey.of(entry));
    if (rival != null && !rival.equals(entry.id())) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NONCE_USED, "entry " + rival + " uses the same key");
    }
    boolean isOwn = entry.signer().equals(self);
    Set<Hash> pending = pendingOf.get(entry.signer());
    if (!isOwn && pending != null && pending.size() >= PENDING_PER_ACCOUNT) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_TOO_MANY_PENDING,
          "16 entries of this account wait for their block");
    }
    return hasRoom(file.get(), entry)
        ? Verdict.ACCEPT
        : Verdict.reject(
            RejectCode.REJECT_CODE_QUOTA, "this validator's share of the file is full");
  }

  private boolean hasRoom(JobFile file, OpenedEntry entry) {
    boolean isOwn =
        entry.signer().equals(self) && entry.body().getEntryCase() == Entry.EntryCase.BEAT;
    int reserved = isOwn ? 0 : OWN_PLACES;
    return file.own.firstHandCount() + reserved < chain.rules().quotaEntries()
        && file.own.firstHandBytes() + entry.bodyBytes() <= chain.rules().quotaBytes()
        && contents.put(entry);
  }

  private void stamp(
      BlockTime now, JobFile file, OpenedEntry entry, boolean isFirstHand, List<Effect> out) {
    file.touch(entry.id(), now);
    file.own.add(entry.id(), isFirstHand, entry.bodyBytes());
    stamped.add(entry);
    BlockTime cutoff = chain.calendar().cutoffOf(file.slot);
    if (!now.isBefore(cutoff)) {
      flush(now, file, false, out);
    } else {
      BlockTime at = now.plusMillis(FLUSH_MILLIS);
      out.add(
          new Effect.SetTimer(
              TimerId.of(TIMER_FLUSH, file.slot), at.isBefore(cutoff) ? at : cutoff));
    }
  }

  private void awaitAck(NodeId from, Hash id) {
    if (from.equals(self)) {
      return;
    }
    Set<NodeId> waiting = waiters.computeIfAbsent(id, ignored -> new TreeSet<>());
    if (waiting.size() < WAITERS_MAX) {
      waiting.add(from);
    }
  }

  /** R4.6. The validators of the period go along once. */
  private void ack(
      JobFile file, Hash id, Collection<NodeId> to, boolean isFirst, List<Effect> out) {
    List<Stamp> stamps = file.stampsOf(id);
    if (stamps.isEmpty() || file.own.stamp(id).isEmpty()) {
      return;
    }
    Ack.Builder ack =
        Ack.newBuilder()
            .setEntryId(id.toByteString())
            .setSlot(file.slot)
            .setHeight(heights.applyAsLong(file.slot))
            .addAllStamps(stamps)
            .setSetHash(file.set.hash().toByteString());
    contents
        .get(id)
        .ifPresent(
            entry -> matchers.apply(entry).forEach(node -> ack.addMatchers(node.toByteString())));
    if (isFirst) {
      ack.setPeriodValidators(file.set.cert());
    }
    long period = chain.calendar().periodOf(file.slot);
    Envelope sealed = Envelopes.sealMessage(chain.context(), identity, period, ack.build());
    to.forEach(peer -> out.add(new Effect.Send(peer, sealed)));
  }

  // --- the own lane
  // -------------------------------------------------------------------------------

  public void onTimer(BlockTime now, TimerId id, List<Effect> out) {
    Optional<JobFile> file = file(id.first());
    if (file.isEmpty()) {
      return;
    }
    switch (id.purpose()) {
      case TIMER_FLUSH -> flush(now, file.get(), false, out);
      case TIMER_CUTOFF -> onCutoff(now, file.get(), out);
      case TIMER_CURSORS -> sendCursors(now, file.get(), out);
      case TIMER_SKETCH -> sendSketch(file.get(), out);
      default -> throw new IllegalArgumentException("no timer of job files: " + id);
    }
  }

  private void onCutoff(BlockTime now, JobFile file, List<Effect> out) {
    if (now.isBefore(chain.calendar().cutoffOf(file.slot)) || file.own.isLastSent()) {
      return;
    }
    flush(now, file, true, out);
    long stage = chain.rules().stageMillis();
    out.add(new Effect.SetTimer(TimerId.of(TIMER_CURSORS, file.slot), now.plusMillis(stage / 2)));
    out.add(
        new Effect.SetTimer(
            TimerId.of(TIMER_SKETCH, file.slot), now.plusMillis(stage + stage / 2)));
    judgeWaiting(now, out);
  }

  private void flush(BlockTime now, JobFile file, boolean isLast, List<Effect> out) {
    Optional<Signer> signer = consensusSigner.apply(chain.calendar().periodOf(file.slot));
    if (signer.isEmpty() || !file.set.contains(self) || file.slot < closedBelow) {
      return; // whoever closed a slot signs no lane of it any more (R4.18, R4.41)
    }
    boolean isAdmit =
        now.compareTo(chain.calendar().cutoffOf(file.slot)) <= 0
            || (isLast && !file.own.isLastSent());
    boolean isFirst = true;
    while (file.own.hasPending() || (isLast && isFirst)) {
      isFirst = false;
      boolean isFinal = isLast && !hasMoreThanOneBatch(file);
      send(now, file, file.own.flush(signer.get(), isAdmit, isFinal), out);
    }
  }

  private static boolean hasMoreThanOneBatch(JobFile file) {
    return file.own.pendingCount() > BATCH_MAX;
  }

  private void send(BlockTime now, JobFile file, LaneBatch.Builder batch, List<Effect> out) {
    BlockTime late =
        chain.calendar().cutoffOf(file.slot).plusMillis(-2 * chain.rules().stageMillis());
    boolean isFull = !now.isBefore(late);
    LaneRecord.Builder record = LaneRecord.newBuilder();
    for (LaneLeaf leaf : batch.getLeavesList()) {
      Hash id = Hash.of(leaf.getId());
      OpenedEntry entry = contents.get(id).orElseThrow();
      if (leaf.getFirstHand() || isFull) {
        batch.addContents(entry.envelope());
      } else {
        record.addContents(entry.envelope());
      }
      if (!leaf.getFirstHand() && isFull) {
        addWitnesses(file, id, batch);
      }
    }
    LaneBatch sent = batch.build();
    LaneHeader header = headerOf(sent);
    file.own.sent(sent, header);
    out.add(new Effect.Persist(LogRecord.newBuilder().setLane(record.setBatch(sent)).build()));
    out.add(new Effect.Broadcast(file.set.others(self), plain(file.slot, sent)));
    for (LaneLeaf leaf : sent.getLeavesList()) {
      Hash id = Hash.of(leaf.getId());
      Set<NodeId> waiting = waiters.get(id);
      if (waiting != null) {
        ack(file, id, waiting, true, out);
      }
    }
  }

  /**
   * R4.12a: the stamps by which an id was added go along, as many as the next stage will ask for.
   */
  private static void addWitnesses(JobFile file, Hash id, LaneBatch.Builder batch) {
    file.known(id)
        .ifPresent(known ->
            known.stamps.values().stream()
                .limit(file.set.faulty() + 1)
                .forEach(
                    stamp -> batch.addWitness(stamp.stamp()).addWitnessIds(id.toByteString())));
  }

  private static LaneHeader headerOf(LaneBatch batch) {
    return Canonical.decode(LaneHeader.parser(), Bytes.of(batch.getHeader().getBody()))
        .orElseThrow();
  }

  // --- the lanes of others
  // ------------------------------------------------------------------------

  public void onLaneBatch(BlockTime now, NodeId from, LaneBatch batch, List<Effect> out) {
    if (batch.getLeavesCount() > BATCH_MAX
        || batch.getWitnessCount() != batch.getWitnessIdsCount()) {
      return;
    }
    Optional<LaneHeader> claimed =
        Canonical.decode(LaneHeader.parser(), Bytes.of(batch.getHeader().getBody()));
    Optional<JobFile> file = claimed.flatMap(header -> fileToFill(header.getSlot()));
    Optional<OpenedHeader> header =
        file.flatMap(found -> LaneHeaders.open(chain, found.set, batch.getHeader()));
    if (header.isEmpty() || header.get().lane().equals(self)) {
      return;
    }
    List<Hash> brought = takeContents(now, batch.getContentsList());
    takeStamps(now, file.get(), batch.getWitnessList(), batch.getWitnessIdsList(), out);
    ForeignLane lane = file.get().lane(header.get().lane()).orElseThrow();
    ForeignLane.Entered entered = lane.enter(batch, header.get());
    entered.fork().ifPresent(forks::add);
    if (entered.hasGap() && !file.get().own.isFrozen()) {
      reconciler.sendCursors(file.get(), from, out);
    }
    List<Hash> changed = new ArrayList<>();
    entered.inOrder().forEach(received -> changed.addAll(enterStamps(now, file.get(), received)));
    changed.addAll(brought);
    settle(now, file.get(), from, changed, out);
  }

  /**
   * Two files are open for own stamps, never the third that the stamps of others may fill: whoever
   * votes to skip slots must know that it promised nothing in them (R4.1, R4.18).
   */
  private long lastOpen() {
    return nextSlot + 1;
  }

  /** Files that may be filled: the open ones and, for one that lags, the one after. */
  private Optional<JobFile> fileToFill(long slot) {
    if (slot < nextSlot || slot > nextSlot + 2) {
      return Optional.empty();
    }
    if (!files.containsKey(slot)) {
      sets.apply(slot).ifPresent(set -> files.put(slot, new JobFile(chain, self, slot, set)));
    }
    return file(slot);
  }

  private List<Hash> enterStamps(BlockTime now, JobFile file, ForeignLane.Received received) {
    List<Hash> ids = new ArrayList<>();
    List<LaneLeaf> leaves = received.batch().getLeavesList();
    for (int i = 0; i < leaves.size(); i++) {
      Hash id = Hash.of(leaves.get(i).getId());
      Stamp stamp = LaneHeaders.stamp(received.header().envelope(), leaves, i);
      if (file.addStamp(new OpenedStamp(received.header(), stamp, id), now)) {
        ids.add(id);
      }
    }
    return ids;
  }

  /** Keeps what is well-formed and signed; returns the ids of that, new or not. */
  private List<Hash> takeContents(BlockTime now, List<Envelope> envelopes) {
    List<Hash> good = new ArrayList<>();
    for (Envelope envelope : envelopes) {
      Envelopes.openEntry(chain.context(), chain.signatures(), envelope)
          .good()
          .ifPresent(entry -> {
            good.add(entry.id());
            takeContent(now, entry);
          });
    }
    return good;
  }

  private void takeContent(BlockTime now, OpenedEntry entry) {
    if (contents.has(entry.id())) {
      return;
    }
    contents.put(entry);
    isContentArrived = true;
    files.values().stream()
        .filter(file -> file.known(entry.id()).isPresent())
        .forEach(file -> file.touch(entry.id(), now));
  }

  private List<Hash> takeStamps(
      BlockTime now, JobFile file, List<Stamp> stamps, List<ByteString> ids, List<Effect> out) {
    List<Hash> changed = new ArrayList<>();
    for (int i = 0; i < Math.min(stamps.size(), ids.size()); i++) {
      if (ids.get(i).size() != Hash.SIZE) {
        continue;
      }
      Hash id = Hash.of(ids.get(i));
      LaneHeaders.openStamp(chain, file.set, stamps.get(i), id)
          .filter(
              stamp -> stamp.header().body().getSlot() == file.slot && !stamp.lane().equals(self))
          .filter(stamp -> {
            file.lane(stamp.lane())
                .flatMap(lane -> lane.forkBy(stamp.header()))
                .ifPresent(forks::add);
            return file.addStamp(stamp, now);
          })
          .ifPresent(stamp -> changed.add(id));
    }
    return changed;
  }

  /**
   * After new pieces: judge the ids again, ask for missing contents, tell those who wait for
   * stamps.
   */
  private void settle(
      BlockTime now, JobFile file, NodeId from, List<Hash> changed, List<Effect> out) {
    Set<Hash> distinct = new TreeSet<>(changed);
    List<Hash> missing = new ArrayList<>();
    for (Hash id : distinct) {
      if (!contents.has(id)
          && file.known(id).isPresent()
          && missing.size() < Reconciler.FETCH_MAX) {
        missing.add(id);
      }
      judge(now, file, id, out);
      Set<NodeId> waiting = waiters.get(id);
      if (waiting != null && now.isBefore(chain.calendar().cutoffOf(file.slot))) {
        ack(file, id, waiting, false, out);
      }
    }
    if (!missing.isEmpty() && !file.own.isFrozen()) {
      reconciler.askFor(file, from, missing, out);
    }
  }

  private void judgeWaiting(BlockTime now, List<Effect> out) {
    for (JobFile file : List.copyOf(files.values())) {
      for (Hash id : file.waiting()) {
        judge(now, file, id, out);
      }
    }
  }

  /**
   * R4.12: adds an id of others as soon as content, eligibility, room and enough stamps are there.
   */
  private void judge(BlockTime now, JobFile file, Hash id, List<Effect> out) {
    Optional<JobFile.Known> known = file.known(id);
    Optional<OpenedEntry> entry = contents.get(id);
    boolean mayAdd =
        known.isPresent()
            && entry.isPresent()
            && !file.own.contains(id)
            && !file.own.isFrozen()
            && file.slot >= closedBelow
            && file.slot <= lastOpen()
            && file.set.contains(self)
            && now.isBefore(voteStart(file));
    if (!mayAdd) {
      return;
    }
    List<NodeId> firstHand =
        known.get().stamps.values().stream()
            .filter(OpenedStamp::isFirstHand)
            .map(OpenedStamp::lane)
            .toList();
    int needed =
        StageRule.stampsNeeded(
            chain.calendar().cutoffOf(file.slot),
            chain.rules().stageMillis(),
            known.get().lastPiece);
    if (known.get().stamps.size() < needed
        || firstHand.isEmpty()
        || !judge.check(entry.get(), file.slot).isAccept()) {
      return;
    }
    Optional<NodeId> charged = file.charges.roomIn(firstHand, entry.get().bodyBytes());
    if (charged.isEmpty() && known.get().stamps.size() < file.set.faulty() + 1) {
      return;
    }
    charged.ifPresent(lane -> file.charges.charge(lane, entry.get().bodyBytes()));
    BlockTime keep = known.get().lastPiece;
    stamp(now, file, entry.get(), false, out);
    known.get().lastPiece = keep;
  }

  /** R0_s. */
  private BlockTime voteStart(JobFile file) {
    return chain
        .calendar()
        .cutoffOf(file.slot)
        .plusMillis((file.set.faulty() + 1) * chain.rules().stageMillis());
  }

  // --- reconciliation
  // -----------------------------------------------------------------------------

  public void onRecon(BlockTime now, NodeId from, Recon recon, List<Effect> out) {
    Optional<JobFile> found = file(recon.getSlot());
    switch (recon.getPartCase()) {
      case CURSORS ->
          found.ifPresent(file -> reconciler.answerCursors(file, from, recon.getCursors(), out));
      case SKETCH ->
          found
              .filter(file -> !file.own.isFrozen() && file.set.contains(from))
              .ifPresent(file -> reconciler.onSketch(file, from, recon.getSketch(), out));
      case FETCH -> reconciler.answerFetch(recon.getSlot(), found, from, recon.getFetch(), out);
      case DATA -> {
        List<Hash> brought = takeContents(now, recon.getData().getContentsList());
        found.ifPresent(file -> {
          List<Hash> changed =
              takeStamps(
                  now,
                  file,
                  recon.getData().getStampsList(),
                  recon.getData().getStampIdsList(),
                  out);
          changed.addAll(brought);
          settle(now, file, from, changed, out);
        });
      }
      case SUMMARY, INSIST, POL, PART_NOT_SET -> {}
    }
  }

  /** Contents that an INSIST brings along (R4.22): taken as content, never as a reason to stamp. */
  public void onInsistContents(BlockTime now, ReconInsist insist) {
    takeContents(now, insist.getContentsList());
  }

  public void onContent(BlockTime now, Envelope content) {
    takeContents(now, List.of(content));
  }

  /** A validator connected: it gets the own lanes of the open slots, which it may have missed. */
  public void onPeerUp(NodeId peer, List<Effect> out) {
    for (JobFile file : files.values()) {
      if (file.set.contains(peer)) {
        file.own.batches().stream()
            .limit(REPLAY_BATCHES_MAX)
            .forEach(batch -> out.add(new Effect.Send(peer, plain(file.slot, batch))));
      }
    }
  }

  /** D/2 after the cut-off, and once more a stage later with more of the ladder (R4.13). */
  private void sendCursors(BlockTime now, JobFile file, List<Effect> out) {
    if (!file.own.isFrozen()) {
      reconciler.sendCursors(file, out);
      judgeWaiting(now, out);
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
    Optional<JobFile> found = file(slot);
    if (found.isEmpty() || found.get().own.isFrozen()) {
      return;
    }
    JobFile file = found.get();
    flush(now, file, !file.own.isLastSent(), out);
    file.own.freeze();
    FreezeRecord.Builder record =
        FreezeRecord.newBuilder().setHeight(heights.applyAsLong(slot)).setSlot(slot);
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
    Optional<JobFile> found = file(slot);
    if (found.isEmpty()) {
      return insist.build();
    }
    JobFile file = found.get();
    int bytes = 0;
    for (Hash id : file.own.ids()) {
      if (file.stampers(id) >= file.set.n() || bytes > DATA_BYTES_MAX) {
        continue;
      }
      insist.addIds(id.toByteString());
      List<Stamp> stamps = file.stampsOf(id);
      List<Stamp> firstHand = stamps.stream().filter(Stamp::getFirstHand).limit(1).toList();
      List<Stamp> proof =
          firstHand.isEmpty() ? stamps.stream().limit(file.set.faulty() + 1).toList() : firstHand;
      proof.forEach(stamp -> insist.addStamps(stamp).addStampIds(id.toByteString()));
      Optional<OpenedEntry> entry = contents.get(id);
      entry.ifPresent(content -> insist.addContents(content.envelope()));
      bytes += entry.map(content -> content.envelope().getSerializedSize()).orElse(0);
    }
    return insist.build();
  }

  /**
   * Ids a proposer may offer (R4.22): the own ones and, from each sender, what its lanes or f + 1
   * stamps prove.
   */
  public List<Hash> union(long slot, List<Hash> own, List<ReconInsist> insists) {
    Set<Hash> union = new TreeSet<>(own);
    Optional<JobFile> found = file(slot);
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
    sets = setsOfSlots;
    nextSlot = open;
    for (LogRecord record : records) {
      switch (record.getRecordCase()) {
        case LANE -> restoreLane(record.getLane(), open);
        case FREEZE -> file(record.getFreeze().getSlot()).ifPresent(file -> file.own.freeze());
        case CLOSED -> close(closed(record.getClosed()));
        case VOTE, PROPOSAL, BLOCK, BEAT, PAYOUT, PROOF, SESSION, SET_CERT, RECORD_NOT_SET -> {}
      }
    }
  }

  private static long closed(ClosedRecord record) {
    return record.getNextSlot();
  }

  private void restoreLane(LaneRecord record, long open) {
    LaneHeader header = headerOf(record.getBatch());
    if (header.getSlot() < open) {
      return;
    }
    Optional<ValidatorSet> set = sets.apply(header.getSlot());
    if (set.isEmpty()) {
      return;
    }
    JobFile file =
        files.computeIfAbsent(header.getSlot(), slot -> new JobFile(chain, self, slot, set.get()));
    List<Envelope> envelopes = new ArrayList<>(record.getContentsList());
    envelopes.addAll(record.getBatch().getContentsList());
    for (Envelope envelope : envelopes) {
      Envelopes.openEntry(chain.context(), chain.signatures(), envelope)
          .good()
          .ifPresent(this::restoreContent);
    }
    file.own.restore(record.getBatch(), header);
    restoredBatches.add(plain(header.getSlot(), record.getBatch()));
  }

  private void restoreContent(OpenedEntry entry) {
    contents.put(entry);
    useKeys.put(UseKey.of(entry), entry.id());
    pendingOf.computeIfAbsent(entry.signer(), ignored -> new TreeSet<>()).add(entry.id());
  }

  // --- small things
  // -------------------------------------------------------------------------------

  private Optional<JobFile> file(long slot) {
    return Optional.ofNullable(files.get(slot));
  }

  private Envelope plain(long slot, Message message) {
    return Envelopes.unsigned(
        chain.context(),
        self,
        Envelopes.messageType(message),
        chain.calendar().periodOf(slot),
        message);
  }
}
