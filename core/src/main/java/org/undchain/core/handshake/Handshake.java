package org.undchain.core.handshake;

import static org.undchain.core.handshake.Handshake.State.CLOSED;
import static org.undchain.core.handshake.Handshake.State.HELLO_SENT;
import static org.undchain.core.handshake.Handshake.State.NEW;
import static org.undchain.core.handshake.Handshake.State.READY;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Hello;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Opening;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * One side of the three Hellos that open a connection (section 1): {@code NEW → HELLO_SENT → READY
 * | CLOSED}.
 *
 * <p>The dialer sends Hello with a fresh nonce and no peer nonce; the acceptor answers with its own
 * nonce and the dialer's; the dialer sends Hello again with the acceptor's. Every Hello is signed
 * by the identity over the hash of both transport certificates, so it is worth nothing on another
 * channel, and the echoed nonce makes it worth nothing at another time: nobody can pass a handshake
 * on or replay one. A first Hello names no peer nonce and a later one always does, so none can
 * stand for the other, not even one that was reflected.
 *
 * <p>Whoever knows the chain's rules, period and time (a validator) holds the other side to them in
 * the Hello that proves it: the answer or the third. A newcomer takes them from the answer. A
 * validator that still measures the clocks of the others (R3.1) names no time where it is dialed.
 */
public final class Handshake {
  /** Versions this code speaks, major · 1000 + minor; the major must match. */
  public static final int VERSION_MIN = 1000;

  public static final int VERSION_MAX = 1000;

  /** A handshake that takes longer is given up. */
  public static final long TIMEOUT_MILLIS = 6000;

  /** Clocks further apart than this do not talk. */
  public static final long CLOCK_MAX_MILLIS = 2000;

  /** Block time in the answer of one whose clock is not right yet. */
  private static final long NO_TIME = 0;

  /** Longest Hello; a set certificate fits in. */
  public static final int HELLO_BYTES_MAX = 16 << 10;

  private static final int NONCE_SIZE = 32;
  private static final int DETAIL_MAX = 256;

  /** Where a side of a handshake stands. */
  public enum State {
    NEW,
    HELLO_SENT,
    READY,
    CLOSED
  }

  private final Greeting self;
  private final boolean isDialer;
  private final Bytes nonce;
  private final Hash binding;
  private final SignatureCheck check;
  private final Optional<NodeId> expected;
  private State state = NEW;
  private @Nullable Opened first; // acceptor: the dialer's first Hello

  /** A refusal found by a check that changes nothing. */
  private record Refusal(RejectCode why, String detail) {}

  private Handshake(
      Greeting self,
      boolean isDialer,
      Bytes nonce,
      Hash binding,
      SignatureCheck check,
      Optional<NodeId> expected) {
    if (nonce.size() != NONCE_SIZE) {
      throw new IllegalArgumentException("a nonce has 32 bytes, not " + nonce.size());
    }
    this.self = self;
    this.isDialer = isDialer;
    this.nonce = nonce;
    this.binding = binding;
    this.check = check;
    this.expected = expected;
  }

  /**
   * The side that opened the connection.
   *
   * @param nonce 32 fresh random bytes
   * @param binding hash of both transport certificates
   * @param expected the identity that was dialed, if known
   */
  public static Handshake dialer(
      Greeting self, Bytes nonce, Hash binding, SignatureCheck check, Optional<NodeId> expected) {
    return new Handshake(self, true, nonce, binding, check, expected);
  }

  /**
   * The side that was dialed. It must know where the chain stands.
   *
   * @param nonce 32 fresh random bytes
   * @param binding hash of both transport certificates
   */
  public static Handshake acceptor(Greeting self, Bytes nonce, Hash binding, SignatureCheck check) {
    return new Handshake(self, false, nonce, binding, check, Optional.empty());
  }

  /** The connection is open. */
  public List<HandshakeStep> start(BlockTime now) {
    requireState(NEW);
    HandshakeStep timer = new HandshakeStep.SetTimer(now.plusMillis(TIMEOUT_MILLIS));
    if (!isDialer) {
      return List.of(timer);
    }
    state = HELLO_SENT;
    Hello.Builder hello = self.hello().setBlockTimeMillis(now.millis());
    held()
        .ifPresent(known ->
            hello.setRulesHash(known.rulesHash().toByteString()).setPeriod(known.period()));
    return List.of(timer, send(hello, Bytes.EMPTY));
  }

