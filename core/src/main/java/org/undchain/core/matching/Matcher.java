package org.undchain.core.matching;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Load;
import org.undchain.core.machine.TimerId;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.ContactRecord;
import org.undchain.core.message.Contacts;
import org.undchain.core.message.Entry;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Opened;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Opening;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Role;
import org.undchain.core.message.Subscribe;
import org.undchain.core.message.SubscribeCode;
import org.undchain.core.message.SubscribeReply;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The matching part of a validator (section 6): partners subscribe, stamped requests become
 * notices, signed bids come back and go on to the client as offers.
 *
 * <p>It keeps nothing on disk. After a restart the partners subscribe again as soon as they are
 * connected, and a client that still looks for partners hands the same request in again.
 */
public final class Matcher {
  /** Timers of this component begin with this. */
  public static final String TIMER_PREFIX = "match-";

  private final Chain chain;
  private final NodeId self;
  private final View view;
  private final Post post;
  private final Subscriptions subscriptions;
  private final Directory directory;
  private final MatchRecords records = new MatchRecords();
  private final JobBoard jobs;

  public Matcher(Chain chain, Signer identity, View view) {
    this.chain = chain;
    this.self = identity.id();
    this.view = view;
    this.post = new Post(chain, identity, view);
    this.subscriptions = new Subscriptions(chain.rules());
    this.directory = new Directory(chain.genesis());
    this.jobs = new JobBoard(chain, view, subscriptions, records, post);
  }

  // --- events
  // -------------------------------------------------------------------------------------

  /** SUBSCRIBE, PARTNER_STATUS, BID, OFFER_CONTROL or DIRECTORY_REQUEST; refusals are answered. */
  public void onMessage(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    if (answer(now, peer, message, out) instanceof Verdict.Reject(RejectCode why, String detail)) {
      post.reject(peer, message.id(), why, detail, out);
    }
  }

  private Verdict answer(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    return switch (message.body().getMessageCase()) {
      case SUBSCRIBE, PARTNER_STATUS, BID -> fromPartner(now, peer, message, out);
      case OFFER_CONTROL -> jobs.onControl(now, peer, message.body().getOfferControl(), out);
      case DIRECTORY_REQUEST -> onDirectoryRequest(peer, message, out);
      default ->
          throw new IllegalArgumentException(
              "not for matching: " + message.body().getMessageCase());
    };
  }

  /**
   * Entries that this validator just stamped, or that were just decided: whoever missed a stamp
   * begins with the block.
   */
  public void onEntries(BlockTime now, List<OpenedEntry> entries, List<Effect> out) {
    entries.forEach(entry -> jobs.onRequest(now, self, entry, out));
  }

  /** A client that handed in its own request wants the offers on this connection. */
  public void onWanted(BlockTime now, NodeId peer, OpenedEntry entry, List<Effect> out) {
    if (entry.body().getEntryCase() == Entry.EntryCase.REQUEST && entry.signer().equals(peer)) {
      jobs.onWanted(now, entry, out);
    }
  }

  public void onTimer(BlockTime now, TimerId id, List<Effect> out) {
    jobs.onTimer(now, id, out);
  }

  public void onPeerDown(NodeId peer) {
    jobs.onPeerDown(peer);
  }

  /** Once per slot: forgets who is silent and what is over. */
  public void onSlot(BlockTime now) {
    long slot = chain.calendar().slotAt(now);
    subscriptions.sweep(now, slot);
    jobs.sweep(now, slot);
  }

  // --- what the validator asks
  // --------------------------------------------------------------------

  /** Partners subscribed here, the full ones included. */
  public int partners() {
    return subscriptions.size();
  }

  /** Partners that take no more of some class. */
  public int partnersFull(BlockTime now) {
    return subscriptions.full(chain.calendar().slotAt(now));
  }

  /** Who came, went or renewed since this was last asked, ascending by id. */
  public List<PartnerChange> drainPartnerChanges() {
    Set<NodeId> changed = subscriptions.drainChanged(); // asked after every event
    return changed.isEmpty() ? List.of() : changed.stream().map(this::change).toList();
  }

  private PartnerChange change(NodeId partner) {
    return subscriptions
        .filter(partner)
        .<PartnerChange>map(
            filter -> new PartnerChange.Ready(partner, filter.classes(), directory.of(partner)))
        .orElseGet(() -> new PartnerChange.Gone(partner));
  }

  /** Jobs that look for partners here. */
  public int openJobs() {
    return jobs.open();
  }

  public void addLoads(List<Load> loads) {
    loads.add(subscriptions.load());
    loads.add(directory.load());
    loads.add(records.load());
    jobs.addLoads(loads);
  }

  /** matchRoot of the BEAT that reports on a beat (R6.8); empty if no job was matched in it. */
  public Optional<Hash> matchRoot(long beat) {
    return records.root(beat);
  }

  // --- partners
  // -----------------------------------------------------------------------------------

  private Verdict fromPartner(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    boolean isOwnWord = message.isWordOf(peer);
    if (!isOwnWord || !view.isConnected(peer, Role.ROLE_PARTNER) || view.set().contains(peer)) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_AUTHORISED,
          "only a connected partner that is no active validator, in its own name");
    }
    subscriptions.hear(now, peer);
    return switch (message.body().getMessageCase()) {
      case SUBSCRIBE -> onSubscribe(now, peer, message, out);
      case PARTNER_STATUS -> subscriptions.status(now, peer, message.body().getPartnerStatus());
      case BID -> jobs.onBid(now, message, out);
      default -> throw new IllegalArgumentException("not of a partner");
    };
  }

  private Verdict onSubscribe(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    Subscribe subscribe = message.body().getSubscribe();
    if (!view.set().contains(self)) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_ACTIVE, "this validator is passive in this period");
    }
    Verdict verdict = Subscriptions.check(subscribe);
    if (!verdict.isAccept()) {
      return verdict;
    }
    Envelope contact = subscribe.getContact();
    Opening<ContactRecord> opening = Contacts.open(chain.context(), chain.signatures(), contact);
    if (opening instanceof Opening.Refused<ContactRecord>(RejectCode code, String detail)) {
      return Verdict.reject(code, detail);
    }
    if (!contact.getSigner().equals(peer.toByteString())) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_FIELD, "the contact record is of another node");
    }
    Subscriptions.Answer answer =
        subscriptions.subscribe(
            now,
            chain.calendar().slotAt(now),
            peer,
            message.id(),
            subscribe,
            new Scores(view).of(peer).getScore());
    if (answer.code() == SubscribeCode.SUBSCRIBE_CODE_OK) {
      opening.good().ifPresent(record -> directory.put(peer, contact, record));
    }
    SubscribeReply reply =
        SubscribeReply.newBuilder()
            .setSubId(message.id().toByteString())
            .setCode(answer.code())
            .setDetail(answer.detail())
            .setExpiresSlot(answer.expiresSlot())
            .build();
    post.signed(peer, reply, out);
    return Verdict.ACCEPT;
  }

  private Verdict onDirectoryRequest(NodeId peer, Opened message, List<Effect> out) {
    if (!Directory.isWellFormed(message.body().getDirectoryRequest())) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_FIELD,
          "ids are at most " + Directory.ASKED_MAX + " of 32 bytes");
    }
    post.signed(
        peer, directory.answer(message.body().getDirectoryRequest(), view.set().cert()), out);
    return Verdict.ACCEPT;
  }
}
