package org.undchain.sim.checker;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.machine.Command;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Caller;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * L6: what a client is asked while no fault is on ends within 30 s, with a result or with an error
 * that has a name. A process that dies ends all that it was asked.
 */
public final class CallChecker implements Observer {
  /** How long a call may take. */
  public static final long MILLIS = 30_000;

  private final ChainContext context;
  private final Map<Call, BlockTime> open = new TreeMap<>();
  private BlockTime healed = new BlockTime(Long.MAX_VALUE);
  private long ended;

  private record Call(NodeId client, String what) implements Comparable<Call> {
    @Override
    public int compareTo(Call other) {
      int byClient = client.compareTo(other.client);
      return byClient != 0 ? byClient : what.compareTo(other.what);
    }
  }

  public CallChecker(ChainContext context) {
    this.context = context;
  }

  /** All faults end now: what is asked from here on counts. */
  public void healed(BlockTime now) {
    healed = now;
    open.clear();
  }

  /** Calls that were asked after the faults and ended. */
  public long ended() {
    return ended;
  }

  /** Whether all that was asked up to this moment has ended. */
  public boolean isDone(BlockTime askedUntil) {
    return open.values().stream().noneMatch(since -> !askedUntil.isBefore(since));
  }

  @Override
  public void onEvent(NodeId node, BlockTime now, Event event) {
    if (now.isBefore(healed)) {
      return;
    }
    if (event instanceof Event.CommandIn(Command command)) {
      begun(command).ifPresent(what -> open.putIfAbsent(new Call(node, what), now));
    }
    open.forEach((call, since) -> {
      if (call.client().equals(node) && now.minus(since) > MILLIS) {
        throw new Violation(
            "L6", node + " has no answer after " + now.minus(since) + " ms: " + call.what());
      }
    });
  }

  private Optional<String> begun(Command command) {
    return switch (command) {
      case Caller.Call call -> Optional.of(entry(Envelopes.idOrZero(context, call.entry())));
      case ClientCommand.SubmitEntry submit ->
          Optional.of(entry(Envelopes.idOrZero(context, submit.entry())));
      case ClientCommand.ReadLeaf read -> Optional.of("leaf " + read.table() + read.key().hex());
      case ClientCommand.LookUp lookUp -> Optional.of("look-up " + lookUp.partners());
      case ClientCommand.OpenSeat seat -> Optional.of(seat(seat.jobId(), seat.seatNo()));
      default -> Optional.empty();
    };
  }

  @Override
  public void onNotice(NodeId node, BlockTime now, Notice notice) {
    switch (notice) {
      case ClientNotice.Committed result -> ended(node, entry(result.entryId()));
      case ClientNotice.Refused result -> ended(node, entry(result.entryId()));
      case ClientNotice.Expired result -> ended(node, entry(result.entryId()));
      case ClientNotice.Leaf leaf -> ended(node, "leaf " + leaf.table() + leaf.key().hex());
      case ClientNotice.Contacts contacts -> ended(node, "look-up " + contacts.asked());
      case ClientNotice.SeatStarted seat -> ended(node, seat(seat.jobId(), seat.seatNo()));
      case ClientNotice.SeatFailed seat -> ended(node, seat(seat.jobId(), seat.seatNo()));
      case Caller.Answer answer -> answered(answer.body()).ifPresent(id -> ended(node, entry(id)));
      default -> {}
    }
  }

  @Override
  public void onCrash(NodeId node) {
    open.keySet().removeIf(call -> call.client().equals(node));
  }

  private static Optional<Hash> answered(WireMessage body) {
    var id =
        switch (body.getMessageCase()) {
          case ACK -> body.getAck().getEntryId();
          case STATUS -> body.getStatus().getEntryId();
          case REJECT -> body.getReject().getRef();
          default -> com.google.protobuf.ByteString.EMPTY;
        };
    return id.size() == Hash.SIZE ? Optional.of(Hash.of(id)) : Optional.empty();
  }

  private void ended(NodeId client, String what) {
    ended += open.remove(new Call(client, what)) == null ? 0 : 1;
  }

  private static String entry(Hash id) {
    return "entry " + id;
  }

  private static String seat(Hash job, int number) {
    return "seat " + number + " of " + job;
  }
}
