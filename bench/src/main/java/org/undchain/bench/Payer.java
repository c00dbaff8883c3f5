package org.undchain.bench;

import java.util.ArrayList;
import java.util.List;
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
 * are used again, since a gap would lock the account (R4.14). Safe for many threads.
 */
final class Payer {
  private static final int VALID_SLOTS = 15;

  private final Chain chain;
  private final Signer signer;
  private final NodeId to;
  private final TreeSet<Long> given = new TreeSet<>();
  private long unused = 1;

  Payer(Chain chain, Signer signer, NodeId to) {
    this.chain = chain;
    this.signer = signer;
    this.to = to;
  }

  NodeId id() {
    return signer.id();
  }

  /** The entry of this nonce is in no block and will be in none. */
  synchronized void giveBack(long nonce) {
    given.add(nonce);
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
    long period = chain.calendar().periodOf(slot);
    List<Transfer> bodies = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      bodies.add(
          Transfer.newBuilder()
              .setNonce(nextNonce())
              .setValidFrom(slot)
              .setValidTo(Math.min(slot + VALID_SLOTS, chain.calendar().lastSlotOf(period)))
              .setTo(payee.toByteString())
              .setAmount(grains)
              .build());
    }
    List<Envelope> sealed =
        count == 1
            ? List.of(Envelopes.sealEntry(chain.context(), signer, period, bodies.getFirst()))
            : Envelopes.sealBatch(chain.context(), signer, period, bodies);
    List<Payment> payments = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Hash id = Envelopes.id(chain.context(), sealed.get(i));
      payments.add(new Payment(id, sealed.get(i), bodies.get(i).getNonce(), payee));
    }
    return payments;
  }

  /** A signed entry of this account. */
  record Payment(Hash id, Envelope envelope, long nonce, NodeId payee) {}
}
