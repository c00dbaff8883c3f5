package org.undchain.core.partner;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.agent.Mail;
import org.undchain.core.agent.Validators;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.ContactRecord;
import org.undchain.core.message.Contacts;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.PartnerState;
import org.undchain.core.message.PartnerStatus;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Subscribe;
import org.undchain.core.message.SubscribeCode;
import org.undchain.core.message.SubscribeReply;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Keeps a partner known as ready at every active validator (R6.1, R6.2): subscribes, shows signs of
 * life, says when it is full and when it leaves.
 */
final class Presence {
  static final String TIMER_HEARTBEAT = "partner-heartbeat";
  static final String TIMER_SUBSCRIBE = "partner-subscribe";
  static final String TIMER_CAPACITY = "partner-capacity";

  /** So long an answer may take before the subscription is sent again. */
  private static final long ANSWER_MILLIS = 6000;

  /** After this long a validator that was just starting is asked again. */
  private static final long START_MILLIS = 500;

  private static final int TTL_PERIODS = 2;

  private final PartnerProfile profile;
  private final Mail mail;
  private final Validators validators;
  private final Map<NodeId, Standing> standings = new TreeMap<>();
  private PartnerState announced = PartnerState.PARTNER_STATE_ACTIVE;
  private Optional<BlockTime> changedAt = Optional.empty();
  private boolean isFull;
  private Hash lastStatus = Hash.ZERO;
  private long heartbeats;

  /**
   * A subscription at one validator.
   *
   * @param expiresSlot 0 until it is answered
   */
  private record Standing(Hash subId, BlockTime askedAt, boolean isAnswered, long expiresSlot) {}

  Presence(PartnerProfile profile, Mail mail, Validators validators) {
    this.profile = profile;
    this.mail = mail;
    this.validators = validators;
  }

  boolean isSignedOff() {
    return announced == PartnerState.PARTNER_STATE_SIGN_OFF;
  }

  void onStarted(BlockTime now, List<Effect> out) {
    beatLater(now, out);
  }

  void onPeerDown(NodeId peer) {
    standings.remove(peer);
  }

  /** Subscribes wherever it is due: at new validators, where no answer came, and to renew. */
  void refresh(BlockTime now, long freeUnits, List<Effect> out) {
    if (isSignedOff()) {
      return;
    }
    List<NodeId> due = validators.active().stream().filter(id -> isDue(now, id)).toList();
    if (!due.isEmpty()) {
      Envelope subscribe = subscribe(now, freeUnits);
      Hash subId = Envelopes.id(mail.chain().context(), subscribe);
      due.forEach(id -> standings.put(id, new Standing(subId, now, false, 0)));
      out.add(new Effect.Broadcast(due, subscribe));
      out.add(new Effect.SetTimer(TimerId.of(TIMER_SUBSCRIBE), now.plusMillis(ANSWER_MILLIS)));
    }
  }

  private boolean isDue(BlockTime now, NodeId validator) {
    Standing standing = standings.get(validator);
    if (standing == null) {
      return true;
    }
    if (!standing.isAnswered()) {
      return now.minus(standing.askedAt()) >= ANSWER_MILLIS;
    }
    long half = TTL_PERIODS * mail.chain().calendar().periodSlots() / 2;
    return mail.slotAt(now) + half > standing.expiresSlot()
        && now.minus(standing.askedAt()) >= half * mail.chain().rules().slotMillis();
  }

  private Envelope subscribe(BlockTime now, long freeUnits) {
    ContactRecord contact =
        ContactRecord.newBuilder()
            .setId(mail.self().toByteString())
            .addAllRoutes(profile.routes())
            .setSerial(profile.contactSerial())
            .build();
    long period = mail.chain().calendar().periodOf(mail.slotAt(now));
    return mail.sealed(
        now,
        Subscribe.newBuilder()
            .setFilter(profile.filter())
            .setCapacity(freeUnits)
            .setContact(Contacts.seal(mail.chain().context(), mail.identity(), period, contact))
            .setPriceFloor(profile.unitPrice())
            .setTtlSlots(TTL_PERIODS * mail.chain().calendar().periodSlots())
            .build());
  }

