package org.undchain.sim.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.consensus.AgreementNotice;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Simulation;

/** Faults that wait for a moment of the protocol instead of a time. */
final class Triggers implements Observer {
  private static final int ANYBODY = 3;

  /** Until everybody has a POL, and until the one who forgot has heard of it. */
  private static final long POL_MILLIS = 1_000;

  private static final long FORGOTTEN_MILLIS = 4_000;

  private final Cluster cluster;
  private final Simulation simulation;
  private final NetworkFaults network;
  private final NodeFaults nodes;
  private final List<Fault> armed = new ArrayList<>();

  Triggers(Cluster cluster, NetworkFaults network, NodeFaults nodes) {
    this.cluster = cluster;
    this.simulation = cluster.simulation();
    this.network = network;
    this.nodes = nodes;
  }

  void arm(Fault fault) {
    armed.add(fault);
  }

  void disarm() {
    armed.clear();
  }

  @Override
  public void onDurable(NodeId node, LogRecord record) {
    switch (record.getRecordCase()) {
      case VOTE -> vote(node, record.getVote().getVote());
      case PROPOSAL -> moment(node, Moment.PROPOSAL_DURABLE);
      case LANE -> moment(node, Moment.LANE_DURABLE);
      case FREEZE -> moment(node, Moment.FREEZE_DURABLE);
      case CLOSED -> moment(node, Moment.SLOTS_CLOSED);
      case BLOCK -> moment(node, Moment.BLOCK_DURABLE);
      case PAYOUT -> moment(node, Moment.PAYOUT_DURABLE);
      case BEAT -> moment(node, Moment.BEAT_DURABLE);
      default -> {}
    }
  }

  private void vote(NodeId node, Envelope envelope) {
    if (!armed.isEmpty()) {
      Vote vote = Wording.vote(envelope).orElseThrow();
      boolean isPrevote = vote.getType() == VoteType.VOTE_TYPE_PREVOTE;
      if (isPrevote && vote.getRound() > 0 && !vote.getValue().isEmpty()) {
        forget(node, vote);
      }
      moment(node, isPrevote ? Moment.PREVOTE_DURABLE : Moment.PRECOMMIT_DURABLE);
    }
  }

  /**
   * A prevote reaches the others and their POL, while nobody decides; then its signer dies, its
   * disk loses the vote, and the POL brings it back (R4.41).
   */
  private void forget(NodeId node, Vote vote) {
    for (Fault fault : List.copyOf(armed)) {
      if (fault.kind() == FaultKind.VOTE_FORGOTTEN
          && cluster.validator(fault.victim()).equals(node)) {
        armed.remove(fault);
        int kept = placeOf(node, vote);
        soon(() ->
            network.censor(
                fault.number(), (from, to, message) -> decides(message, vote) || tells(message)));
        simulation.at(
            simulation.now().plusMillis(POL_MILLIS),
            () -> {
              if (!cluster.isCalm() && simulation.isRunning(node)) {
                nodes.forget(node, kept);
              }
            });
        simulation.at(
            simulation.now().plusMillis(FORGOTTEN_MILLIS),
            () -> {
              if (!cluster.isCalm()) {
                network.end(fault);
              }
            });
      }
    }
  }

  /** Number of records before the one of this vote. */
  private int placeOf(NodeId node, Vote vote) {
    List<LogRecord> records = simulation.disk(node).records();
    int place = records.size() - 1;
    while (place > 0
        && !Wording.vote(records.get(place).getVote().getVote()).equals(Optional.of(vote))) {
      place--;
    }
    return place;
  }

  private static boolean decides(Envelope message, Vote prevote) {
    return message.getType() == WireMessage.VOTE_FIELD_NUMBER
        && Wording.vote(message)
            .filter(vote ->
                vote.getHeight() == prevote.getHeight()
                    && vote.getType() == VoteType.VOTE_TYPE_PRECOMMIT)
            .isPresent();
  }