  /** Whatever came from the other side while the handshake is not over. */
  public List<HandshakeStep> onEnvelope(BlockTime now, Envelope envelope) {
    if (state == CLOSED) {
      return List.of();
    }
    if (state == READY) {
      return refuse(new Refusal(RejectCode.REJECT_CODE_HANDSHAKE, "the handshake is over"));
    }
    if (envelope.getType() == WireMessage.REJECT_FIELD_NUMBER) {
      return refusedByPeer(envelope);
    }
    return switch (open(envelope)) {
      case Opening.Refused<Opened>(RejectCode why, String detail) ->
          refuse(new Refusal(why, detail));
      case Opening.Good<Opened>(Opened opened) -> onHello(now, opened);
    };
  }

  /** The six seconds are over. */
  public List<HandshakeStep> onTimer() {
    if (state == READY || state == CLOSED) {
      return List.of();
    }
    return refuse(
        new Refusal(
            RejectCode.REJECT_CODE_HANDSHAKE,
            "no complete Hello within " + TIMEOUT_MILLIS + " ms"));
  }

  public State state() {
    return state;
  }

  private List<HandshakeStep> onHello(BlockTime now, Opened opened) {
    if (isDialer) {
      return checkForm(opened)
          .or(() -> checkAnswer(now, opened))
          .map(this::refuse)
          .orElseGet(() -> answered(now, opened));
    }
    if (first == null) {
      return checkForm(opened)
          .or(() -> checkFirst(opened))
          .map(this::refuse)
          .orElseGet(() -> greeted(now, opened));
    }
    Opened before = first;
    return checkForm(opened)
        .or(() -> checkThird(now, before, opened))
        .map(this::refuse)
        .orElseGet(() -> ready(opened));
  }

  /** Acceptor: the first Hello is in order. */
  private List<HandshakeStep> greeted(BlockTime now, Opened opened) {
    first = opened;
    state = HELLO_SENT;
    Greeting.Standing known = self.standing().orElseThrow();
    Hello.Builder hello =
        self.hello()
            .setBlockTimeMillis(known.isSynchronised() ? now.millis() : NO_TIME)
            .setRulesHash(known.rulesHash().toByteString())
            .setPeriod(known.period());
    return List.of(send(hello, Bytes.of(opened.body().getHello().getNonce())));
  }

  /** Dialer: the answer is in order; a newcomer says what it learned from it. */
  private List<HandshakeStep> answered(BlockTime now, Opened opened) {
    Hello answer = opened.body().getHello();
    Hello.Builder hello = self.hello();
    if (held().isPresent()) {
      Greeting.Standing known = held().get();
      hello.setBlockTimeMillis(now.millis()).setPeriod(known.period());
      hello.setRulesHash(known.rulesHash().toByteString());
    } else {
      hello.setBlockTimeMillis(answer.getBlockTimeMillis()).setPeriod(answer.getPeriod());
      hello.setRulesHash(answer.getRulesHash());
    }
    HandshakeStep third = send(hello, Bytes.of(answer.getNonce()));
    List<HandshakeStep> done = ready(opened);
    return List.of(third, done.get(0), done.get(1));
  }

  private List<HandshakeStep> ready(Opened opened) {
    state = READY;
    Hello hello = opened.body().getHello();
    int version = Math.min(VERSION_MAX, hello.getVersionMax());
    return List.of(
        new HandshakeStep.CancelTimer(),
        new HandshakeStep.Ready(KnownPeer.of(opened.signer(), hello, version)));
  }

