package org.undchain.sim.checker;

import org.undchain.core.message.LogRecord;
import org.undchain.core.message.SetCert;
import org.undchain.core.message.SetMember;
import org.undchain.core.message.ValidatorClass;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * S14 (I14): in every set that a payout names, the owner's validators are at most min(⌊0.44·n⌋, 2q
 * − n − 1), and the members are different.
 */
public final class SetChecker implements Observer {
  @Override
  public void onDurable(NodeId node, LogRecord record) {
    if (record.hasPayout()) {
      judge(record.getPayout().getNextSet());
    }
  }

  private static void judge(SetCert set) {
    int n = set.getMembersCount();
    long known =
        set.getMembersList().stream()
            .filter(it -> it.getValidatorClass() == ValidatorClass.VALIDATOR_CLASS_KNOWN)
            .count();
    long different = set.getMembersList().stream().map(SetMember::getId).distinct().count();
    int quorum = n - (n - 1) / 3;
    if (known > Math.min(44 * n / 100, 2 * quorum - n - 1) || different < n) {
      throw new Violation(
          "S14", "set of period " + set.getPeriod() + ": " + known + " of " + n + " known");
    }
  }
}