  /** A validator's answer, if it belongs to the newest question. */
  Optional<PartnerNotice> onReply(NodeId peer, SubscribeReply reply) {
    Standing standing = standings.get(peer);
    if (standing == null || !standing.subId().toByteString().equals(reply.getSubId())) {
      return Optional.empty();
    }
    boolean isOk = reply.getCode() == SubscribeCode.SUBSCRIBE_CODE_OK;
    long expires = isOk ? reply.getExpiresSlot() : 0; // a refused one is sent again next period
    standings.put(peer, new Standing(standing.subId(), standing.askedAt(), true, expires));
    return Optional.of(new PartnerNotice.Subscribed(peer, reply.getCode(), reply.getDetail()));
  }

  /**
   * A validator that forgot this partner says so when it shows a sign of life; one that is only
   * just starting (R3.1) is asked again soon.
   */
  void onReject(BlockTime now, NodeId peer, Reject reject, List<Effect> out) {
    Standing standing = standings.get(peer);
    if (reject.getCode() == RejectCode.REJECT_CODE_WRONG_STATE
        && lastStatus.toByteString().equals(reject.getRef())) {
      standings.remove(peer);
    } else if (reject.getCode() == RejectCode.REJECT_CODE_NOT_SYNCED
        && standing != null
        && standing.subId().toByteString().equals(reject.getRef())) {
      BlockTime asked = now.plusMillis(START_MILLIS - ANSWER_MILLIS);
      standings.put(peer, new Standing(standing.subId(), asked, false, 0));
      out.add(new Effect.SetTimer(TimerId.of(TIMER_SUBSCRIBE), now.plusMillis(START_MILLIS)));
    }
  }

  // --- states
  // -------------------------------------------------------------------------------------

  void onHeartbeat(BlockTime now, long freeUnits, List<Effect> out) {
    if (isSignedOff()) {
      return;
    }
    refresh(now, freeUnits, out);
    tell(now, out);
    beatLater(now, out);
  }

  /** R6.2: a change is announced at most once per pause. */
  void onCapacity(BlockTime now, boolean isNowFull, List<Effect> out) {
    isFull = isNowFull;
    PartnerState wanted =
        isFull ? PartnerState.PARTNER_STATE_AT_CAPACITY : PartnerState.PARTNER_STATE_ACTIVE;
    if (isSignedOff() || wanted == announced) {
      return;
    }
    long pause = mail.chain().rules().capacityCooldownMillis();
    BlockTime next = changedAt.map(at -> at.plusMillis(pause)).orElse(now);
    if (now.isBefore(next)) {
      out.add(new Effect.SetTimer(TimerId.of(TIMER_CAPACITY), next));
      return;
    }
    changedAt = Optional.of(now);
    announced = wanted;
    tell(now, out);
  }

  void signOff(BlockTime now, List<Effect> out) {
    announced = PartnerState.PARTNER_STATE_SIGN_OFF;
    standings.clear();
    tell(now, out);
  }

  private void tell(BlockTime now, List<Effect> out) {
    List<NodeId> active = new ArrayList<>(validators.active());
    if (active.isEmpty()) {
      return;
    }
    Envelope status = mail.sealed(now, PartnerStatus.newBuilder().setState(announced).build());
    lastStatus = Envelopes.id(mail.chain().context(), status);
    out.add(new Effect.Broadcast(active, status));
  }

  /** Every heartbeat ± 10 %, so that partners which started together do not stay together. */
  private void beatLater(BlockTime now, List<Effect> out) {
    RunRules rules = mail.chain().rules();
    Bytes count = Bytes.wrap(Hashes.u64(heartbeats++));
    int drawn = Hashes.tagged("heartbeat", mail.self().bytes(), count).bytes().at(0) & 0xff;
    long millis = rules.heartbeatMillis() * (90 + drawn % 21) / 100;
    out.add(new Effect.SetTimer(TimerId.of(TIMER_HEARTBEAT), now.plusMillis(millis)));
  }
}
