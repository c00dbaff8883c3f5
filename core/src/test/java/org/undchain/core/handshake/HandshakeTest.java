package org.undchain.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Hello;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Role;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;

@Tag("R1")
class HandshakeTest {
  private static final SignatureCheck CHECK = Ed25519.check(Optional.empty());
  private static final ChainContext CHAIN = new ChainContext(hash(1), hash(2));
  private static final Hash RULES = hash(3);
  private static final Hash BINDING = hash(4);
  private static final BlockTime NOW = new BlockTime(1_000_000);
  private final Signer ann = signer(10);
  private final Signer val = signer(11);

  @Test
  void twoValidatorsAreReadyAfterThreeHellos() {
    Pair pair = pair(validator(ann, 7), validator(val, 8));
    pair.run(NOW, NOW.plusMillis(1999));
    assertThat(pair.dialer.state()).isEqualTo(Handshake.State.READY);
    assertThat(pair.acceptor.state()).isEqualTo(Handshake.State.READY);
    assertThat(pair.peerOfDialer().id()).isEqualTo(val.id());
    assertThat(pair.peerOfAcceptor().id()).isEqualTo(ann.id());
    assertThat(pair.peerOfAcceptor().role()).isEqualTo(Role.ROLE_VALIDATOR);
  }

  @Test
  void aNewcomerTakesPeriodRulesAndTimeFromTheAnswer() {
    Greeting newcomer = Greeting.newcomer(CHAIN, ann, Role.ROLE_CLIENT, true);
    Pair pair = pair(newcomer, validator(val, 70));
    pair.run(NOW.plusMillis(3_600_000), NOW); // its own clock is an hour off the chain's
    assertThat(pair.peerOfDialer().period()).isEqualTo(70);
    assertThat(pair.peerOfDialer().rulesHash()).isEqualTo(RULES);
    assertThat(pair.peerOfDialer().blockTime()).isEqualTo(NOW);
    assertThat(pair.peerOfAcceptor().role()).isEqualTo(Role.ROLE_CLIENT);
  }

  @Test
  @Tag("R3.1")
  void whoeverMeasuresClocksTakesPeriodAndTimeFromTheAnswerThoughItHasAChain() {
    Pair pair = pair(measuring(ann, 2), validator(val, 70));
    pair.run(NOW.plusMillis(3_600_000), NOW);
    assertThat(pair.peerOfDialer().period()).isEqualTo(70);
    assertThat(pair.peerOfAcceptor().role()).isEqualTo(Role.ROLE_VALIDATOR);
  }

  @Test
  @Tag("R3.1")
  void whoeverMeasuresClocksIsReachedThoughItsClockIsWrong() {
    for (Greeting dialer : List.of(validator(ann, 7), measuring(ann, 7))) {
      Pair pair = pair(dialer, measuring(val, 7));
      pair.run(NOW, NOW.plusMillis(3_600_000));
      assertThat(pair.peerOfDialer().id()).isEqualTo(val.id());
      assertThat(pair.peerOfAcceptor().id()).isEqualTo(ann.id());
    }
  }

  /** What a first Hello may get wrong, and the code that says so. */
  enum WrongFirst {
    NETWORK(RejectCode.REJECT_CODE_WRONG_NET, hello -> hello.setNetworkId(hash(9).toByteString())),
    CHAIN(RejectCode.REJECT_CODE_WRONG_CHAIN, hello -> hello.setChainId(hash(9).toByteString())),
    VERSION(RejectCode.REJECT_CODE_VERSION, hello -> hello.setVersionMin(2000).setVersionMax(2001)),
    RULES(RejectCode.REJECT_CODE_RULES, hello -> hello.setRulesHash(hash(9).toByteString())),
    DEVNET(RejectCode.REJECT_CODE_RULES, hello -> hello.setDevnet(false)),
    PERIOD(RejectCode.REJECT_CODE_WRONG_PERIOD, hello -> hello.setPeriod(9)),
    PERIOD_BEYOND_ALL(RejectCode.REJECT_CODE_WRONG_PERIOD, hello -> hello.setPeriod(-1)),
    BINDING(
        RejectCode.REJECT_CODE_HANDSHAKE, hello -> hello.setChannelBinding(hash(9).toByteString())),
    NO_BINDING(RejectCode.REJECT_CODE_HANDSHAKE, Hello.Builder::clearChannelBinding),
    PEER_NONCE(
        RejectCode.REJECT_CODE_HANDSHAKE, hello -> hello.setPeerNonce(hash(9).toByteString())),
    SHORT_NONCE(
        RejectCode.REJECT_CODE_BAD_FIELD,
        hello -> hello.setNonce(ByteString.copyFrom(new byte[31]))),
    ROLE(RejectCode.REJECT_CODE_BAD_FIELD, hello -> hello.setRoleValue(77));

