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
 * What proven breaches cost at once (section 9): jail, half of the bond burnt, a severe fault. The
 * score itself moves only at the payout, by the score table.
 */
final class Penalties {
  private static final long JAIL_LONG_PERIODS = 84;

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
      burnHalfBond(draft, offender);
    }
    return EntryResult.ENTRY_RESULT_OK;
  }

  /** E4 jails from the third in a period on; the others at once. */
  private static void count(Draft draft, ValidatorLeaf validator, Header header, int code) {
    int found = validator.getEvidenceCount() + 1;
    boolean isJailed = code != Evidences.BROKEN_PROMISE || found >= 3;
    ValidatorLeaf.Builder after = validator.toBuilder().setEvidenceCount(found);
    if (isJailed) {
      after.setJailed(true).setJailedUntilPeriod(header.getPeriod() + JAIL_LONG_PERIODS);
    }
    draft.put(after.build());
  }

  private static void burnHalfBond(Draft draft, NodeId offender) {
    Optional<AccountLeaf> found = draft.account(offender);
    if (found.isEmpty()) {
      return;
    }
    AccountLeaf account = found.get();
    long burnt = account.getBond() / 2;
    draft.put(
        account.toBuilder()
            .setBond(account.getBond() - burnt)
            .setSevereFaults(account.getSevereFaults() + 1)
            .build());
    ParamsLeaf params = draft.view().params();
    draft.put(params.toBuilder().setBurnt(Math.addExact(params.getBurnt(), burnt)).build());
  }
}
