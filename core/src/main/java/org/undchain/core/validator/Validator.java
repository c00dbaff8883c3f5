package org.undchain.core.validator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.undchain.core.consensus.Agreement;
import org.undchain.core.consensus.Decision;
import org.undchain.core.consensus.Restored;
import org.undchain.core.crypto.Signer;
import org.undchain.core.job.OpenFiles;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.Eligibility;
import org.undchain.core.machine.DamagedRecords;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Load;
import org.undchain.core.machine.Machine;
import org.undchain.core.machine.TimerId;
import org.undchain.core.machine.Verdict;
import org.undchain.core.matching.Matcher;
import org.undchain.core.matching.Matchers;
import org.undchain.core.matching.PartnerChange;
import org.undchain.core.message.Block;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Cert;
import org.undchain.core.message.ClosedRecord;
import org.undchain.core.message.Entry;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.GetReply;
import org.undchain.core.message.Header;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Opened;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Opening;
import org.undchain.core.message.PayoutRecord;
import org.undchain.core.message.Recon;
import org.undchain.core.message.ReconFetch;
import org.undchain.core.message.ReconSummary;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Role;
import org.undchain.core.message.SignedHeader;
import org.undchain.core.rules.Calendar;
import org.undchain.core.sync.Archive;
import org.undchain.core.time.TimeAnswer;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * A validator, active or passive: one machine that routes every event to the concept it belongs to.
 *
 * <p>The life of a block, in the order of the methods: an entry is stamped into one of two open job
 * files ({@link OpenFiles}); at the cut-off the file freezes and its vote begins ({@link
 * Agreement}); the decided block is persisted, executed ({@link ChainHead}) and told to everybody;
 * the next height begins at once.
 */
public final class Validator implements Machine {
  private static final String TIMER_VOTE = "vote-start";
  private static final String TIMER_SLOT = "slot";
  private static final String TIMER_TIP = "tip";
  private static final long REPEAT_MILLIS = 500;

  private final Chain chain;
  private final ValidatorKeys keys;
  private final NodeId self;
  private final ChainHead head;
  private final OpenFiles files;
  private final Beats beats;
  private final Matcher matcher;
  private final Breaches breaches;
  private final Mail mail;
  private final Submissions submissions;
  private final Serving serving;
  private final Results results;
  private final Following following;
  private final ConnectedPeers peers = new ConnectedPeers();
  private final EarlyExit earlyExit;
  private final boolean isAmnesiac;
  private HeightFile file;
  private Agreement agreement;
  private boolean isStarted;
  private long noVotesBelow;
  private Set<Hash> wantedForBlock = new TreeSet<>();

  /**
   * @param recovered what this validator persisted before, in order
   * @param isAmnesiac its signing guard is missing or damaged (R4.41)
   * @throws DamagedRecords if the records are not what this validator wrote
   */
  public Validator(
      Chain chain,
      ValidatorKeys keys,
      Archive archive,
      List<LogRecord> recovered,
      boolean isAmnesiac) {
    this.chain = chain;
    this.keys = keys;
    this.self = keys.identity().id();
    this.isAmnesiac = isAmnesiac;
    this.head = new ChainHead(chain);
    this.beats = new Beats(chain, keys);
    this.breaches = new Breaches(chain, keys.identity(), head.state());
    this.files = new OpenFiles(chain, self, this::consensusSigner, this::judge, this::matchersOf);
    this.matcher = new Matcher(chain, keys.identity(), new MatchView(head, files, peers));
    this.mail = new Mail(chain, keys.identity(), head);
    this.submissions = new Submissions(chain, self, head, files, matcher, mail);
    this.following = new Following(chain, head, mail);
    this.serving = new Serving(archive, head, files, peers, mail);
    this.results = new Results(head, peers, mail);
    this.earlyExit = new EarlyExit(chain.calendar().quarterSlots());
    this.noVotesBelow = new Recovery(chain, head, beats, files).replay(recovered);
    this.file = new HeightFile(chain, head, files);
    this.agreement = newAgreement(recovered);
  }

