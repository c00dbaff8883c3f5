package org.undchain.sim.checker;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Observer;
import org.undchain.sim.Violation;

/**
 * S18: a signature is good for one network, chain, pay period, kind and type and no other. Of
 * everything that is signed and leaves a node no signature comes under two scopes, and of a sample
 * of each kind the signature is held against scopes that it was not made for.
 */
public final class ScopeChecker implements Observer {
  private static final int FIRST = 8;
  private static final int EVERY = 500;

  private final ChainContext context;
  private final SignatureCheck check;
  private final Map<ByteString, Scope> scopes = new HashMap<>();
  private final Map<Long, Integer> seen = new HashMap<>();

  /** What a signature is good for. */
  private record Scope(int kind, int type, long period, ByteString signer) {
    @Override
    public String toString() {
      return kind + "/" + type + " of period " + period + " by " + Bytes.of(signer).hex();
    }
  }

  public ScopeChecker(ChainContext context, SignatureCheck check) {
    this.context = context;
    this.check = check;
  }

  @Override
  public void onSaid(NodeId from, Envelope message) {
    if (message.getSig().isEmpty() || message.hasBatch()) {
      return; // proves itself, or is one of many under a batch root
    }
    Scope scope =
        new Scope(
            message.getKind(), message.getType(), message.getPayPeriod(), message.getSigner());
    Scope before = scopes.putIfAbsent(message.getSig(), scope);
    if (before != null && !before.equals(scope)) {
      throw new Violation("S18", from + " sends a signature as " + scope + " and as " + before);
    }
    int number = seen.merge((long) scope.kind() << 32 | scope.type(), 1, Integer::sum);
    if (before == null && (number <= FIRST || number % EVERY == 0)) {
      holdAgainst(from, message);
    }
  }

  private void holdAgainst(NodeId from, Envelope message) {
    if (!isGood(context, message)) {
      return; // nobody takes it in its own scope either
    }
    Hash other = Hashes.tagged("another chain");
    if (isGood(new ChainContext(context.networkId(), other), message)
        || isGood(new ChainContext(other, context.chainId()), message)) {
      throw new Violation("S18", from + " signs what is good on another chain: " + message);
    }
    for (Envelope altered : altered(message)) {
      if (isGood(context, altered)) {
        throw new Violation("S18", from + " signs what is good as " + altered);
      }
    }
  }

  private static List<Envelope> altered(Envelope message) {
    List<Envelope> altered = new ArrayList<>();
    altered.add(message.toBuilder().setPayPeriod(message.getPayPeriod() + 1).build());
    altered.add(message.toBuilder().setType(message.getType() + 1).build());
    for (EnvelopeKind kind : EnvelopeKind.values()) {
      boolean isOther = kind != EnvelopeKind.UNRECOGNIZED && kind.getNumber() != message.getKind();
      if (isOther) {
        altered.add(message.toBuilder().setKind(kind.getNumber()).build());
      }
    }
    return altered;
  }

  private boolean isGood(ChainContext chain, Envelope message) {
    return check.verify(
        NodeId.of(message.getSigner()),
        Envelopes.signedBytes(chain, message),
        Bytes.of(message.getSig()));
  }
}