  /** Network and chain are looked at before the signature, which would hide why it is wrong. */
  private Opening<Opened> open(Envelope envelope) {
    if (envelope.getKind() != EnvelopeKind.ENVELOPE_KIND_MESSAGE_VALUE
        || envelope.getType() != WireMessage.HELLO_FIELD_NUMBER) {
      return Opening.refused(RejectCode.REJECT_CODE_HANDSHAKE, "a Hello comes first");
    }
    if (envelope.getBody().size() > HELLO_BYTES_MAX) {
      return Opening.refused(
          RejectCode.REJECT_CODE_TOO_LARGE, "a Hello has at most " + HELLO_BYTES_MAX + " bytes");
    }
    Optional<Hello> hello = Canonical.decode(Hello.parser(), Bytes.of(envelope.getBody()));
    if (hello.isEmpty()) {
      return Opening.refused(
          RejectCode.REJECT_CODE_MALFORMED, "the Hello is not in canonical form");
    }
    if (!hello.get().getNetworkId().equals(self.chain().networkId().toByteString())) {
      return Opening.refused(
          RejectCode.REJECT_CODE_WRONG_NET, "this is network " + self.chain().networkId().hex());
    }
    if (!hello.get().getChainId().equals(self.chain().chainId().toByteString())) {
      return Opening.refused(
          RejectCode.REJECT_CODE_WRONG_CHAIN, "this is chain " + self.chain().chainId().hex());
    }
    return Envelopes.open(self.chain(), check, envelope);
  }

  /** What every Hello must have. */
  private Optional<Refusal> checkForm(Opened opened) {
    Hello hello = opened.body().getHello();
    if (hello.getVersionMin() > VERSION_MAX || hello.getVersionMax() < VERSION_MIN) {
      return refusal(
          RejectCode.REJECT_CODE_VERSION, "this node speaks " + VERSION_MIN + " to " + VERSION_MAX);
    }
    if (hello.getDevnet() != self.devnet()) {
      return refusal(
          RejectCode.REJECT_CODE_RULES, "devnet is " + self.devnet() + " here, not the other way");
    }
    if (opened.signer().equals(self.identity().id())) {
      return refusal(RejectCode.REJECT_CODE_HANDSHAKE, "that is this node's own identity");
    }
    if (!hello.getChannelBinding().equals(binding.toByteString())) {
      return refusal(
          RejectCode.REJECT_CODE_HANDSHAKE, "the channel binding is not that of this connection");
    }
    return switch (hello.getRole()) {
      case ROLE_CLIENT, ROLE_PARTNER, ROLE_VALIDATOR ->
          hello.getNonce().size() == NONCE_SIZE
              ? Optional.empty()
              : refusal(RejectCode.REJECT_CODE_BAD_FIELD, "a nonce has 32 bytes");
      case ROLE_UNSPECIFIED, UNRECOGNIZED ->
          refusal(RejectCode.REJECT_CODE_BAD_FIELD, "the role is not known");
    };
  }

  private Optional<Refusal> checkFirst(Opened opened) {
    Hello hello = opened.body().getHello();
    if (!hello.getPeerNonce().isEmpty()) {
      return refusal(RejectCode.REJECT_CODE_HANDSHAKE, "the first Hello names no peer nonce");
    }
    // a newcomer leaves rules and period out; whoever names them is refused as early as possible
    return hello.getRulesHash().isEmpty() ? Optional.empty() : checkStanding(opened);
  }

  private Optional<Refusal> checkAnswer(BlockTime now, Opened opened) {
    Hello hello = opened.body().getHello();
    if (!hello.getPeerNonce().equals(nonce.toByteString())) {
      return refusal(RejectCode.REJECT_CODE_HANDSHAKE, "the answer does not echo the nonce");
    }
    if (expected.isPresent() && !expected.get().equals(opened.signer())) {
      return refusal(
          RejectCode.REJECT_CODE_HANDSHAKE,
          opened.signer().hex() + " answers at the address of " + expected.get().hex());
    }
    if (hello.getRulesHash().size() != Hash.SIZE) {
      return refusal(RejectCode.REJECT_CODE_BAD_FIELD, "a rules hash has 32 bytes");
    }
    return checkStanding(opened)
        .or(() ->
            hello.getBlockTimeMillis() == NO_TIME ? Optional.empty() : checkClock(now, hello));
  }