  @Override
  public List<Effect> on(BlockTime now, Event event) {
    List<Effect> out = new ArrayList<>();
    switch (event) {
      case Event.Started() -> onStarted(now, out);
      case Event.MessageIn(NodeId peer, Opened message) -> onMessage(now, peer, message, out);
      case Event.TimerFired(TimerId id) -> onTimer(now, id, out);
      case Event.PeerUp(NodeId peer, Role role) -> onPeerUp(now, peer, role, out);
      case Event.PeerDown(NodeId peer) -> onPeerDown(now, peer, out);
      case Event.CommandIn command ->
          throw new IllegalArgumentException("a validator takes no command: " + command);
    }
    settle(now, out);
    return out;
  }

  /** Where its own records end: what the node may tell of the chain before the machine starts. */
  public ValidatorNotice.Began began() {
    return new ValidatorNotice.Began(head.height(), head.slot(), head.state(), head.set().cert());
  }

  @Override
  public List<Load> loads() {
    List<Load> loads = new ArrayList<>();
    files.addLoads(loads);
    matcher.addLoads(loads);
    agreement.addLoads(loads);
    loads.add(breaches.load());
    loads.add(following.load());
    loads.add(peers.load());
    return loads;
  }

  // --- life cycle
  // ---------------------------------------------------------------------------------

  private void onStarted(BlockTime now, List<Effect> out) {
    isStarted = true;
    files.close(chain.calendar().slotAt(now)); // it may have signed there before (decision 0029)
    if (isAmnesiac) {
      long through = chain.calendar().slotAt(now) + 1;
      noVotesBelow = Math.max(noVotesBelow, through + 1);
      out.add(
          new Effect.Persist(
              LogRecord.newBuilder()
                  .setClosed(ClosedRecord.newBuilder().setNextSlot(through + 1).setNoVotes(true))
                  .build()));
      files.close(through + 1);
      agreement = newAgreement(List.of());
    }
    advanceFiles(now, List.of(), out);
    out.add(new Effect.SetTimer(TimerId.of(TIMER_TIP), now.plusMillis(REPEAT_MILLIS)));
    setSlotTimer(now, out);
    onSlot(now, out);
    beginHeight(now, out);
  }

  private void onPeerUp(BlockTime now, NodeId peer, Role role, List<Effect> out) {
    peers.up(peer, role);
    files.onPeer(peer);
    if (role == Role.ROLE_VALIDATOR) {
      out.add(
          new Effect.Send(
              peer,
              mail.plain(Recon.newBuilder().setSlot(head.openSlot()).setSummary(tip()).build())));
      files.onValidatorUp(peer, out);
    }
  }

  private void onPeerDown(BlockTime now, NodeId peer, List<Effect> out) {
    peers.down(peer);
    files.onPeer(peer);
    serving.onPeerDown(peer);
    following.onPeerDown(peer);
    matcher.onPeerDown(peer);
    agreement.onPeerDown(now, out);
  }

  private void onTimer(BlockTime now, TimerId id, List<Effect> out) {
    switch (id.purpose()) {
      case TIMER_TIP -> onTipTimer(now, out);
      case TIMER_SLOT -> {
        setSlotTimer(now, out);
        matcher.onSlot(now);
        onSlot(now, out);
      }
      case TIMER_VOTE -> {} // settle() looks at the clock
      case Results.TIMER -> results.keepSomeProofs(now, out);
      default -> {
        if (id.purpose().startsWith(OpenFiles.TIMER_PREFIX)) {
          files.onTimer(now, id, out);
        } else if (id.purpose().startsWith(Matcher.TIMER_PREFIX)) {
          matcher.onTimer(now, id, out);
        } else if (Agreement.isTimer(id)) {
          agreement.onTimer(now, id, out);
        }
      }
    }
  }

  /**
   * R4.28: the own tip to all validators every 500 ms, and the next question of one who is behind.
   */
  private void onTipTimer(BlockTime now, List<Effect> out) {
    out.add(new Effect.SetTimer(TimerId.of(TIMER_TIP), now.plusMillis(REPEAT_MILLIS)));
    List<NodeId> validators = peers.validators();
    if (!validators.isEmpty()) {
      Recon summary = Recon.newBuilder().setSlot(head.openSlot()).setSummary(tip()).build();
      out.add(new Effect.Broadcast(validators, mail.plain(summary)));
    }
    following.ask(now, out);
  }

