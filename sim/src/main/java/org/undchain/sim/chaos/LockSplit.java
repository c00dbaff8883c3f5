package org.undchain.sim.chaos;

import java.util.Optional;
import org.undchain.core.consensus.AgreementNotice;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Recon;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.rules.Calendar;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Chronicle;
import org.undchain.sim.Observer;

/**
 * The schedule under which validators without locks fork (T1 of section 20): the proposer of round
 * 1 votes for a file of its own while all others vote for another; one of these decides and is
 * never heard of it; the proposer does not hear of their POL either and proposes its own file.
 */
final class LockSplit implements Observer {
  private static final long BEFORE_CUTOFF_MILLIS = 500;
  private static final long LEAST_MILLIS = 6_000;

  private final Cluster cluster;
  private final NetworkFaults network;
  private final Workload workload;
  private final Chronicle chronicle;
  private Optional<Split> current = Optional.empty();

  /** What is under way, and whether the proposer has frozen its file and the decider decided. */
  private record Split(
      long height, NodeId proposer, NodeId decider, boolean isFrozen, boolean isDecided) {
    Split frozen() {
      return new Split(height, proposer, decider, true, isDecided);
    }

    Split decided() {
      return new Split(height, proposer, decider, isFrozen, true);
    }
  }

  LockSplit(Cluster cluster, NetworkFaults network, Workload workload, Chronicle chronicle) {
    this.cluster = cluster;
    this.network = network;
    this.workload = workload;
    this.chronicle = chronicle;
  }

  /** Waits for the end of the next slot. */
  void arm(Fault fault) {
    Calendar calendar = cluster.chain().calendar();
    long slot = calendar.slotAt(cluster.simulation().now()) + 1;
    BlockTime begin = calendar.cutoffOf(slot).plusMillis(-BEFORE_CUTOFF_MILLIS);
    cluster.simulation().at(begin, () -> begin(fault, slot));
  }

  private void begin(Fault fault, long slot) {
    int n = cluster.validators().size();
    boolean isEnoughWithoutTwo = n - 2 >= Swarm.quorum(n);
    if (cluster.isCalm()
        || current.isPresent()
        || chronicle.slot() != slot - 1
        || isEnoughWithoutTwo) {
      return;
    }
    long height = chronicle.height() + 1;
    NodeId proposer = cluster.validator((int) ((height + 1) % n));
    NodeId decider = cluster.validator((int) ((height + 2) % n));
    current = Optional.of(new Split(height, proposer, decider, false, false));
    network.censor(fault.number(), this::takes);
    workload.alone(proposer);
    cluster
        .simulation()
        .at(
            cluster.simulation().now().plusMillis(Math.max(LEAST_MILLIS, fault.forMillis())),
            () -> end(fault));
  }

  private void end(Fault fault) {
    current = Optional.empty();
    if (!cluster.isCalm()) {
      network.end(fault);
    }
  }

  @Override
  public void onNotice(NodeId node, BlockTime now, Notice notice) {
    current = current.map(split -> next(split, node, notice));
  }

  private static Split next(Split split, NodeId node, Notice notice) {
    return switch (notice) {
      case ValidatorNotice.VoteBegan began
          when began.height() == split.height() && node.equals(split.proposer()) ->
          split.frozen();
      case AgreementNotice.Decided decided
          when decided.height() == split.height() && node.equals(split.decider()) ->
          split.decided();
      default -> split;
    };
  }

  private boolean takes(NodeId from, NodeId to, Envelope message) {
    return current
        .filter(split ->
            cluster.validators().contains(from)
                && cluster.validators().contains(to)
                && takes(split, from, to, message))
        .isPresent();
  }

  private static boolean takes(Split split, NodeId from, NodeId to, Envelope message) {
    boolean isToProposer = to.equals(split.proposer());
    boolean isFromDecider = from.equals(split.decider());
    if (!split.isFrozen() && (from.equals(split.proposer()) || isToProposer)
        || split.isDecided() && isFromDecider) {
      return true;
    }
    return switch (message.getType()) {
      case WireMessage.VOTE_FIELD_NUMBER -> isFromDecider && (isToProposer || isPrecommit(message));
      case WireMessage.CERT_FIELD_NUMBER -> isToProposer;
      case WireMessage.RECON_FIELD_NUMBER ->
          isToProposer && Wording.read(Recon.parser(), message).filter(Recon::hasPol).isPresent();
      default -> false;
    };
  }

  private static boolean isPrecommit(Envelope message) {
    return Wording.vote(message)
        .filter(vote -> vote.getType() == VoteType.VOTE_TYPE_PRECOMMIT)
        .isPresent();
  }
}
