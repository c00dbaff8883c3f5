package org.undchain.sim.chaos;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.consensus.AgreementNotice;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Header;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Proposal;
import org.undchain.core.message.Recon;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Caller;
import org.undchain.sim.Observer;

/** Notes which marks a run reaches, from outside: wire, disk and notices. */
final class Marks implements Observer {
  private final Set<Mark> hit = EnumSet.noneOf(Mark.class);
  private final Map<NodeId, Long> voted = new TreeMap<>();
  private final Cluster cluster;

  Marks(Cluster cluster) {
    this.cluster = cluster;
  }

  Set<Mark> hit() {
    return hit;
  }

  @Override
  public void onSaid(NodeId from, Envelope message) {
    if (cluster.traitors().contains(from)) {
      return;
    }
    switch (message.getType()) {
      case WireMessage.VOTE_FIELD_NUMBER ->
          Wording.vote(message).ifPresent(vote -> look(from, vote));
      case WireMessage.PROPOSAL_FIELD_NUMBER -> {
        if (message.getKind() == EnvelopeKind.ENVELOPE_KIND_MESSAGE_VALUE) {
          Wording.read(Proposal.parser(), message)
              .ifPresent(it ->
                  hit.add(
                      it.getPolRoundPlusOne() > 0 ? Mark.PROPOSED_WITH_POL : Mark.PROPOSED_UNION));
        }
      }
      case WireMessage.RECON_FIELD_NUMBER -> {
        if (message.getKind() == EnvelopeKind.ENVELOPE_KIND_MESSAGE_VALUE) {
          Wording.read(Recon.parser(), message).ifPresent(this::look);
        }
      }
      case WireMessage.GET_FIELD_NUMBER -> hit.add(Mark.CATCHING_UP);
      default -> {}
    }
  }

  private void look(NodeId from, Vote vote) {
    boolean isPrevote = vote.getType() == VoteType.VOTE_TYPE_PREVOTE;
    if (vote.getValue().isEmpty()) {
      hit.add(isPrevote ? Mark.PREVOTED_NIL : Mark.PRECOMMITTED_NIL);
    } else if (isPrevote && vote.getPolRoundPlusOne() > 0) {
      hit.add(Mark.PREVOTED_BY_POL);
    } else if (isPrevote && vote.getRound() > 0) {
      hit.add(Mark.PREVOTED_IN_A_LATER_ROUND);
    } else if (!isPrevote && vote.getRound() > 0) {
      hit.add(Mark.PRECOMMITTED_IN_A_LATER_ROUND);
    }
    voted.put(from, vote.getHeight());
  }

  private void look(Recon recon) {
    switch (recon.getPartCase()) {
      case CURSORS -> hit.add(Mark.CURSORS);
      case SKETCH -> hit.add(Mark.SKETCH);
      case FETCH -> hit.add(Mark.FETCH);
      case DATA -> hit.add(Mark.DATA);
      case INSIST -> hit.add(Mark.INSIST);
      default -> {}
    }
  }

  @Override
  public void onDurable(NodeId node, LogRecord record) {
    switch (record.getRecordCase()) {
      case CLOSED -> hit.add(record.getClosed().getNoVotes() ? Mark.AMNESIA : Mark.SLOTS_CLOSED);
      case BEAT -> hit.add(Mark.BEAT);
      case PAYOUT -> hit.add(Mark.PAYOUT);
      case BLOCK -> look(record.getBlock().getHead().getHeader());
      default -> {}
    }
  }

  private void look(Header header) {
    if (header.getKind() == BlockKind.BLOCK_KIND_NORMAL
        && header.getNextSlot() > header.getSlot() + 1) {
      hit.add(Mark.SLOTS_SKIPPED);
    }
  }

  @Override
  public void onNotice(NodeId node, BlockTime now, Notice notice) {
    switch (notice) {
      case ValidatorNotice.Began began -> {
        if (began.height() > 0) {
          hit.add(
              voted.getOrDefault(node, 0L) > began.height()
                  ? Mark.RESTARTED_IN_A_VOTE
                  : Mark.RESTARTED);
        }
      }
      case ValidatorNotice.VoteBegan began ->
          hit.add(began.isEarly() ? Mark.EARLY_EXIT : Mark.VOTE_AT_R0);
      case ValidatorNotice.Synced synced ->
          hit.add(synced.isSynced() ? Mark.SYNCED : Mark.FELL_BEHIND);
      case ValidatorNotice.BreachFound breach -> Mark.ofBreach(breach.code()).ifPresent(hit::add);
      case ValidatorNotice.BlockCommitted block ->
          block.block().results().forEach(it -> Mark.ofResult(it.result()).ifPresent(hit::add));
      case AgreementNotice.RoundEntered entered -> {
        if (entered.round() > 0) {
          hit.add(entered.round() > 3 ? Mark.ROUND_4 : Mark.ROUND_1);
        }
      }
      case AgreementNotice.Locked locked -> hit.add(Mark.LOCKED);
      case AgreementNotice.Decided decided ->
          hit.add(decided.round() == 0 ? Mark.DECIDED_IN_ROUND_0 : Mark.DECIDED_LATER);
      case AgreementNotice.StrangeOwnVote strange -> hit.add(Mark.STRANGE_OWN_VOTE);
      case ClientNotice.SeatOpened opened -> hit.add(Mark.OFFER_TAKEN);
      case ClientNotice.SeatStarted started -> hit.add(Mark.SEAT_STARTED);
      case ClientNotice.ReceiptSigned signed -> hit.add(Mark.RECEIPT_SIGNED);
      case ClientNotice.SeatCompleted completed -> hit.add(Mark.SEAT_COMPLETED);
      case ClientNotice.SeatFailed failed -> hit.add(Mark.SEAT_FAILED);
      case Caller.Answer answer -> {
        if (answer.body().hasReject()) {
          Mark.ofReject(answer.body().getReject().getCode()).ifPresent(hit::add);
        } else {
          hit.add(answer.body().hasAck() ? Mark.ACK : Mark.STATUS);
        }
      }
      default -> {}
    }
  }
}
