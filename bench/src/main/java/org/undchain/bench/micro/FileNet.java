package org.undchain.bench.micro;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import org.undchain.core.crypto.Signer;
import org.undchain.core.job.OpenFiles;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Opened;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/**
 * The open job files of four validators, among which every message arrives at once and every batch
 * is sent as soon as nothing else is to be done. No disk, no network, and nobody waits for stamps.
 */
final class FileNet {
  static final int VALIDATORS = 4;
  private static final String FLUSH = OpenFiles.TIMER_PREFIX + "flush";

  private final MicroChain micro;
  private final Map<NodeId, OpenFiles> files = new TreeMap<>();
  private final List<NodeId> ids = new ArrayList<>();
  private final Queue<Parcel> parcels = new ArrayDeque<>();
  private final Set<Alarm> alarms = new LinkedHashSet<>();

  private record Parcel(NodeId from, NodeId to, Envelope message) {}

  private record Alarm(NodeId whose, TimerId id) {}

  FileNet(MicroChain micro, long slot) {
    this.micro = micro;
    BlockTime now = micro.chain().calendar().startOf(slot).plusMillis(1);
    for (int i = 0; i < VALIDATORS; i++) {
      Signer identity = micro.validator(i);
      OpenFiles made =
          new OpenFiles(
              micro.chain(),
              identity.id(),
              period -> Optional.of(micro.consensusKey(identity)),
              (entry, of) -> Verdict.ACCEPT,
              entry -> List.of());
      made.advance(
          now, slot, of -> Optional.of(micro.set()), of -> of, List.of(), new ArrayList<>());
      files.put(identity.id(), made);
      ids.add(identity.id());
    }
  }

  /**
   * Hands entries in, each to the next validator, and ends when every validator has all of them.
   */
  void spread(BlockTime now, List<OpenedEntry> entries) {
    for (int i = 0; i < entries.size(); i++) {
      NodeId at = ids.get(i % VALIDATORS);
      List<Effect> out = new ArrayList<>();
      MicroChain.require(of(at).submit(now, at, entries.get(i), out).isAccept());
      take(at, out);
    }
    while (!parcels.isEmpty() || !alarms.isEmpty()) {
      if (parcels.isEmpty()) {
        Alarm next = alarms.iterator().next();
        alarms.remove(next);
        List<Effect> out = new ArrayList<>();
        of(next.whose()).onTimer(now, next.id(), out);
        take(next.whose(), out);
      } else {
        deliver(now, parcels.remove());
      }
    }
  }

  /** How many entries the own lane of each holds for a slot: the same number everywhere. */
  long held(long slot) {
    long held = of(ids.getFirst()).summary(slot).getTotalCount();
    for (NodeId id : ids) {
      MicroChain.require(of(id).summary(slot).getTotalCount() == held);
    }
    return held;
  }

  private OpenFiles of(NodeId id) {
    return Optional.ofNullable(files.get(id)).orElseThrow();
  }

  private void deliver(BlockTime now, Parcel parcel) {
    Opened message =
        Envelopes.open(micro.chain().context(), micro.chain().signatures(), parcel.message())
            .good()
            .orElseThrow();
    List<Effect> out = new ArrayList<>();
    switch (message.body().getMessageCase()) {
      case LANE_BATCH -> of(parcel.to()).onLaneBatch(now, parcel.from(), message, out);
      case RECON -> of(parcel.to()).onRecon(now, parcel.from(), message, out);
      default -> throw new IllegalStateException("no message of job files: " + message.body());
    }
    take(parcel.to(), out);
  }

  private void take(NodeId whose, List<Effect> effects) {
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.Send(NodeId to, Envelope message) ->
            parcels.add(new Parcel(whose, to, message));
        case Effect.Broadcast(List<NodeId> to, Envelope message) ->
            to.forEach(peer -> parcels.add(new Parcel(whose, peer, message)));
        case Effect.SetTimer(TimerId id, BlockTime at) -> {
          if (id.purpose().equals(FLUSH)) { // the cut-off does not come in a moment without end
            alarms.add(new Alarm(whose, id));
          }
        }
        case Effect.CancelTimer(TimerId id) -> alarms.remove(new Alarm(whose, id));
        case Effect.Persist persist -> {}
        case Effect.Deliver notice -> {}
        case Effect.Disconnect disconnect -> throw new IllegalStateException(disconnect.why());
      }
    }
  }
}
