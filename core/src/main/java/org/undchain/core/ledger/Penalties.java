package org.undchain.core.ledger;

import java.util.Optional;
import org.undchain.core.evidence.Evidences;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Evidence;
import org.undchain.core.message.EvidenceLeaf;
import org.undchain.core.message.Header;
import org.undchain.core.message.ParamsLeaf;
import org.undchain.core.message.ValidatorLeaf;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/**
 * What proven breaches cost at once (section 9): E1, E2, E3 and E6 84 periods of jail, half of the
 * bond burnt and a severe fault, E5 6 periods and a severe fault, the third E4 in a period 6
 * periods. The score itself moves only at the payout, by the score table.
 */
final class Penalties {
  private static final long JAIL_PERIODS = 6;
  private static final long JAIL_LONG_PERIODS = 84;
  private static final int BROKEN_PROMISES_MAX = 2;

  private Penalties() {}

  static EntryResult execute(Chain chain, Draft draft, Header header, Evidence evidence) {
    Bytes key = Evidences.keyOf(evidence);
    if (draft.view().evidence(key).isPresent()) {
      return EntryResult.ENTRY_RESULT_DUPLICATE;
    }
    NodeId offender = Offenders.of(chain, draft.view(), evidence).orElseThrow();
    draft.put(
        EvidenceLeaf.newBuilder()
            .setEvidenceKey(key.toByteString())
            .setCode(evidence.getCode())
            .setOffender(offender.toByteString())
            .setHeight(header.getHeight())
            .build());
    draft
        .view()
        .validator(offender)
        .ifPresent(validator -> count(draft, validator, header, evidence.getCode()));
    if (evidence.getCode() != Evidences.BROKEN_PROMISE) {
      punish(draft, offender, evidence.getCode() != Evidences.INVALID_VOTE);
    }
    return EntryResult.ENTRY_RESULT_OK;
  }

  private static void count(Draft draft, ValidatorLeaf validator, Header header, int code) {
    int found = validator.getEvidenceCount() + 1;
    long periods = jailPeriods(code, found);
    ValidatorLeaf.Builder after = validator.toBuilder().setEvidenceCount(found);
    if (periods > 0) {
      long until = Math.max(header.getPeriod() + periods, validator.getJailedUntilPeriod());
      after.setJailed(true).setJailedUntilPeriod(until);
    }
    draft.put(after.build());
  }

  /** E4 jails from the third in a period on; the others at once. */
  private static long jailPeriods(int code, int foundThisPeriod) {
    return switch (code) {
      case Evidences.BROKEN_PROMISE -> foundThisPeriod > BROKEN_PROMISES_MAX ? JAIL_PERIODS : 0;
      case Evidences.INVALID_VOTE -> JAIL_PERIODS;
      default -> JAIL_LONG_PERIODS;
    };
  }

  private static void punish(Draft draft, NodeId offender, boolean isBondLost) {
    Optional<AccountLeaf> found = draft.account(offender);
    if (found.isEmpty()) {
      return;
    }
    AccountLeaf account = found.get();
    long burnt = isBondLost ? account.getBond() / 2 : 0;
    draft.put(
        account.toBuilder()
            .setBond(account.getBond() - burnt)
            .setSevereFaults(account.getSevereFaults() + 1)
            .build());
    ParamsLeaf params = draft.view().params();
    draft.put(params.toBuilder().setBurnt(Math.addExact(params.getBurnt(), burnt)).build());
  }
}