  private void setSlotTimer(BlockTime now, List<Effect> out) {
    long next = chain.calendar().slotAt(now) + 1;
    out.add(
        new Effect.SetTimer(TimerId.of(TIMER_SLOT), chain.calendar().startOf(Math.max(0, next))));
  }

  /**
   * At the start of each slot: this beat's BEAT into the own lane, before anything else (section
   * 4.2).
   */
  private void onSlot(BlockTime now, List<Effect> out) {
    Calendar calendar = chain.calendar();
    long slot = calendar.slotAt(now);
    boolean isOfThisPeriod = slot >= 0 && calendar.periodOf(slot) == head.period();
    // R4.41: of a beat that began while it was silent it may have signed the BEAT before
    boolean isSilent = calendar.beatOf(slot) <= calendar.beatOf(noVotesBelow - 1);
    if (!isOfThisPeriod || !following.hasHeardQuorum() || !following.isInSync() || isSilent) {
      return; // the first BEAT of a period waits for the PAYOUT, which makes its hash chain known
    }
    head.setOf(slot)
        .flatMap(set -> beats.next(slot, set, load(now)))
        .ifPresent(beat -> {
          out.add(new Effect.Persist(LogRecord.newBuilder().setBeat(beat).build()));
          openEntry(beat).good().ifPresent(entry -> files.submit(now, self, entry, out));
        });
  }

  // --- messages
  // -----------------------------------------------------------------------------------

  private void onMessage(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    switch (message.body().getMessageCase()) {
      case SUBMIT -> submissions.onSubmit(now, peer, message, following.isInSync(), out);
      case LANE_BATCH -> files.onLaneBatch(now, peer, message, out);
      case RECON -> onRecon(now, peer, message, out);
      case PROPOSAL -> onProposal(now, peer, message, out);
      case VOTE -> onVote(now, peer, message, out);
      case CERT -> onCert(now, peer, message.body().getCert(), out);
      case GET -> serving.onGet(peer, message.body().getGet(), out);
      case GET_REPLY -> onGetReply(now, peer, message.body().getGetReply(), out);
      case SUBSCRIBE, PARTNER_STATUS, BID, OFFER_CONTROL, DIRECTORY_REQUEST ->
          matcher.onMessage(now, peer, message, out);
      case TIME_PROBE ->
          TimeAnswer.add(chain, keys.identity(), now, peer, message.body().getTimeProbe(), out);
      case REJECT,
          ACK,
          STATUS,
          TIME_REPLY,
          DIRECTORY_REPLY -> {} // answers; a validator asks only what GET_REPLY answers
      case HELLO, SUBSCRIBE_REPLY, JOB_NOTICE, OFFER, CONTRACT, WORK, MICRO, CLOSE ->
          mail.reject(
              peer,
              message.id(),
              RejectCode.REJECT_CODE_NOT_AUTHORISED,
              "not for a validator",
              out);
      case MESSAGE_NOT_SET -> throw new IllegalStateException("opened without a body");
    }
  }

  private void onRecon(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    Recon recon = message.body().getRecon();
    switch (recon.getPartCase()) {
      case SUMMARY -> {
        boolean hadHeardQuorum = following.hasHeardQuorum();
        following.onTip(peer, recon.getSummary(), out);
        files.onRecon(now, peer, message, out);
        following.ask(now, out);
        if (!hadHeardQuorum) {
          onSlot(now, out);
        }
      }
      case CURSORS, SKETCH -> files.onRecon(now, peer, message, out);
      case FETCH -> {
        if (recon.getFetch().getHeaderHash().isEmpty()) {
          files.onRecon(now, peer, message, out);
        } else {
          onHeaderFetch(now, peer, recon.getFetch(), out);
        }
      }
      case DATA -> {
        if (recon.getData().hasHeader()) {
          agreement.onData(now, peer, recon.getData(), out);
          breaches.onData(now, peer, recon.getData(), out);
        }
        files.onRecon(now, peer, message, out);
      }
      case INSIST -> {
        if (recon.getInsist().getHeight() == head.height() + 1) {
          files.onInsistContents(now, message.goodEntries());
          agreement.onInsist(now, peer, recon.getInsist(), out);
        } else {
          serving.help(now, peer, recon.getInsist().getHeight(), out);
        }
      }
      case POL -> recon.getPol().getCertsList().forEach(cert -> onCert(now, peer, cert, out));
      case PART_NOT_SET -> {}
    }
  }

