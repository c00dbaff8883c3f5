package org.undchain.sim.checker;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.ledger.Execution;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Notice;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Status;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * S24: a client that tells its user of a result holds its proof, more than f signed words of one
 * validator set that the chain of sets from genesis leads to, and the result is what the chain
 * says. The checker follows the sets and counts the words by itself.
 */
public final class FinalChecker implements Observer {
  private final Map<Hash, ValidatorSet> sets = new TreeMap<>();
  private final Map<Hash, Told> chain = new TreeMap<>();
  private final Map<NodeId, Map<Hash, Map<Told, Set<NodeId>>>> heard = new TreeMap<>();
  private final Map<Hash, Set<Told>> early = new TreeMap<>();
  private final Predicate<NodeId> isGuilty;
  private long height;
  private long finals;

  private record Told(long height, long slot, EntryResult result) implements Comparable<Told> {
    @Override
    public int compareTo(Told other) {
      int byHeight = Long.compare(height, other.height);
      int bySlot = Long.compare(slot, other.slot);
      return byHeight != 0 ? byHeight : bySlot != 0 ? bySlot : result.compareTo(other.result);
    }
  }

  /**
   * @param first the set of the genesis
   * @param isGuilty validators whose own word on the chain counts for nothing
   */
  public FinalChecker(ValidatorSet first, Predicate<NodeId> isGuilty) {
    this.isGuilty = isGuilty;
    sets.put(first.hash(), first);
  }

  /** Results that clients told so far. */
  public long finals() {
    return finals;
  }

  @Override
  public void onDurable(NodeId node, LogRecord record) {
    if (record.hasPayout() && !isGuilty.test(node)) {
      ValidatorSet.of(record.getPayout().getNextSet())
          .filter(set -> sets.containsKey(Hash.of(set.cert().getPrevSetHash())))
          .ifPresent(set -> sets.put(set.hash(), set));
    }
  }

  @Override
  public void onEvent(NodeId node, BlockTime now, Event event) {
    if (event instanceof Event.MessageIn(NodeId peer, Opened message)
        && message.body().hasStatus()
        && message.isSigned()) {
      Status status = message.body().getStatus();
      if (status.getEntryId().size() == Hash.SIZE) {
        heard
            .computeIfAbsent(node, first -> new TreeMap<>())
            .computeIfAbsent(Hash.of(status.getEntryId()), first -> new TreeMap<>())
            .computeIfAbsent(
                new Told(status.getHeight(), status.getSlot(), status.getResult()),
                first -> new TreeSet<>())
            .add(message.signer());
      }
    }
  }

  @Override
  public void onNotice(NodeId node, BlockTime now, Notice notice) {
    switch (notice) {
      case ValidatorNotice.BlockCommitted committed -> enter(node, committed);
      case ClientNotice.Committed told -> judge(node, told);
      default -> {}
    }
  }

  private void enter(NodeId node, ValidatorNotice.BlockCommitted committed) {
    if (isGuilty.test(node) || committed.block().header().getHeight() <= height) {
      return;
    }
    height = committed.block().header().getHeight();
    long slot = committed.block().header().getSlot();
    for (Execution.Result result : committed.block().results()) {
      chain.put(result.id(), new Told(height, slot, result.result()));
    }
    early.forEach((id, all) -> all.forEach(told -> compare(id, told)));
    early.clear();
  }

  private void compare(Hash entryId, Told told) {
    if (!told.equals(chain.get(entryId))) {
      throw new Violation(
          "S24", told + " was told of entry " + entryId + " whose result is " + chain.get(entryId));
    }
  }

  private void judge(NodeId client, ClientNotice.Committed notice) {
    finals++;
    Told told = new Told(notice.height(), notice.slot(), notice.result());
    if (told.height() == height + 1 && !chain.containsKey(notice.entryId())) {
      early
          .computeIfAbsent(notice.entryId(), first -> new TreeSet<>())
          .add(told); // more than f whose word counts for nothing were first
    } else {
      compare(notice.entryId(), told);
    }
    Set<NodeId> words =
        heard
            .getOrDefault(client, Map.of())
            .getOrDefault(notice.entryId(), Map.of())
            .getOrDefault(told, Set.of());
    boolean isProven =
        sets.values().stream()
            .anyMatch(set -> words.stream().filter(set::contains).count() > set.faulty());
    if (!isProven) {
      throw new Violation("S24", client + " tells of a result by the word of " + words + " alone");
    }
  }
}
