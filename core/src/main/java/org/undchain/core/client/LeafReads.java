package org.undchain.core.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.agent.Mail;
import org.undchain.core.agent.Validators;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.Get;
import org.undchain.core.message.GetReply;
import org.undchain.core.message.GetWhat;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;

/**
 * Questions for leaves of the state tree, one after the other. Each goes to all validators at hand
 * and again every {@link #ROUND_MILLIS}, since a block between two answers makes them differ; f + 1
 * equal ones are believed.
 */
final class LeafReads {
  /** Most questions that wait; more are answered as unknown at once. */
  static final int WAITING_MAX = 64;

  /** After so many rounds without f + 1 equal answers the leaf counts as unknown. */
  static final int ROUNDS_MAX = 8;

  /** Longest leaf that is believed. */
  static final int LEAF_MAX = 4096;

  private static final String TIMER = "client-leaf";
  private static final long ROUND_MILLIS = 1000;

  private final Mail mail;
  private final Validators validators;
  private final List<ClientCommand.ReadLeaf> waiting = new ArrayList<>();
  private final Map<NodeId, Bytes> answers = new TreeMap<>();
  private long number;
  private int rounds;

  LeafReads(Mail mail, Validators validators) {
    this.mail = mail;
    this.validators = validators;
  }

  static boolean isTimer(TimerId id) {
    return id.purpose().equals(TIMER);
  }

  Optional<ClientNotice> ask(BlockTime now, ClientCommand.ReadLeaf command, List<Effect> out) {
    if (waiting.size() == WAITING_MAX) {
      return Optional.of(notice(command, false, Bytes.EMPTY));
    }
    waiting.add(command);
    if (waiting.size() == 1) {
      begin(now, out);
    }
    return Optional.empty();
  }

  private void begin(BlockTime now, List<Effect> out) {
    rounds = 0;
    send(now, out);
  }

  private void send(BlockTime now, List<Effect> out) {
    ClientCommand.ReadLeaf asked = waiting.getFirst();
    rounds++;
    number++;
    answers.clear();
    byte[] key = new byte[1 + asked.key().size()];
    key[0] = (byte) asked.table();
    System.arraycopy(asked.key().unsafeArray(), 0, key, 1, asked.key().size());
    Get get =
        Get.newBuilder()
            .setWhat(GetWhat.GET_WHAT_LEAF)
            .setKey(Bytes.wrap(key).toByteString())
            .setTag(number)
            .build();
    List<NodeId> active = validators.active();
    if (!active.isEmpty()) {
      out.add(new Effect.Broadcast(active, mail.plain(now, get)));
    }
    out.add(new Effect.SetTimer(TimerId.of(TIMER), now.plusMillis(ROUND_MILLIS)));
  }

  /** A validator's leaf, empty where it has none. */
  Optional<ClientNotice> onReply(BlockTime now, NodeId peer, GetReply reply, List<Effect> out) {
    boolean isAnswer =
        !waiting.isEmpty()
            && reply.getWhat() == GetWhat.GET_WHAT_LEAF
            && reply.getTag() == number
            && !reply.getMore()
            && reply.getChunk().size() <= LEAF_MAX;
    return isAnswer ? count(now, peer, Bytes.of(reply.getChunk()), out) : Optional.empty();
  }

  private Optional<ClientNotice> count(BlockTime now, NodeId peer, Bytes answer, List<Effect> out) {
    answers.put(peer, answer);
    long equal = answers.values().stream().filter(answer::equals).count();
    return equal > validators.sets().newest().faulty()
        ? Optional.of(done(now, true, answer, out))
        : Optional.empty();
  }

  Optional<ClientNotice> onTimer(BlockTime now, List<Effect> out) {
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    if (rounds == ROUNDS_MAX) {
      return Optional.of(done(now, false, Bytes.EMPTY, out));
    }
    send(now, out);
    return Optional.empty();
  }

  private ClientNotice done(BlockTime now, boolean isKnown, Bytes value, List<Effect> out) {
    ClientNotice notice = notice(waiting.removeFirst(), isKnown, value);
    if (waiting.isEmpty()) {
      out.add(new Effect.CancelTimer(TimerId.of(TIMER)));
    } else {
      begin(now, out);
    }
    return notice;
  }

  private static ClientNotice notice(ClientCommand.ReadLeaf asked, boolean isKnown, Bytes value) {
    return new ClientNotice.Leaf(asked.table(), asked.key(), isKnown, value);
  }
}