  /** The header of a value of this height or of the one before. */
  private void onHeaderFetch(BlockTime now, NodeId peer, ReconFetch fetch, List<Effect> out) {
    if (!agreement.onFetch(now, peer, fetch, out).isAccept()) {
      breaches.onFetch(now, peer, fetch, out);
    }
  }

  private void onVote(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    if (message.body().getVote().getHeight() == head.height() + 1) {
      agreement.onVote(now, message, out);
    } else {
      breaches.onVote(now, message, out);
      serving.help(now, peer, message.body().getVote().getHeight(), out);
    }
  }

  private void onProposal(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    if (message.body().getProposal().getHeight() == head.height() + 1) {
      agreement.onProposal(now, peer, message, out);
    } else {
      serving.help(now, peer, message.body().getProposal().getHeight(), out);
    }
  }

  private void onCert(BlockTime now, NodeId peer, Cert cert, List<Effect> out) {
    if (cert.getHeight() == head.height() + 1) {
      agreement.onCert(now, peer, cert, out);
    }
  }

  // --- the end of every event
  // ---------------------------------------------------------------------

  /** What may have become possible: a frozen file, a decision, evidence, offers. */
  private void settle(BlockTime now, List<Effect> out) {
    if (!isStarted) {
      return;
    }
    matcher.onEntries(now, files.drainStamped(), out);
    boolean isProgress = true;
    while (isProgress) {
      freezeIfDue(now, out);
      if (files.drainContentArrived()) {
        agreement.onContent(now, out);
      }
      isProgress = commitIfDecided(now, out);
    }
    handInBreaches(now, out);
    List<PartnerChange> partners = matcher.drainPartnerChanges();
    if (!partners.isEmpty()) {
      out.add(new Effect.Deliver(new ValidatorNotice.PartnersChanged(partners)));
    }
  }

  /** R4.20: at R0, or before it when all lanes are complete and equal (early exit). */
  private void freezeIfDue(BlockTime now, List<Effect> out) {
    if (agreement.isStarted() || !head.set().contains(self) || !following.hasHeardQuorum()) {
      return;
    }
    if (head.isPayoutNext()) {
      agreement.start(now, out);
      return;
    }
    long slot = head.workSlot();
    BlockTime cutoff = chain.calendar().cutoffOf(slot);
    if (now.isBefore(cutoff) || !following.isInSync()) {
      return;
    }
    boolean isDue = !now.isBefore(voteStart(slot));
    boolean isEarly = !isDue && earlyExit.isOn(slot) && files.canExitEarly(slot);
    if (isDue || isEarly || agreement.isLeftBehind()) {
      files.freeze(now, slot, out);
      file.freeze();
      out.add(
          new Effect.Deliver(
              new ValidatorNotice.VoteBegan(
                  head.height() + 1, slot, file.insisted().size(), isEarly)));
      agreement.start(now, out);
    }
  }

  private boolean commitIfDecided(BlockTime now, List<Effect> out) {
    Optional<Decision> decision = agreement.decision();
    if (decision.isEmpty()) {
      return false;
    }
    Header header = decision.get().candidate().header();
    List<OpenedEntry> entries = new ArrayList<>();
    List<Hash> missing = new ArrayList<>();
    for (Hash id : decision.get().candidate().ids()) {
      files.content(id).ifPresentOrElse(entries::add, () -> missing.add(id));
    }
    if (!missing.isEmpty()) {
      fetchForBlock(missing, out);
      return false;
    }
    if (decision.get().qc().getRound() > 0) {
      earlyExit.onLaterRound(head.workSlot());
    }
    commit(now, header, entries, decision.get().qc(), true, out);
    return true;
  }

