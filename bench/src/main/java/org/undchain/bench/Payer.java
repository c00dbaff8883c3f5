package org.undchain.bench;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Transfer;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * An account that sends grains to another one. Its nonces ascend; those of entries that nobody took
 * are used again, since a gap would lock the account (R4.14): by the same entry while it is valid,
 * as a client would hand it in again. Entries may be signed ahead, so that the load's signatures
 * take no time from the validators that share its cores. Safe for many threads.
 */
final class Payer {
  private static final int VALID_SLOTS = 15;

  /** An entry signed ahead is good from so many slots before the one it is meant for. */
  private static final int EARLY_SLOTS = 7;

  /** An entry that has fewer slots left is signed anew. */
  private static final int LEFT_SLOTS = 3;

  private final Chain chain;
  private final Signer signer;
  private final NodeId to;
  private final TreeSet<Long> given = new TreeSet<>();
  private final TreeMap<Long, Payment> signed = new TreeMap<>(); // and not handed in, by nonce
  private long unused = 1;

  Payer(Chain chain, Signer signer, NodeId to) {
    this.chain = chain;
    this.signer = signer;
    this.to = to;
  }

  NodeId id() {
    return signer.id();
  }

  /** This entry is in no block and nobody holds it. */
  synchronized void giveBack(Payment entry) {
    given.add(entry.nonce());
    if (entry.payee().equals(to)) {
      signed.put(entry.nonce(), entry);
    }
  }

  /**
   * Signs what will be handed in from a slot on.
   *
   * @param perSlot about so many entries of this account in each slot
   */
  synchronized void signAhead(long slot, double perSlot, int slots, long grains) {
    signed.clear();
    Iterator<Long> again = given.iterator();
    long fresh = unused;
    for (int i = 0; i < perSlot * slots; i++) {
      long nonce = again.hasNext() ? again.next() : fresh++;
      long from = slot + Math.max(0, (long) (i / perSlot) - EARLY_SLOTS);
      signed.put(nonce, seal(List.of(body(nonce, to, from, grains))).getFirst());
    }
  }

  private long nextNonce() {
    Long again = given.pollFirst();
    return again == null ? unused++ : again;
  }

  /** So many entries of the slot of now; with one signature for all if they are several. */
  List<Payment> pay(int count, long slot, long grains) {
    return pay(count, to, slot, grains);
  }

  /** One entry of the slot of now that pays to somebody else than usual. */
  List<Payment> payTo(NodeId payee, long slot, long grains) {
    return pay(1, payee, slot, grains);
  }

  private synchronized List<Payment> pay(int count, NodeId payee, long slot, long grains) {
    List<Transfer> bodies = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long nonce = nextNonce();
      Payment ahead = signed.remove(nonce);
      if (count == 1 && ahead != null && ahead.isGood(payee, slot)) {
        return List.of(ahead);
      }
      bodies.add(body(nonce, payee, slot, grains));
    }
    return seal(bodies);
  }

  private Transfer body(long nonce, NodeId payee, long from, long grains) {
    long lastSlot = chain.calendar().lastSlotOf(chain.calendar().periodOf(from));
    return Transfer.newBuilder()
        .setNonce(nonce)
        .setValidFrom(from)
        .setValidTo(Math.min(from + VALID_SLOTS, lastSlot))
        .setTo(payee.toByteString())
        .setAmount(grains)
        .build();
  }

  /** Entries of one slot, under one signature if they are several. */
  private List<Payment> seal(List<Transfer> bodies) {
    long period = chain.calendar().periodOf(bodies.getFirst().getValidFrom());
    List<Envelope> sealed =
        bodies.size() == 1
            ? List.of(Envelopes.sealEntry(chain.context(), signer, period, bodies.getFirst()))
            : Envelopes.sealBatch(chain.context(), signer, period, bodies);
    List<Payment> payments = new ArrayList<>(bodies.size());
    for (int i = 0; i < bodies.size(); i++) {
      payments.add(
          new Payment(Envelopes.id(chain.context(), sealed.get(i)), sealed.get(i), bodies.get(i)));
    }
    return payments;
  }

  /** A signed entry of this account. */
  record Payment(Hash id, Envelope envelope, Transfer body) {
    long nonce() {
      return body.getNonce();
    }

    NodeId payee() {
      return NodeId.of(body.getTo());
    }

    boolean isGood(NodeId payee, long slot) {
      return payee().equals(payee)
          && body.getValidFrom() <= slot
          && slot + LEFT_SLOTS <= body.getValidTo();
    }
  }
}