  @Override
  public void onNotice(NodeId node, BlockTime now, Notice notice) {
    switch (notice) {
      case ValidatorNotice.VoteBegan began -> moment(node, Moment.VOTE_BEGAN);
      case ValidatorNotice.Synced synced ->
          moment(node, synced.isSynced() ? Moment.SYNCED : Moment.BEHIND);
      case AgreementNotice.RoundEntered entered -> moment(node, Moment.ROUND_ENTERED);
      case AgreementNotice.Locked locked -> moment(node, Moment.LOCKED);
      case AgreementNotice.Decided decided -> {
        cut(node, decided);
        moment(node, Moment.DECIDED);
      }
      default -> {}
    }
  }

  private void moment(NodeId node, Moment moment) {
    if (armed.isEmpty()) {
      return;
    }
    for (Fault fault : List.copyOf(armed)) {
      boolean isVictim = cluster.validator(fault.victim()).equals(node);
      boolean isNow =
          switch (fault.kind()) {
            case DECIDER_CUT, VOTE_FORGOTTEN -> false;
            case LYING_SYNC -> isVictim && moment == Moment.PRECOMMIT_DURABLE;
            default -> fault.moment() == moment && (isVictim || fault.other() % ANYBODY == 0);
          };
      if (isNow) {
        armed.remove(fault);
        fire(fault, node);
      }
    }
  }

  /** Machines are in the middle of an event, so all but a doom waits until it is over. */
  private void fire(Fault fault, NodeId node) {
    switch (fault.kind()) {
      case DIES_BEFORE_SENDING -> {
        simulation.doom(node);
        soon(() -> nodes.startLater(node, fault.forMillis()));
      }
      case CRASH_AT -> soon(() -> nodes.crash(node, fault.forMillis()));
      case ISOLATED_AT -> {
        soon(() -> network.isolate(fault.number(), node));
        later(fault, () -> network.end(fault));
      }
      case LYING_SYNC -> soon(() -> nodes.begin(fault));
      case PAUSE_AT -> soon(() -> nodes.pause(node, fault.forMillis()));
      case STEP_AT -> {
        soon(
            () -> nodes.clock(node, fault.amount() * (fault.other() % 2 == 0 ? 4_000 : -4_000), 0));
        later(fault, () -> nodes.clock(node, 0, 0));
      }
      default -> throw new IllegalArgumentException("no trigger: " + fault.kind());
    }
  }

  /** The first decider is cut off, and what the others need to decide in its round is lost. */
  private void cut(NodeId decider, AgreementNotice.Decided decided) {
    for (Fault fault : List.copyOf(armed)) {
      if (fault.kind() == FaultKind.DECIDER_CUT) {
        armed.remove(fault);
        soon(() -> network.isolate(fault.number(), decider));
        network.censor(
            fault.number(), (from, to, message) -> isPrecommit(message, decided) || tells(message));
        later(fault, () -> network.end(fault));
      }
    }
  }

  private static boolean isPrecommit(Envelope message, AgreementNotice.Decided decided) {
    return message.getType() == WireMessage.VOTE_FIELD_NUMBER
        && Wording.vote(message)
            .filter(vote ->
                vote.getHeight() == decided.height()
                    && vote.getRound() == decided.round()
                    && vote.getType() == VoteType.VOTE_TYPE_PRECOMMIT)
            .isPresent();
  }

  private static boolean tells(Envelope message) {
    return message.getType() == WireMessage.GET_REPLY_FIELD_NUMBER;
  }

  private void soon(Runnable action) {
    simulation.at(
        simulation.now(),
        () -> {
          if (!cluster.isCalm()) {
            action.run();
          }
        });
  }

  private void later(Fault fault, Runnable action) {
    simulation.at(
        simulation.now().plusMillis(fault.forMillis()),
        () -> {
          if (!cluster.isCalm()) {
            action.run();
          }
        });
  }
}