  private void fetchForBlock(List<Hash> missing, List<Effect> out) {
    Set<Hash> wanted = new TreeSet<>(missing);
    if (wanted.equals(wantedForBlock)) {
      return;
    }
    wantedForBlock = wanted;
    ReconFetch.Builder fetch = ReconFetch.newBuilder();
    missing.forEach(id -> fetch.addIds(id.toByteString()));
    Recon recon = Recon.newBuilder().setSlot(head.workSlot()).setFetch(fetch).build();
    out.add(new Effect.Broadcast(head.set().others(self), mail.plain(recon)));
  }

  /** R4.26: persist, execute, tell, and begin the next height. */
  private void commit(
      BlockTime now,
      Header header,
      List<OpenedEntry> entries,
      Cert qc,
      boolean isOwnDecision,
      List<Effect> out) {
    SignedHeader signed = SignedHeader.newBuilder().setHeader(header).setQc(qc).build();
    Block.Builder block = Block.newBuilder().setHead(signed);
    entries.forEach(entry -> block.addEntries(entry.envelope()));
    out.add(new Effect.Persist(LogRecord.newBuilder().setBlock(block).build()));
    results.keepProofs(out); // of the block before, as far as its timer has not done it
    breaches.pairs(agreement.breaches());
    breaches.decided(
        new HeightEvidence(
            chain,
            self,
            new HeightEvidence.Remains(
                agreement, head.state(), files.promises(header.getSlot()), header, qc),
            files::content));
    ChainHead.Applied applied = head.apply(header, entries, qc);
    beats.committed(entries);
    applied
        .payout()
        .ifPresent(payout ->
            out.add(
                new Effect.Persist(
                    LogRecord.newBuilder()
                        .setPayout(
                            PayoutRecord.newBuilder()
                                .setFile(payout.file())
                                .setHead(signed)
                                .setNextSet(head.set().cert()))
                        .build())));
    if (applied.payout().isPresent()) {
      head.checkpoint(header, files.closedBelow(), noVotesBelow)
          .records()
          .forEach(record -> out.add(new Effect.Persist(record)));
    }
    out.add(
        new Effect.Deliver(
            new ValidatorNotice.BlockCommitted(
                applied.block(),
                head.state(),
                head.set().cert(),
                applied.payout().map(payout -> payout.file()))));
    if (isOwnDecision) {
      tellWatchers(now, qc, out);
      matcher.onEntries(now, entries, out);
    }
    results.tellParties(applied, entries, out);
    out.add(new Effect.SetTimer(TimerId.of(Results.TIMER), now));
    wantedForBlock = new TreeSet<>();
    List<Hash> ids = entries.stream().map(OpenedEntry::id).toList();
    advanceFiles(now, ids, out);
    file = new HeightFile(chain, head, files);
    agreement = newAgreement(List.of());
    onSlot(now, out);
    beginHeight(now, out);
  }

  /** The members of the set were told when it was decided ({@link Agreement}). */
  private void tellWatchers(BlockTime now, Cert qc, List<Effect> out) {
    serving.told(now, agreement.set().others(self));
    List<NodeId> watchers =
        peers.validators().stream().filter(peer -> !agreement.set().contains(peer)).toList();
    if (!watchers.isEmpty()) {
      out.add(new Effect.Broadcast(watchers, mail.plain(qc)));
    }
  }

  private void advanceFiles(BlockTime now, List<Hash> committed, List<Effect> out) {
    files.advance(now, head.openSlot(), head::setOf, head::heightOf, committed, out);
  }

  private void beginHeight(BlockTime now, List<Effect> out) {
    if (!head.isPayoutNext()) {
      BlockTime start = voteStart(head.workSlot());
      if (now.isBefore(start)) {
        out.add(new Effect.SetTimer(TimerId.of(TIMER_VOTE), start));
      }
    }
  }