  private Optional<Refusal> checkThird(BlockTime now, Opened before, Opened opened) {
    Hello hello = opened.body().getHello();
    Hello earlier = before.body().getHello();
    if (!hello.getPeerNonce().equals(nonce.toByteString())) {
      return refusal(RejectCode.REJECT_CODE_HANDSHAKE, "the third Hello does not echo the nonce");
    }
    if (!opened.signer().equals(before.signer())
        || !hello.getNonce().equals(earlier.getNonce())
        || hello.getRole() != earlier.getRole()) {
      return refusal(
          RejectCode.REJECT_CODE_HANDSHAKE, "identity, nonce or role changed between two Hellos");
    }
    return checkStanding(opened).or(() -> checkClock(now, hello));
  }

  private Optional<Refusal> checkStanding(Opened opened) {
    if (held().isEmpty()) {
      return Optional.empty();
    }
    Hello hello = opened.body().getHello();
    Greeting.Standing known = held().get();
    if (!hello.getRulesHash().equals(known.rulesHash().toByteString())) {
      return refusal(
          RejectCode.REJECT_CODE_RULES, "the rules in force are " + known.rulesHash().hex());
    }
    if (isFar(hello.getPeriod(), known.period())
        || opened.envelope().getPayPeriod() != hello.getPeriod()) {
      return refusal(RejectCode.REJECT_CODE_WRONG_PERIOD, "this is period " + known.period());
    }
    return Optional.empty();
  }

  private Optional<Refusal> checkClock(BlockTime now, Hello hello) {
    long theirs = hello.getBlockTimeMillis();
    // compared without a difference, which a hostile number could overflow
    boolean isNear =
        theirs >= now.millis() - CLOCK_MAX_MILLIS && theirs <= now.millis() + CLOCK_MAX_MILLIS;
    return isNear || !held().map(Greeting.Standing::isSynchronised).orElse(false)
        ? Optional.empty()
        : refusal(RejectCode.REJECT_CODE_CLOCK, "block time is " + now.millis() + " here");
  }

  /** What this side says of the chain and holds the other to. */
  private Optional<Greeting.Standing> held() {
    return self.standing().filter(known -> known.isSynchronised() || !isDialer);
  }

  private static boolean isFar(long period, long own) {
    return period < own - 1 || period > own + 1;
  }

  private List<HandshakeStep> refusedByPeer(Envelope envelope) {
    state = CLOSED;
    Reject reject =
        Optional.of(envelope)
            .filter(small -> small.getBody().size() <= HELLO_BYTES_MAX)
            .flatMap(small -> Canonical.decode(Reject.parser(), Bytes.of(small.getBody())))
            .orElse(Reject.getDefaultInstance());
    String detail = reject.getDetail();
    return List.of(
        new HandshakeStep.CancelTimer(),
        new HandshakeStep.Closed(
            reject.getCode(), detail.substring(0, Math.min(DETAIL_MAX, detail.length())), true));
  }

  private List<HandshakeStep> refuse(Refusal refusal) {
    state = CLOSED;
    Reject reject = Reject.newBuilder().setCode(refusal.why()).setDetail(refusal.detail()).build();
    return List.of(
        new HandshakeStep.Send(
            Envelopes.sealMessage(self.chain(), self.identity(), period(), reject)),
        new HandshakeStep.CancelTimer(),
        new HandshakeStep.Closed(refusal.why(), refusal.detail(), false));
  }

  private HandshakeStep send(Hello.Builder hello, Bytes peerNonce) {
    hello
        .setNonce(nonce.toByteString())
        .setPeerNonce(peerNonce.toByteString())
        .setChannelBinding(binding.toByteString());
    return new HandshakeStep.Send(
        Envelopes.sealMessage(self.chain(), self.identity(), hello.getPeriod(), hello.build()));
  }

  private long period() {
    return self.standing().map(Greeting.Standing::period).orElse(0L);
  }

  private void requireState(State wanted) {
    if (state != wanted) {
      throw new IllegalStateException("handshake is " + state + ", not " + wanted);
    }
  }

  private static Optional<Refusal> refusal(RejectCode why, String detail) {
    return Optional.of(new Refusal(why, detail));
  }
}