    private final RejectCode code;
    private final UnaryOperator<Hello.Builder> change;

    WrongFirst(RejectCode code, UnaryOperator<Hello.Builder> change) {
      this.code = code;
      this.change = change;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWrongFirstHelloIsRefusedWithItsReason(WrongFirst wrong) {
    Pair pair = pair(validator(ann, 7), validator(val, 7));
    Envelope sent = pair.first(NOW);
    assertThat(closing(pair.acceptor.onEnvelope(NOW, changed(sent, wrong.change))))
        .isEqualTo(wrong.code);
    assertThat(pair.acceptor.state()).isEqualTo(Handshake.State.CLOSED);
  }

  /** What the third Hello may get wrong though the first was good. */
  enum WrongThird {
    NO_ECHO(RejectCode.REJECT_CODE_HANDSHAKE, Hello.Builder::clearPeerNonce),
    OTHER_ECHO(
        RejectCode.REJECT_CODE_HANDSHAKE, hello -> hello.setPeerNonce(hash(9).toByteString())),
    OTHER_NONCE(RejectCode.REJECT_CODE_HANDSHAKE, hello -> hello.setNonce(hash(9).toByteString())),
    OTHER_ROLE(RejectCode.REJECT_CODE_HANDSHAKE, hello -> hello.setRole(Role.ROLE_CLIENT)),
    NO_RULES(RejectCode.REJECT_CODE_RULES, Hello.Builder::clearRulesHash),
    EARLY(
        RejectCode.REJECT_CODE_CLOCK,
        hello -> hello.setBlockTimeMillis(NOW.millis() - Handshake.CLOCK_MAX_MILLIS - 1)),
    LATE(
        RejectCode.REJECT_CODE_CLOCK,
        hello -> hello.setBlockTimeMillis(NOW.millis() + Handshake.CLOCK_MAX_MILLIS + 1)),
    NO_TIME(RejectCode.REJECT_CODE_CLOCK, Hello.Builder::clearBlockTimeMillis),
    END_OF_TIME(RejectCode.REJECT_CODE_CLOCK, hello -> hello.setBlockTimeMillis(Long.MIN_VALUE));

    private final RejectCode code;
    private final UnaryOperator<Hello.Builder> change;

    WrongThird(RejectCode code, UnaryOperator<Hello.Builder> change) {
      this.code = code;
      this.change = change;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWrongThirdHelloIsRefusedWithItsReason(WrongThird wrong) {
    Pair pair = pair(validator(ann, 7), validator(val, 7));
    Envelope third = pair.third(NOW);
    assertThat(closing(pair.acceptor.onEnvelope(NOW, changed(third, wrong.change))))
        .isEqualTo(wrong.code);
  }

  @Test
  @Tag("case-53")
  void anOldHandshakeReplayedWordForWordIsRefused() {
    Pair once = pair(validator(ann, 7), validator(val, 7));
    Envelope first = once.first(NOW);
    Envelope answer = sent(once.acceptor.onEnvelope(NOW, first));
    Envelope third = sent(once.dialer.onEnvelope(NOW, answer));
    Handshake again = Handshake.acceptor(validator(val, 7), hash(77).bytes(), BINDING, CHECK);
    again.start(NOW);
    assertThat(again.onEnvelope(NOW, first)).hasSize(1);
    assertThat(closing(again.onEnvelope(NOW, third))).isEqualTo(RejectCode.REJECT_CODE_HANDSHAKE);
  }

  @Test
  void anAnswerToAnotherConnectionIsRefused() {
    Pair other = pair(validator(ann, 7), validator(val, 7));
    Envelope answer = sent(other.acceptor.onEnvelope(NOW, other.first(NOW)));
    Handshake dialer =
        Handshake.dialer(validator(ann, 7), hash(78).bytes(), BINDING, CHECK, Optional.empty());
    dialer.start(NOW);
    assertThat(closing(dialer.onEnvelope(NOW, answer))).isEqualTo(RejectCode.REJECT_CODE_HANDSHAKE);
  }

  @Test
  @Tag("case-73")
  void aHelloCarriedToAnotherChannelIsRefused() {
    Handshake dialer =
        Handshake.dialer(validator(ann, 7), hash(70).bytes(), hash(5), CHECK, Optional.empty());
    Handshake acceptor = Handshake.acceptor(validator(val, 7), hash(71).bytes(), BINDING, CHECK);
    acceptor.start(NOW);
    assertThat(closing(acceptor.onEnvelope(NOW, sent(dialer.start(NOW)))))
        .isEqualTo(RejectCode.REJECT_CODE_HANDSHAKE);
  }

  @Test
  void aReflectedHelloIsRefused() {
    Handshake acceptor = Handshake.acceptor(validator(val, 7), hash(71).bytes(), BINDING, CHECK);
    acceptor.start(NOW);
    Handshake same =
        Handshake.dialer(validator(val, 7), hash(70).bytes(), BINDING, CHECK, Optional.empty());
    assertThat(closing(acceptor.onEnvelope(NOW, sent(same.start(NOW)))))
        .isEqualTo(RejectCode.REJECT_CODE_HANDSHAKE);
  }

  @Test
  @Tag("case-73")
  void anotherIdentityThanTheOneDialedIsRefused() {
    Handshake dialer =
        Handshake.dialer(
            validator(ann, 7), hash(70).bytes(), BINDING, CHECK, Optional.of(signer(12).id()));
    Handshake acceptor = Handshake.acceptor(validator(val, 7), hash(71).bytes(), BINDING, CHECK);
    acceptor.start(NOW);
    Envelope answer = sent(acceptor.onEnvelope(NOW, sent(dialer.start(NOW))));
    assertThat(closing(dialer.onEnvelope(NOW, answer))).isEqualTo(RejectCode.REJECT_CODE_HANDSHAKE);
  }

  @Test
  @Tag("case-64")
  @Tag("R0.4")
  void aHelloUnderASmallOrderKeyOrWithAChangedSignatureIsRefused() {
    Envelope good = pair(validator(ann, 7), validator(val, 7)).first(NOW);
    byte[] identityPoint = new byte[32];
    identityPoint[0] = 1;
    Envelope small = good.toBuilder().setSigner(ByteString.copyFrom(identityPoint)).build();
    assertThat(answerTo(small)).isEqualTo(RejectCode.REJECT_CODE_BAD_KEY);
    byte[] sig = good.getSig().toByteArray();
    sig[5] ^= 1;
    Envelope forged = good.toBuilder().setSig(ByteString.copyFrom(sig)).build();
    assertThat(answerTo(forged)).isEqualTo(RejectCode.REJECT_CODE_BAD_SIGNATURE);
    assertThat(answerTo(good.toBuilder().clearSig().build()))
        .isEqualTo(RejectCode.REJECT_CODE_BAD_SIGNATURE);
  }

  @Test
  void whatIsNoHelloIsRefusedBeforeAnythingElse() {
    Envelope good = pair(validator(ann, 7), validator(val, 7)).first(NOW);
    assertThat(answerTo(Envelope.getDefaultInstance())).isEqualTo(RejectCode.REJECT_CODE_HANDSHAKE);
    assertThat(answerTo(good.toBuilder().setType(WireMessage.GET_FIELD_NUMBER).build()))
        .isEqualTo(RejectCode.REJECT_CODE_HANDSHAKE);
    assertThat(
            answerTo(
                good.toBuilder()
                    .setBody(good.getBody().concat(ByteString.copyFrom(new byte[] {1})))
                    .build()))
        .isEqualTo(RejectCode.REJECT_CODE_MALFORMED);
    ByteString huge = ByteString.copyFrom(new byte[Handshake.HELLO_BYTES_MAX + 1]);
    assertThat(answerTo(good.toBuilder().setBody(huge).build()))
        .isEqualTo(RejectCode.REJECT_CODE_TOO_LARGE);
  }

  @Test
  void sixSecondsOfSilenceCloseEitherSide() {
    Pair pair = pair(validator(ann, 7), validator(val, 7));
    assertThat(pair.dialer.start(NOW)).contains(new HandshakeStep.SetTimer(NOW.plusMillis(6000)));
    assertThat(closing(pair.dialer.onTimer())).isEqualTo(RejectCode.REJECT_CODE_HANDSHAKE);
    assertThat(closing(pair.acceptor.onTimer())).isEqualTo(RejectCode.REJECT_CODE_HANDSHAKE);
    assertThat(pair.acceptor.onTimer()).isEmpty();
  }

  @Test
  void aRefusalOfTheOtherSideClosesWithoutAnAnswer() {
    Pair pair = pair(validator(ann, 7), validator(val, 7));
    Envelope wrong =
        changed(pair.first(NOW), hello -> hello.setVersionMin(2000).setVersionMax(2000));
    Envelope reject = sent(pair.acceptor.onEnvelope(NOW, wrong));
    assertThat(pair.dialer.onEnvelope(NOW, reject))
        .contains(
            new HandshakeStep.Closed(
                RejectCode.REJECT_CODE_VERSION, "this node speaks 1000 to 1000", true))
        .noneMatch(step -> step instanceof HandshakeStep.Send);
  }

  private RejectCode answerTo(Envelope envelope) {
    Handshake acceptor = Handshake.acceptor(validator(val, 7), hash(71).bytes(), BINDING, CHECK);
    acceptor.start(NOW);
    return closing(acceptor.onEnvelope(NOW, envelope));
  }

  /** The same Hello with other content, signed by ann for the same period. */
  private Envelope changed(Envelope envelope, UnaryOperator<Hello.Builder> change) {
    try {
      Hello.Builder hello = Hello.parseFrom(envelope.getBody()).toBuilder();
      return Envelopes.seal(
          CHAIN,
          ann,
          EnvelopeKind.ENVELOPE_KIND_MESSAGE,
          WireMessage.HELLO_FIELD_NUMBER,
          7,
          change.apply(hello).build());
    } catch (com.google.protobuf.InvalidProtocolBufferException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static RejectCode closing(List<HandshakeStep> steps) {
    assertThat(steps.getLast()).isInstanceOf(HandshakeStep.Closed.class);
    return ((HandshakeStep.Closed) steps.getLast()).why();
  }

  private static Envelope sent(List<HandshakeStep> steps) {
    return steps.stream()
        .filter(HandshakeStep.Send.class::isInstance)
        .map(step -> ((HandshakeStep.Send) step).message())
        .findFirst()
        .orElseThrow();
  }

  private static Pair pair(Greeting dialer, Greeting acceptor) {
    return new Pair(
        Handshake.dialer(dialer, hash(70).bytes(), BINDING, CHECK, Optional.empty()),
        Handshake.acceptor(acceptor, hash(71).bytes(), BINDING, CHECK));
  }

  private static final class Pair {
    final Handshake dialer;
    final Handshake acceptor;
    final List<HandshakeStep> dialerSteps = new ArrayList<>();
    final List<HandshakeStep> acceptorSteps = new ArrayList<>();

    Pair(Handshake dialer, Handshake acceptor) {
      this.dialer = dialer;
      this.acceptor = acceptor;
    }

    Envelope first(BlockTime now) {
      acceptor.start(now);
      return sent(dialer.start(now));
    }

    Envelope third(BlockTime now) {
      return sent(dialer.onEnvelope(now, sent(acceptor.onEnvelope(now, first(now)))));
    }

    void run(BlockTime dialerNow, BlockTime acceptorNow) {
      acceptor.start(acceptorNow);
      Envelope answer = sent(acceptor.onEnvelope(acceptorNow, sent(dialer.start(dialerNow))));
      dialerSteps.addAll(dialer.onEnvelope(dialerNow, answer));
      acceptorSteps.addAll(acceptor.onEnvelope(acceptorNow, sent(dialerSteps)));
    }

    KnownPeer peerOfDialer() {
      return ((HandshakeStep.Ready) dialerSteps.getLast()).peer();
    }

    KnownPeer peerOfAcceptor() {
      return ((HandshakeStep.Ready) acceptorSteps.getLast()).peer();
    }
  }

  private static Greeting validator(Signer identity, long period) {
    return validator(identity, period, true);
  }

  /** A validator that does not know yet what time it is. */
  private static Greeting measuring(Signer identity, long period) {
    return validator(identity, period, false);
  }

  private static Greeting validator(Signer identity, long period, boolean isSynchronised) {
    return new Greeting(
        CHAIN,
        identity,
        Role.ROLE_VALIDATOR,
        true,
        Optional.of(new Greeting.Standing(RULES, period, isSynchronised)),
        Optional.of(new Greeting.Tip(5, 6, hash(6))),
        Optional.empty());
  }

  private static Signer signer(int seed) {
    return Ed25519.signer(hash(seed).bytes(), Optional.empty());
  }

  private static Hash hash(int seed) {
    return Hashes.sha256(new byte[] {(byte) seed});
  }
}