  /** R0_s = C_s + (f + 1)·D. */
  private BlockTime voteStart(long slot) {
    return chain
        .calendar()
        .cutoffOf(slot)
        .plusMillis((head.set().faulty() + 1) * chain.rules().stageMillis());
  }

  private void handInBreaches(BlockTime now, List<Effect> out) {
    breaches.pairs(agreement.breaches());
    breaches.forks(files.drainForks());
    if (!head.set().contains(self) || !following.isInSync()) {
      return;
    }
    Breaches.Place place = new Breaches.Place(head.state(), head.period(), head.openSlot());
    for (OpenedEntry entry : breaches.due(now, place)) {
      if (files.submit(now, self, entry, out).isAccept()) {
        breaches.handedIn(entry);
        out.add(
            new Effect.Deliver(
                new ValidatorNotice.BreachFound(entry.body().getEvidence().getCode(), entry.id())));
      }
    }
  }

  // --- catching up
  // --------------------------------------------------------------------------------

  private void onGetReply(BlockTime now, NodeId peer, GetReply reply, List<Effect> out) {
    following.onAnswer(peer);
    if (reply.hasContent()) {
      openEntry(reply.getContent()).good().ifPresent(entry -> files.onContent(now, entry));
    }
    for (Block block : reply.getBlocksList()) {
      Header header = block.getHead().getHeader();
      if (header.getHeight() <= head.height()) {
        continue;
      }
      Optional<List<OpenedEntry>> entries = following.entriesOfNext(peer, block);
      if (entries.isEmpty()) {
        return;
      }
      commit(now, header, entries.get(), block.getHead().getQc(), false, out);
    }
    following.ask(now, out);
  }

  // --- recovery
  // -----------------------------------------------------------------------------------

  private Agreement newAgreement(List<LogRecord> recovered) {
    Optional<Signer> signer = consensusSigner(head.period());
    Agreement.Terms terms =
        new Agreement.Terms(
            chain.context(),
            chain.signatures(),
            head.set(),
            self,
            signer.orElse(keys.identity()),
            chain.rules(),
            0,
            head.period(),
            head.height() + 1,
            head.workSlot(),
            head.isPayoutNext() ? BlockKind.BLOCK_KIND_PAYOUT : BlockKind.BLOCK_KIND_NORMAL,
            signer.isEmpty() || head.workSlot() < noVotesBelow);
    return new Agreement(terms, file, peers::isGone, Restored.of(0, head.height() + 1, recovered));
  }

  // --- small things
  // -------------------------------------------------------------------------------

  private Optional<Signer> consensusSigner(long period) {
    return head.setOfPeriod(period)
        .or(() -> head.setOf(chain.calendar().firstSlotOf(period)))
        .filter(set -> set.contains(self))
        .flatMap(set -> keys.consensus(set.member(set.indexOf(self)).consensusKey()));
  }

  private Verdict judge(OpenedEntry entry, long slot) {
    return Eligibility.check(chain, head.state(), entry, slot);
  }

  private List<NodeId> matchersOf(OpenedEntry entry) {
    if (entry.body().getEntryCase() != Entry.EntryCase.REQUEST) {
      return List.of();
    }
    long beat = Matchers.beatOf(chain.calendar(), entry.body().getRequest().getValidFrom());
    return Matchers.of(head.beacon(beat), entry.id(), head.set());
  }

  private Beats.Load load(BlockTime now) {
    int full = matcher.partnersFull(now);
    long reported = chain.calendar().beatOf(chain.calendar().slotAt(now)) - 1;
    return new Beats.Load(
        0, matcher.openJobs(), matcher.partners() - full, full, matcher.matchRoot(reported));
  }

  private ReconSummary tip() {
    return files.summary(head.openSlot()).toBuilder()
        .setTipHeight(head.height())
        .setTipHash(head.headerHash().toByteString())
        .setNextSlot(head.openSlot())
        .build();
  }

  private Opening<OpenedEntry> openEntry(Envelope envelope) {
    return Envelopes.openEntry(chain.context(), chain.signatures(), envelope);
  }
}
