package org.undchain.core.ledger;

import java.util.Optional;
import java.util.OptionalLong;
import org.undchain.core.evidence.Evidences;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.Alias;
import org.undchain.core.message.Beat;
import org.undchain.core.message.Cancel;
import org.undchain.core.message.Evidence;
import org.undchain.core.message.JobLeaf;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Request;
import org.undchain.core.message.SeatState;
import org.undchain.core.message.Transfer;
import org.undchain.core.message.UtilityClass;
import org.undchain.core.message.ValidatorLeaf;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.Grains;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Whether an entry may stand in the file of a slot (R4.14): judged against the state after the
 * parent block and by itself alone, so the union of valid files is a valid file (I4).
 */
public final class Eligibility {
  /** Nonces above the floor that may be used (section 5). */
  public static final int NONCE_WINDOW = 64;

  private static final long BOUNDARY_SLOTS = 16;
  private static final int SCORE_MAX = 88_800;

  /** The answer for every entry of a block once it is committed, so it is made once. */
  private static final Verdict NONCE_USED =
      Verdict.reject(
          RejectCode.REJECT_CODE_NONCE_USED,
          "an entry with this nonce of the account is committed");

  private Eligibility() {}

  public static Verdict check(Chain chain, State parent, OpenedEntry entry, long slot) {
    Verdict form = checkForm(chain, entry, slot);
    if (!form.isAccept()) {
      return form;
    }
    OptionalLong nonce = Windows.nonce(entry.body());
    if (nonce.isPresent()) {
      Verdict payer = checkPayer(chain, parent, entry.signer(), nonce.getAsLong());
      if (!payer.isAccept()) {
        return payer;
      }
    }
    return checkType(chain, parent, entry, slot);
  }

