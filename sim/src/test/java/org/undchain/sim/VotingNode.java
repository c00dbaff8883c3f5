package org.undchain.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.undchain.core.consensus.Agreement;
import org.undchain.core.consensus.Decision;
import org.undchain.core.consensus.JobFileView.Candidate;
import org.undchain.core.consensus.Restored;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Machine;
import org.undchain.core.machine.TimerId;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Block;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Header;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Recon;
import org.undchain.core.message.ReconData;
import org.undchain.core.message.SignedHeader;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * A validator that does nothing but vote: the real {@link Agreement} height after height, with job
 * files drawn by lot that differ between the nodes.
 */
final class VotingNode implements Machine {
  private static final long REPEAT_MILLIS = 500;

  private final Chain chain;
  private final ValidatorSet set;
  private final Signer signer;
  private final Lots lots;
  private final Map<Long, SignedHeader> heads = new TreeMap<>();
  private final Map<Hash, Candidate> decided = new TreeMap<>();
  private final Map<NodeId, BlockTime> helped = new TreeMap<>();
  private final List<LogRecord> recovered;
  private Hash tip;
  private long height = 1;
  private Agreement agreement;

  /** Which ids a node has in its file of a height. */
  interface Lots {
    List<Hash> ids(NodeId node, long height);
  }

  VotingNode(Chain chain, ValidatorSet set, Signer signer, Lots lots, List<LogRecord> recovered) {
    this.chain = chain;
    this.set = set;
    this.signer = signer;
    this.lots = lots;
    this.recovered = recovered;
    this.tip = chain.context().chainId();
    for (LogRecord record : recovered) {
      if (record.hasBlock()) {
        remember(record.getBlock());
        take(record.getBlock().getHead());
      }
    }
    this.agreement = newAgreement();
  }

  private Agreement newAgreement() {
    return new Agreement(
        new Agreement.Terms(
            chain.context(),
            chain.signatures(),
            set,
            signer.id(),
            signer,
            chain.rules(),
            0,
            0,
            height,
            height - 1,
            BlockKind.BLOCK_KIND_NORMAL,
            false),
        new VotingFiles(height, tip, lots.ids(signer.id(), height)),
        member -> false,
        Restored.of(0, height, recovered));
  }

  /** Who lags behind is helped with it, also by one that died in between; an entry is its id. */
  private void remember(Block block) {
    Header header = block.getHead().getHeader();
    List<Hash> ids =
        block.getEntriesList().stream().map(entry -> Hash.of(entry.getBody())).toList();
    decided.put(VotingFiles.valueOf(header), new Candidate(header, ids));
  }

  private void take(SignedHeader head) {
    heads.put(head.getHeader().getHeight(), head);
    tip = VotingFiles.valueOf(head.getHeader());
    height = head.getHeader().getHeight() + 1;
  }

  @Override
  public List<Effect> on(BlockTime now, Event event) {
    List<Effect> out = new ArrayList<>();
    switch (event) {
      case Event.Started() -> wake(now, out);
      case Event.TimerFired(TimerId id) -> {
        if (Agreement.isTimer(id)) {
          agreement.onTimer(now, id, out);
        } else if (id.first() == height) {
          agreement.start(now, out);
        }
      }
      case Event.MessageIn(NodeId peer, Opened message) -> onMessage(now, peer, message, out);
      case Event.PeerUp up -> {}
      case Event.PeerDown down -> {}
      case Event.CommandIn(var what) -> throw new IllegalArgumentException("" + what);
    }
    settle(now, out);
    return out;
  }

  private void wake(BlockTime now, List<Effect> out) {
    BlockTime due = chain.calendar().startOf(height);
    if (now.isBefore(due)) {
      out.add(new Effect.SetTimer(TimerId.of("start", height), due));
    } else {
      agreement.start(now, out);
    }
  }

  private void onMessage(BlockTime now, NodeId peer, Opened message, List<Effect> out) {
    WireMessage body = message.body();
    switch (body.getMessageCase()) {
      case VOTE -> {
        help(now, peer, body.getVote().getHeight(), out);
        agreement.onVote(now, message, out);
      }
      case PROPOSAL -> agreement.onProposal(now, peer, message, out);
      case CERT -> agreement.onCert(now, peer, body.getCert(), out);
      case RECON -> onRecon(now, peer, body.getRecon(), out);
      default -> {}
    }
  }

  private void onRecon(BlockTime now, NodeId peer, Recon recon, List<Effect> out) {
    if (recon.hasFetch() && recon.getSlot() + 1 < height) {
      Hash value = Hash.of(recon.getFetch().getHeaderHash());
      if (decided.containsKey(value)) {
        ReconData.Builder data = ReconData.newBuilder().setHeader(decided.get(value).header());
        decided.get(value).ids().forEach(id -> data.addIds(id.toByteString()));
        send(peer, recon.toBuilder().setData(data).build(), out);
      }
    } else if (recon.getSlot() + 1 == height) {
      switch (recon.getPartCase()) {
        case FETCH -> agreement.onFetch(now, peer, recon.getFetch(), out);
        case DATA -> agreement.onData(now, peer, recon.getData(), out);
        case INSIST -> agreement.onInsist(now, peer, recon.getInsist(), out);
        default -> {}
      }
    }
  }

  /** R4.28: who speaks of a decided height gets its certificate. */
  private void help(BlockTime now, NodeId peer, long spokenOf, List<Effect> out) {
    BlockTime last = helped.get(peer);
    if (heads.containsKey(spokenOf) && (last == null || now.minus(last) >= REPEAT_MILLIS)) {
      helped.put(peer, now);
      out.add(new Effect.Send(peer, unsigned(heads.get(spokenOf).getQc())));
    }
  }

  private void settle(BlockTime now, List<Effect> out) {
    if (agreement.isLeftBehind()) {
      agreement.start(now, out);
    }
    while (agreement.decision().isPresent()) {
      Decision decision = agreement.decision().get();
      Cert qc = decision.qc();
      SignedHeader head =
          SignedHeader.newBuilder().setHeader(decision.candidate().header()).setQc(qc).build();
      Block.Builder block = Block.newBuilder().setHead(head);
      decision
          .candidate()
          .ids()
          .forEach(id -> block.addEntries(Envelope.newBuilder().setBody(id.toByteString())));
      out.add(new Effect.Persist(LogRecord.newBuilder().setBlock(block).build()));
      remember(block.build());
      take(head);
      agreement = newAgreement();
      wake(now, out);
    }
  }

  private void send(NodeId to, Recon recon, List<Effect> out) {
    out.add(new Effect.Send(to, unsigned(recon)));
  }

  private Envelope unsigned(com.google.protobuf.Message body) {
    return Envelopes.unsigned(chain.context(), signer.id(), Envelopes.messageType(body), 0, body);
  }

  static Hash id(String name) {
    return Hashes.tagged(name, Bytes.EMPTY);
  }
}
