package org.undchain.core.job;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.undchain.core.job.LaneHeaders.OpenedStamp;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Load;
import org.undchain.core.message.Ack;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Stamp;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Tells those who wait for the stamps of an entry (R4.6): once when the own stamp is durable, once
 * more when the stamps of others make it a promise, and at the cut-off what there is then. Whoever
 * asks the others itself gets the own stamp only.
 *
 * <p>An Ack has no signature of its own: every stamp in it is signed, and the rest is what anybody
 * can compute or what the connection vouches for (decision 0019).
 */
final class Acks {
  private static final int WAITERS_MAX = 16;
  private static final int TOLD_MAX = 16_384;

  private final NodeId self;
  private final OpenSlots slots;
  private final Contents contents;
  private final Function<OpenedEntry, List<NodeId>> matchers;
  private final LinkedHashMap<Hash, Waiting> waiting = new LinkedHashMap<>();
  private final Map<NodeId, Hash> told = new TreeMap<>(); // the validator list a connection has

  private static final class Waiting {
    List<NodeId> who = List.of(); // mostly one or none, so that each costs little
    List<NodeId> whoAsksOthersItself = List.of();
    boolean isPromised; // in the file that stamped it last

    int count() {
      return who.size() + whoAsksOthersItself.size();
    }

    void add(NodeId from, boolean ownStampOnly) {
      if (ownStampOnly) {
        whoAsksOthersItself = with(whoAsksOthersItself, from);
      } else {
        who = with(who, from);
      }
    }

    private static List<NodeId> with(List<NodeId> some, NodeId more) {
      if (some.contains(more)) {
        return some;
      }
      List<NodeId> all = new ArrayList<>(some);
      all.add(more);
      return List.copyOf(all);
    }
  }

  Acks(
      NodeId self,
      OpenSlots slots,
      Contents contents,
      Function<OpenedEntry, List<NodeId>> matchers) {
    this.self = self;
    this.slots = slots;
    this.contents = contents;
    this.matchers = matchers;
  }

  void addLoads(List<Load> loads) {
    loads.add(
        new Load("entries whose stamp somebody waits for", waiting.size(), OpenFiles.IDS_MAX));
    loads.add(new Load("peers that have the validator list", told.size(), TOLD_MAX));
  }

  /**
   * @param ownStampOnly whether {@code from} gets the stamps of others from them
   */
  void await(NodeId from, Hash id, boolean ownStampOnly) {
    if (from.equals(self)) {
      return;
    }
    Waiting entry = waiting.computeIfAbsent(id, ignored -> new Waiting());
    if (entry.count() < WAITERS_MAX) {
      entry.add(from, ownStampOnly);
    }
  }

  void forget(Hash id) {
    waiting.remove(id);
  }

  /** A new connection knows nothing of what an earlier one was told. */
  void onPeer(NodeId peer) {
    told.remove(peer);
  }

  /** The own stamp of an entry is durable and on its way to the others. */
  void onOwnStamp(JobFile file, Hash id, List<Effect> out) {
    Waiting entry = waiting.get(id);
    if (entry == null) {
      return;
    }
    if (!entry.who.isEmpty()) {
      entry.isPromised = isPromise(file, id);
      send(file, id, shown(file, id), entry.who, out);
    }
    if (!entry.whoAsksOthersItself.isEmpty()) {
      send(file, id, ownStamp(file, id), entry.whoAsksOthersItself, out);
    }
  }

  /** Somebody hands in again what is stamped already. */
  void onAgain(JobFile file, Hash id, NodeId from, boolean ownStampOnly, List<Effect> out) {
    List<Stamp> own = ownStamp(file, id);
    if (!own.isEmpty()) {
      send(file, id, ownStampOnly ? own : shown(file, id), List.of(from), out);
    }
  }

  /** Another validator stamped an entry. */
  void onOthersStamp(JobFile file, Hash id, List<Effect> out) {
    Waiting entry = waiting.get(id);
    if (entry != null
        && !entry.isPromised
        && !entry.who.isEmpty()
        && file.own.stamp(id).isPresent()
        && isPromise(file, id)) {
      entry.isPromised = true;
      send(file, id, shown(file, id), entry.who, out);
    }
  }

  /** Others stamp in the phase ADMIT no more: what is short of a promise is shown as it is. */
  void onCutoff(JobFile file, List<Effect> out) {
    waiting.forEach((id, entry) -> {
      boolean isWaitedFor = !entry.isPromised && !entry.who.isEmpty();
      if (isWaitedFor && file.own.contains(id) && file.stampers(id) > 1) {
        send(file, id, shown(file, id), entry.who, out);
      }
    });
  }

  private boolean isPromise(JobFile file, Hash id) {
    Set<NodeId> stampers = new TreeSet<>();
    stampers.add(self);
    file.known(id).ifPresent(known -> known.stamps().forEach(stamp -> stampers.add(stamp.lane())));
    return file.set.isPromise(stampers);
  }

  private static List<Stamp> ownStamp(JobFile file, Hash id) {
    return file.own.stamp(id).map(OpenedStamp::stamp).stream().toList();
  }

  /** The own stamp and as many of others as make it a promise. */
  private List<Stamp> shown(JobFile file, Hash id) {
    List<Stamp> stamps = new ArrayList<>(ownStamp(file, id));
    Set<NodeId> lanes = new TreeSet<>();
    if (!stamps.isEmpty()) {
      lanes.add(self);
    }
    file.known(id)
        .ifPresent(known ->
            known
                .stamps()
                .forEach(stamp -> {
                  if (!file.set.isPromise(lanes)) {
                    stamps.add(stamp.stamp());
                    lanes.add(stamp.lane());
                  }
                }));
    return stamps;
  }

  private void send(
      JobFile file, Hash id, List<Stamp> stamps, Collection<NodeId> to, List<Effect> out) {
    Ack.Builder ack =
        Ack.newBuilder()
            .setEntryId(id.toByteString())
            .setSlot(file.slot)
            .setHeight(slots.heightOf(file.slot))
            .addAllStamps(stamps)
            .setSetHash(file.set.hash().toByteString());
    contents
        .get(id)
        .ifPresent(
            entry -> matchers.apply(entry).forEach(node -> ack.addMatchers(node.toByteString())));
    Envelope plain = slots.plain(file.slot, ack.build());
    for (NodeId peer : to) {
      boolean hasList = file.set.hash().equals(told.get(peer));
      out.add(new Effect.Send(peer, hasList ? plain : withList(file, ack)));
      if (!hasList) {
        tell(peer, file.set.hash());
      }
    }
  }

  private Envelope withList(JobFile file, Ack.Builder ack) {
    return slots.plain(file.slot, ack.clone().setPeriodValidators(file.set.cert()).build());
  }

  private void tell(NodeId peer, Hash set) {
    if (told.size() >= TOLD_MAX) {
      told.clear(); // they are told once more
    }
    told.put(peer, set);
  }
}
