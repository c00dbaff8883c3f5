package org.undchain.fuzz.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.agent.KnownSets;
import org.undchain.core.codec.Canonical;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.SetCert;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Town;

/**
 * Set certificates that members name: one member alone never moves anybody's trust, f + 1 move it
 * forward only (R10.9).
 */
public final class SetsDoor implements Door {
  private final Town town = Town.ofForgeable();
  private final ValidatorSet first =
      ValidatorSet.of(org.undchain.core.ledger.GenesisBlock.firstSet(town.chain())).orElseThrow();

  @Override
  public boolean enter(byte[] bytes) {
    Optional<SetCert> cert = Canonical.decode(SetCert.parser(), Bytes.wrap(bytes));
    if (cert.isEmpty()) {
      return false;
    }
    KnownSets sets = new KnownSets(first);
    List<NodeId> members = first.ids();
    boolean isMoved = sets.vouch(members.get(0), cert.get());
    isMoved |= sets.vouch(members.get(0), cert.get());
    Door.require(!isMoved && sets.newest().equals(first), "one member alone moved the trust");
    isMoved = sets.vouch(members.get(1), cert.get());
    ValidatorSet newest = sets.newest();
    Door.require(isMoved != newest.equals(first), "the trust moved without a word");
    if (isMoved) {
      long before = first.cert().getPeriod();
      Door.require(newest.cert().getPeriod() > before, "the trust went back");
      Door.require(newest.n() >= 1 && newest.n() <= 10, "a set of no size");
      Door.require(newest.quorum() > newest.n() / 2, "two quorums without a common member");
    }
    return isMoved;
  }

  @Override
  public List<byte[]> honest() {
    List<byte[]> honest = new ArrayList<>();
    for (LogRecord record : town.log(town.story().validator(0))) {
      if (record.hasPayout()) {
        honest.add(Canonical.encode(record.getPayout().getNextSet()).toByteArray());
      }
    }
    return honest;
  }
}