  private static Verdict checkForm(Chain chain, OpenedEntry entry, long slot) {
    RunRules rules = chain.rules();
    if (entry.bodyBytes() > rules.maxEntryBytes()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_TOO_LARGE,
          entry.bodyBytes() + " bytes, at most " + rules.maxEntryBytes());
    }
    long period = chain.calendar().periodOf(slot);
    boolean isNearBoundary = slot - chain.calendar().firstSlotOf(period) < BOUNDARY_SLOTS;
    long signedFor = entry.envelope().getPayPeriod();
    if (signedFor != period && !(isNearBoundary && signedFor == period - 1)) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_WRONG_PERIOD,
          "signed for period " + signedFor + ", now " + period);
    }
    Windows.Window window = Windows.of(entry.body());
    if (window.from() < 0
        || window.to() < window.from()
        || window.to() - window.from() > rules.validitySlots()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_WINDOW_TOO_LONG,
          "a window has at most " + rules.validitySlots() + " slots");
    }
    if (slot < window.from()) {
      return new Verdict.Later(window.from());
    }
    return slot <= window.to()
        ? Verdict.ACCEPT
        : Verdict.reject(
            RejectCode.REJECT_CODE_NOT_VALID_NOW, "valid to slot " + window.to() + ", now " + slot);
  }

  /** R4.14 e, f: the nonce is free and every lower one could pay the largest fee too. */
  private static Verdict checkPayer(Chain chain, State parent, NodeId signer, long nonce) {
    Optional<AccountLeaf> found = parent.account(signer);
    if (found.isEmpty()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NO_ACCOUNT,
          "the sender has no account: it needs a first transfer");
    }
    AccountLeaf account = found.get();
    long above = nonce - account.getNonceFloor();
    if (nonce <= 0 || above > NONCE_WINDOW) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NONCE_OUT_OF_WINDOW,
          "nonce "
              + nonce
              + ", free are "
              + (account.getNonceFloor() + 1)
              + " to "
              + (account.getNonceFloor() + NONCE_WINDOW));
    }
    if (above <= 0 || (account.getNonceBits() >>> (above - 1) & 1) == 1) {
      return NONCE_USED;
    }
    long needed = Math.multiplyExact(chain.rules().feeCap(), above);
    return account.getBalance() >= needed
        ? Verdict.ACCEPT
        : Verdict.reject(
            RejectCode.REJECT_CODE_NO_FUNDS,
            "fees need " + needed + " grains, the account has " + account.getBalance());
  }

  private static Verdict checkType(Chain chain, State parent, OpenedEntry entry, long slot) {
    return switch (entry.body().getEntryCase()) {
      case REQUEST -> request(chain, parent, entry.signer(), entry.body().getRequest(), slot);
      case CANCEL -> cancel(parent, entry.signer(), entry.body().getCancel());
      case TRANSFER -> transfer(entry.body().getTransfer());
      case ALIAS -> alias(entry.body().getAlias());
      case START -> SeatRules.start(chain, parent, entry, slot);
      case COMPLETE -> SeatRules.complete(chain, parent, entry, slot);
      case BEAT -> beat(chain, parent, entry.signer(), entry.body().getBeat(), slot);
      case EVIDENCE -> evidence(chain, parent, entry.signer(), entry.body().getEvidence());
      case ENTRY_NOT_SET -> throw new IllegalStateException("opened without a body");
    };
  }

  private static Verdict request(
      Chain chain, State parent, NodeId client, Request request, long slot) {
    UtilityClass utility = request.getUtility();
    if (utility == UtilityClass.UTILITY_CLASS_UNSPECIFIED || utility == UtilityClass.UNRECOGNIZED) {
      return Verdict.reject(RejectCode.REJECT_CODE_BAD_FIELD, "no such utility");
    }
    if (request.getSeats() < 1 || request.getSeats() > chain.rules().maxPartners()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_FIELD, "seats are 1 to " + chain.rules().maxPartners());
    }
    if (request.getMaxPerPartner() <= 0
        || request.getMaxPerPartner() >= Grains.LIMIT / (chain.rules().maxPartners() + 1)) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_AMOUNT, "maxPerPartner is " + request.getMaxPerPartner());
    }
    if (request.getStartBy() < slot) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_VALID_NOW, "startBy " + request.getStartBy() + " is over");
    }
    boolean isWellFormed =
        (request.getPayloadHash().isEmpty() || request.getPayloadHash().size() == Hash.SIZE)
            && request.getMinScore() >= 0
            && request.getMinScore() <= SCORE_MAX
            && request.getSizeClass() >= 0
            && request.getSizeClass() <= 64
            && isShortAscii(request.getRegionHint());
    if (!isWellFormed) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_BAD_FIELD, "payloadHash, minScore, sizeClass or regionHint");
    }
    return isActive(parent, client)
        ? Verdict.reject(RejectCode.REJECT_CODE_NOT_AUTHORISED, "an active validator is no client")
        : Verdict.ACCEPT;
  }

  private static Verdict cancel(State parent, NodeId signer, Cancel cancel) {
    if (cancel.getJobId().size() != Hash.SIZE) {
      return Verdict.reject(RejectCode.REJECT_CODE_BAD_FIELD, "jobId has 32 bytes");
    }
    Optional<JobLeaf> job = parent.job(Hash.of(cancel.getJobId()));
    if (job.isEmpty()) {
      return Verdict.reject(RejectCode.REJECT_CODE_UNKNOWN_JOB, "no open job of that id");
    }
    if (!job.get().getClient().equals(signer.toByteString())) {
      return Verdict.reject(RejectCode.REJECT_CODE_NOT_AUTHORISED, "only the client cancels");
    }
    boolean isStarted =
        parent.seats(job.get()).stream()
            .anyMatch(seat -> seat.getState() != SeatState.SEAT_STATE_CANCELLED);
    return job.get().getCancelled() || isStarted
        ? Verdict.reject(
            RejectCode.REJECT_CODE_WRONG_STATE, "a seat has started, or it is cancelled already")
        : Verdict.ACCEPT;
  }

  private static Verdict transfer(Transfer transfer) {
    if (transfer.getTo().size() != NodeId.SIZE) {
      return Verdict.reject(RejectCode.REJECT_CODE_BAD_FIELD, "to has 32 bytes");
    }
    return transfer.getAmount() > 0 && Grains.isAmount(transfer.getAmount())
        ? Verdict.ACCEPT
        : Verdict.reject(RejectCode.REJECT_CODE_BAD_AMOUNT, "an amount is 1 to 2^62 - 1 grains");
  }

  private static Verdict alias(Alias alias) {
    boolean isTarget = alias.getTarget().isEmpty() || alias.getTarget().size() == NodeId.SIZE;
    return isTarget && isAlias(alias.getAlias())
        ? Verdict.ACCEPT
        : Verdict.reject(
            RejectCode.REJECT_CODE_BAD_FIELD, "an alias is [a-z0-9-]{3,32}, its target 32 bytes");
  }

  private static Verdict beat(Chain chain, State parent, NodeId signer, Beat beat, long slot) {
    Optional<ValidatorLeaf> validator = parent.validator(signer).filter(ValidatorLeaf::getActive);
    if (validator.isEmpty()) {
      return Verdict.reject(RejectCode.REJECT_CODE_NOT_AUTHORISED, "only active validators beat");
    }
    if (chain.calendar().beatOf(slot) != beat.getBeat()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_VALID_NOW, "beat " + beat.getBeat() + " is not now");
    }
    if (beat.getBeat() < validator.get().getNextBeat()) {
      return Verdict.reject(RejectCode.REJECT_CODE_USED, "this beat is in");
    }
    boolean isWellFormed =
        beat.getReveal().size() == Hash.SIZE
            && isEmptyOr(beat.getNextConsensusKey().size())
            && isEmptyOr(beat.getNextBeatTip().size())
            && isEmptyOr(beat.getMatchRoot().size())
            && beat.getClockRowCount() <= 10;
    return isWellFormed && Beacons.isReveal(validator.get(), beat)
        ? Verdict.ACCEPT
        : Verdict.reject(
            RejectCode.REJECT_CODE_BAD_FIELD, "the reveal is no preimage of the chain");
  }

  private static Verdict evidence(Chain chain, State parent, NodeId signer, Evidence evidence) {
    if (parent.validator(signer).isEmpty()) {
      return Verdict.reject(
          RejectCode.REJECT_CODE_NOT_AUTHORISED, "evidence is handed in by validators");
    }
    if (parent.evidence(Evidences.keyOf(evidence)).isPresent()) {
      return Verdict.reject(RejectCode.REJECT_CODE_USED, "this breach is on chain");
    }
    boolean isProven =
        Offenders.of(chain, parent, evidence).isPresent()
            && Evidences.isProven(
                chain.context(), chain.signatures(), new PastState(chain, parent), evidence);
    return isProven
        ? Verdict.ACCEPT
        : Verdict.reject(
            RejectCode.REJECT_CODE_BAD_EVIDENCE,
            "E" + evidence.getCode() + " is not proven by its blobs");
  }

  static boolean isActive(State parent, NodeId id) {
    return parent.validator(id).filter(ValidatorLeaf::getActive).isPresent();
  }

  private static boolean isEmptyOr(int size) {
    return size == 0 || size == Hash.SIZE;
  }

  private static boolean isShortAscii(String text) {
    return text.length() <= 16 && text.chars().allMatch(c -> c > 32 && c < 127);
  }

  private static boolean isAlias(String alias) {
    return alias.length() >= 3
        && alias.length() <= 32
        && alias
            .chars()
            .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
  }

  /** Bytes of an entry whose fee its session escrow pays may not pass this (R4.14f). */
  static boolean isSessionSize(int bodyBytes) {
    return bodyBytes <= RunRules.SESSION_ENTRY_MAX;
  }
}
