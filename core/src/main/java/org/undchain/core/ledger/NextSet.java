package org.undchain.core.ledger;

import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.SetCert;
import org.undchain.core.message.SetMember;
import org.undchain.core.message.ValidatorLeaf;
import org.undchain.core.value.NodeId;

/**
 * The validators of the next period (R10.9). Until rotation exists the set goes on as R9.4 says,
 * with the new period and the consensus keys and beat tips that the members announced in their
 * BEATs; who announced none keeps the old key and the old tip, whose chain begins anew.
 */
public final class NextSet {
  private NextSet() {}

  public static SetCert carriedOn(Chain chain, State state, ValidatorSet now) {
    long period = now.cert().getPeriod() + 1;
    SetCert.Builder next =
        SetCert.newBuilder()
            .setPeriod(period)
            .setFirstSlot(chain.calendar().firstSlotOf(period))
            .setEpoch(now.cert().getEpoch())
            .setPrevSetHash(now.hash().toByteString())
            .setKnownMax(now.cert().getKnownMax())
            .setFlags(now.cert().getFlags())
            .setRulesHash(now.cert().getRulesHash());
    now.cert().getMembersList().forEach(member -> next.addMembers(renewed(state, member)));
    now.cert().getReserveList().forEach(member -> next.addReserve(renewed(state, member)));
    return next.build();
  }

  private static SetMember renewed(State state, SetMember member) {
    return state
        .validator(NodeId.of(member.getId()))
        .filter(leaf -> !leaf.getNextConsensusKey().isEmpty() && !leaf.getNextBeatTip().isEmpty())
        .map(leaf -> announced(member, leaf))
        .orElse(member);
  }

  private static SetMember announced(SetMember member, ValidatorLeaf leaf) {
    return member.toBuilder()
        .setConsensusKey(leaf.getNextConsensusKey())
        .setBeatTip(leaf.getNextBeatTip())
        .build();
  }
}
