package org.undchain.core.membership;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.SetCert;
import org.undchain.core.message.SetMember;
import org.undchain.core.message.ValidatorClass;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** The active validators of one period (R10.9), ascending by id; that order is the set order. */
public final class ValidatorSet {
  private final SetCert cert;
  private final Hash hash;
  private final List<Member> members;

  /** One active validator. */
  public record Member(NodeId id, NodeId consensusKey, boolean isKnown, Hash beatTip) {}

  private ValidatorSet(SetCert cert, List<Member> members) {
    this.cert = cert;
    this.hash = Hashes.sha256(Canonical.encode(cert));
    this.members = List.copyOf(members);
  }

  /**
   * The set a certificate names, or empty if its members are not 1 to 10, ascending and
   * well-formed.
   */
  public static Optional<ValidatorSet> of(SetCert cert) {
    int n = cert.getMembersCount();
    if (n < 1 || n > 10) {
      return Optional.empty();
    }
    List<Member> members = new ArrayList<>(n);
    for (SetMember member : cert.getMembersList()) {
      if (member.getId().size() != NodeId.SIZE
          || member.getConsensusKey().size() != NodeId.SIZE
          || member.getBeatTip().size() != Hash.SIZE) {
        return Optional.empty();
      }
      NodeId id = NodeId.of(member.getId());
      if (!members.isEmpty() && members.getLast().id().compareTo(id) >= 0) {
        return Optional.empty();
      }
      boolean isKnown = member.getValidatorClass() == ValidatorClass.VALIDATOR_CLASS_KNOWN;
      members.add(
          new Member(
              id, NodeId.of(member.getConsensusKey()), isKnown, Hash.of(member.getBeatTip())));
    }
    return Optional.of(new ValidatorSet(cert, members));
  }

  public SetCert cert() {
    return cert;
  }

  /** setHash of the headers. */
  public Hash hash() {
    return hash;
  }

  public List<Member> members() {
    return members;
  }

  public Member member(int index) {
    return members.get(index);
  }

  public List<NodeId> ids() {
    return members.stream().map(Member::id).toList();
  }

  public int n() {
    return members.size();
  }

  /** f: how many may be Byzantine. */
  public int faulty() {
    return RunRules.faulty(n());
  }

  /** q = n − f. */
  public int quorum() {
    return RunRules.quorum(n());
  }

  public int knownCount() {
    return (int) members.stream().filter(Member::isKnown).count();
  }

  /** Whether the identity is a member chosen by the owner. */
  public boolean isKnown(NodeId id) {
    int index = indexOf(id);
    return index >= 0 && members.get(index).isKnown();
  }

  /** Place of an identity in the set order, −1 if it is no member. */
  public int indexOf(NodeId id) {
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).id().equals(id)) {
        return i;
      }
    }
    return -1;
  }

  public boolean contains(NodeId id) {
    return indexOf(id) >= 0;
  }

  /** Place of the member that signs votes with this key, −1 if there is none. */
  public int indexOfConsensusKey(NodeId key) {
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).consensusKey().equals(key)) {
        return i;
      }
    }
    return -1;
  }

  /** All members but this one, in set order. */
  public List<NodeId> others(NodeId self) {
    List<NodeId> others = new ArrayList<>(members.size());
    for (Member member : members) {
      if (!member.id().equals(self)) {
        others.add(member.id());
      }
    }
    return List.copyOf(others);
  }

  /** Stamps a client holds before it stops sending (section 4.2). */
  public int confirmStamps() {
    return RunRules.confirmStamps(n());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ValidatorSet set && hash.equals(set.hash);
  }

  @Override
  public int hashCode() {
    return hash.hashCode();
  }

  /**
   * R6.3: whether f + 1 members are among the witnesses, one of each class where the set has both:
   * neither the owner's validators nor the strangers prove a result alone. A quorum, which is what
   * decides a block, proves it too; else few known ones that are down would stop everybody.
   */
  public boolean isResultProof(Collection<NodeId> witnesses) {
    return isAgreed(witnesses, faulty() + 1);
  }

  /**
   * Section 4.2: whether so many members stamped an entry that the client stops sending, one of
   * each class where the set has both; a quorum is enough here, too.
   */
  public boolean isPromise(Collection<NodeId> stampers) {
    return isAgreed(stampers, confirmStamps());
  }

  private boolean isAgreed(Collection<NodeId> witnesses, int needed) {
    int count = 0;
    int known = 0;
    int knownOfAll = 0;
    for (Member member : members) {
      boolean isWitness = witnesses.contains(member.id());
      count += isWitness ? 1 : 0;
      known += isWitness && member.isKnown() ? 1 : 0;
      knownOfAll += member.isKnown() ? 1 : 0;
    }
    boolean hasKnown = known > 0 || knownOfAll == 0;
    boolean hasUnknown = known < count || knownOfAll == n();
    return count >= quorum() || (count >= needed && hasKnown && hasUnknown);
  }
}
