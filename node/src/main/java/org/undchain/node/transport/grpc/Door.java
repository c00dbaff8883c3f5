package org.undchain.node.transport.grpc;

import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.handshake.Greeting;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.node.crypto.SignaturePool;
import org.undchain.node.transport.PeerListener;

/** What all connections of one node share. */
final class Door {
  /** Connections that were accepted and have not finished their Hello. */
  static final int HALF_OPEN_MAX = 64;

  private static final int NONCE_SIZE = 32;
  private static final int DETAIL_MAX = 256;

  private final GrpcTransport.Setting setting;
  private final Peers peers;
  private final SecureRandom random = new SecureRandom();
  private final Semaphore halfOpen = new Semaphore(HALF_OPEN_MAX);

  Door(GrpcTransport.Setting setting) {
    this.setting = setting;
    this.peers = new Peers(setting.identity().id(), setting.listener(), setting.meter());
  }

  Peers peers() {
    return peers;
  }

  PeerListener listener() {
    return setting.listener();
  }

  ChainContext chain() {
    return setting.chain();
  }

  SignatureCheck signatures() {
    return setting.signatures();
  }

  Greeting greeting() {
    return setting.greeting().get();
  }

  BlockTime now() {
    return setting.now().get();
  }

  Signer identity() {
    return setting.identity();
  }

  Supplier<List<ValidatorSet>> sets() {
    return setting.sets();
  }

  SignaturePool pool() {
    return setting.pool();
  }

  TransportMeter meter() {
    return setting.meter();
  }

  boolean enter() {
    return halfOpen.tryAcquire();
  }

  void entered() {
    halfOpen.release();
  }

  Bytes nonce() {
    byte[] nonce = new byte[NONCE_SIZE];
    random.nextBytes(nonce);
    return Bytes.wrap(nonce);
  }

  /** A refusal as it stands in a frame. */
  byte[] rejection(Hash ref, RejectCode why, String detail) {
    return rejection(ref, why, detail, 0);
  }

  /** A refusal that may be another answer so many milliseconds later. */
  byte[] rejection(Hash ref, RejectCode why, String detail, long againMillis) {
    Reject reject =
        Reject.newBuilder()
            .setRef(ref.toByteString())
            .setCode(why)
            .setDetail(detail.substring(0, Math.min(DETAIL_MAX, detail.length())))
            .setRetryAfterMillis(againMillis)
            .build();
    long period = greeting().standing().map(Greeting.Standing::period).orElse(0L);
    meter().rejected(why);
    return Frames.segment(
        Envelopes.unsigned(
            chain(), identity().id(), Envelopes.messageType(reject), period, reject));
  }
}
