package org.undchain.sim;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Machine;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Header;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Proposal;
import org.undchain.core.message.Recon;
import org.undchain.core.message.ReconData;
import org.undchain.core.message.ReconFetch;
import org.undchain.core.message.Vote;
import org.undchain.core.message.VoteType;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * A validator that lies: an honest machine inside, whose words are changed on their way out with
 * its own keys. So everything it does not lie about is what a real validator does.
 */
public final class Traitor implements Machine {
  private final Machine honest;
  private final Chain chain;
  private final NamedKeys keys;
  private final Lie lie;
  private final List<ReconData> forged = new ArrayList<>();
  private final TreeMap<Bytes, List<Vote>> told = new TreeMap<>();

  /** What is said instead of the truth. */
  public interface Lie {
    /** Votes that leave instead of an honest one. */
    default List<Vote> instead(Traitor liar, BlockTime now, Vote vote) {
      return List.of(vote);
    }

    /** Messages that leave beside an honest one that is no vote. */
    default List<Envelope> beside(Traitor liar, WireMessage message, Envelope envelope) {
      return List.of();
    }
  }

  public Traitor(Machine honest, Chain chain, NamedKeys keys, Lie lie) {
    this.honest = honest;
    this.chain = chain;
    this.keys = keys;
    this.lie = lie;
  }

  @Override
  public List<Effect> on(BlockTime now, Event event) {
    Optional<ReconData> asked = askedFor(event);
    if (asked.isPresent() && event instanceof Event.MessageIn(NodeId peer, Opened question)) {
      long slot = asked.get().getHeader().getSlot();
      Recon answer = Recon.newBuilder().setSlot(slot).setData(asked.get()).build();
      long period = question.envelope().getPayPeriod();
      return List.of(new Effect.Send(peer, unsigned(period, answer)));
    }
    List<Effect> out = new ArrayList<>();
    for (Effect effect : honest.on(now, event)) {
      switch (effect) {
        case Effect.Send(NodeId to, Envelope envelope) ->
            said(now, envelope).forEach(word -> out.add(new Effect.Send(to, word)));
        case Effect.Broadcast(List<NodeId> to, Envelope envelope) ->
            said(now, envelope).forEach(word -> out.add(new Effect.Broadcast(to, word)));
        default -> out.add(effect);
      }
    }
    return out;
  }

  // ------------------------------------------------------- what a lie is made of

  public Chain chain() {
    return chain;
  }

  /** The header and ids the honest machine voted for; empty if it has moved on since. */
  public Optional<ReconData> truth(BlockTime now, Vote vote) {
    ReconFetch fetch = ReconFetch.newBuilder().setHeaderHash(vote.getValue()).build();
    Recon recon = Recon.newBuilder().setSlot(vote.getSlot()).setFetch(fetch).build();
    long period = chain.calendar().periodOf(vote.getSlot());
    NodeId other = NodeId.of(chain.genesis().getValidators(0).getId());
    Envelope envelope =
        Envelopes.unsigned(chain.context(), other, WireMessage.RECON_FIELD_NUMBER, period, recon);
    Opened opened =
        Envelopes.open(chain.context(), chain.signatures(), envelope).good().orElseThrow();
    return honest.on(now, new Event.MessageIn(other, opened)).stream()
        .filter(Effect.Send.class::isInstance)
        .map(effect -> body(((Effect.Send) effect).message()))
        .filter(body -> body.getRecon().getData().hasHeader())
        .map(body -> body.getRecon().getData())
        .findFirst();
  }

  /** Makes up a file; whoever asks for it by its hash will get it. */
  public Hash forge(Header.Builder header, List<Hash> ids, List<Envelope> contents) {
    RadixTree<Boolean> tree = RadixTree.empty();
    ReconData.Builder data = ReconData.newBuilder().addAllContents(contents);
    for (Hash id : ids.stream().sorted().toList()) {
      tree = tree.withMember(id, true);
      data.addIds(id.toByteString());
    }
    header.setEntriesRoot(tree.root().toByteString()).setEntryCount(ids.size());
    data.setHeader(header);
    forged.add(data.build());
    return Hashes.sha256(Canonical.encode(header.build()));
  }

  /** Whether one of the own keys signed this; a liar passes on what others said, too. */
  public boolean isOwn(Envelope envelope) {
    return keys.consensus(NodeId.of(envelope.getSigner())).isPresent();
  }

  /** Signs with the consensus key of the original's signer. */
  public Envelope reseal(Envelope original, Message body) {
    return Envelopes.seal(
        chain.context(),
        keys.consensus(NodeId.of(original.getSigner())).orElseThrow(),
        EnvelopeKind.forNumber(original.getKind()),
        original.getType(),
        original.getPayPeriod(),
        body);
  }

  /** A message under no signature, as batches and answers travel. */
  public Envelope unsigned(long period, Message message) {
    NodeId self = keys.identity().id();
    return Envelopes.unsigned(
        chain.context(), self, Envelopes.messageType(message), period, message);
  }

  // --------------------------------------------------------------------------

  private Optional<ReconData> askedFor(Event event) {
    return event instanceof Event.MessageIn(NodeId peer, Opened message)
            && message.body().getRecon().hasFetch()
        ? forged.stream()
            .filter(data ->
                Hashes.sha256(Canonical.encode(data.getHeader()))
                    .toByteString()
                    .equals(message.body().getRecon().getFetch().getHeaderHash()))
            .findFirst()
        : Optional.empty();
  }

  private List<Envelope> said(BlockTime now, Envelope envelope) {
    WireMessage body = body(envelope);
    List<Envelope> words = new ArrayList<>();
    if (body.hasVote()) {
      List<Vote> votes =
          told.computeIfAbsent(
              Canonical.encode(body.getVote()), first -> lie.instead(this, now, body.getVote()));
      votes.forEach(
          vote -> words.add(vote.equals(body.getVote()) ? envelope : reseal(envelope, vote)));
    } else if (!isGivenAwayBy(body)) {
      words.add(envelope);
      words.addAll(lie.beside(this, body, envelope));
    }
    return words;
  }

  /** A POL with the honest vote in it, where another one was cast instead. */
  private boolean isGivenAwayBy(WireMessage message) {
    return message.hasCert()
        && message.getCert().getType() == VoteType.VOTE_TYPE_PREVOTE
        && told.values().stream()
            .flatMap(List::stream)
            .noneMatch(vote ->
                vote.getHeight() == message.getCert().getHeight()
                    && vote.getRound() == message.getCert().getRound()
                    && vote.getValue().equals(message.getCert().getValue()));
  }

  private WireMessage body(Envelope envelope) {
    return Envelopes.open(chain.context(), chain.signatures(), envelope)
        .good()
        .map(Opened::body)
        .orElse(WireMessage.getDefaultInstance());
  }

  /** A second proposal for the place of another. */
  public static Proposal variant(Proposal proposal) {
    return proposal.toBuilder().setHeader(proposal.getHeader().toBuilder().setVersion(9)).build();
  }
}
