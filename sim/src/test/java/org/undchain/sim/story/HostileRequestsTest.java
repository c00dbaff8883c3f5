package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.core.message.RejectCode.REJECT_CODE_BAD_AMOUNT;
import static org.undchain.core.message.RejectCode.REJECT_CODE_BAD_FIELD;
import static org.undchain.core.message.RejectCode.REJECT_CODE_BAD_KEY;
import static org.undchain.core.message.RejectCode.REJECT_CODE_BAD_SIGNATURE;
import static org.undchain.core.message.RejectCode.REJECT_CODE_MALFORMED;
import static org.undchain.core.message.RejectCode.REJECT_CODE_NONCE_OUT_OF_WINDOW;
import static org.undchain.core.message.RejectCode.REJECT_CODE_NONCE_USED;
import static org.undchain.core.message.RejectCode.REJECT_CODE_NOT_AUTHORISED;
import static org.undchain.core.message.RejectCode.REJECT_CODE_NOT_VALID_NOW;
import static org.undchain.core.message.RejectCode.REJECT_CODE_NO_ACCOUNT;
import static org.undchain.core.message.RejectCode.REJECT_CODE_NO_FUNDS;
import static org.undchain.core.message.RejectCode.REJECT_CODE_TOO_LARGE;
import static org.undchain.core.message.RejectCode.REJECT_CODE_TOO_MANY_PENDING;
import static org.undchain.core.message.RejectCode.REJECT_CODE_UNKNOWN_JOB;
import static org.undchain.core.message.RejectCode.REJECT_CODE_UNKNOWN_TYPE;
import static org.undchain.core.message.RejectCode.REJECT_CODE_WINDOW_TOO_LONG;
import static org.undchain.core.message.RejectCode.REJECT_CODE_WRONG_CHAIN;
import static org.undchain.core.message.RejectCode.REJECT_CODE_WRONG_PERIOD;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.partner;
import static org.undchain.sim.Cast.validators;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.message.Cancel;
import org.undchain.core.message.Entry;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Evidence;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Request;
import org.undchain.core.message.Transfer;
import org.undchain.core.message.UtilityClass;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.sim.Scenario;

/** What a validator answers to whoever hands it wrong entries: one typed reason for each. */
class HostileRequestsTest {
  private final Scenario story =
      Scenario.with(
              validators(4),
              client("ann"),
              client("bob", 1_000_000),
              client("poor", 500),
              partner("pat"))
          .begin();

  /** Wrong bytes, and the reason that comes back. */
  private record Row(String name, String from, Envelope entry, RejectCode code) {}

  @Test
  @Tag("case-11")
  @Tag("case-63")
  @Tag("case-79")
  void everyKindOfWrongEntryIsRefusedWithItsReasonAndTheChainGoesOn() {
    story.until(2, 100);
    for (Row row : rows()) {
      int before = story.rejects(row.from()).size();
      story.submit(row.from(), row.entry(), List.of(story.validator(1)));
      story.simulation().runUntil(story.simulation().now().plusMillis(20));
      List<Reject> answers = story.rejects(row.from());
      assertThat(answers.subList(before, answers.size()))
          .as(row.name())
          .extracting(Reject::getCode)
          .containsExactly(row.code());
    }
    Envelope good = story.transfer("ann", "bob", 5, 1);
    story.submit("ann", good, List.of(story.validator(1)));
    story.until(5, 0);
    assertThat(story.chronicle().resultOf(story.idOf(good))).contains(EntryResult.ENTRY_RESULT_OK);
  }

  private List<Row> rows() {
    Envelope good = seal("ann", transfer().build());
    ByteString body = good.getBody();
    return List.of(
        row("truncated", signed(body.substring(0, body.size() - 1)), REJECT_CODE_MALFORMED),
        row("oversize", signed(ByteString.copyFrom(new byte[8193])), REJECT_CODE_TOO_LARGE),
        row("fields twice", signed(body.concat(body)), REJECT_CODE_MALFORMED),
        row("unknown field", signed(body.concat(hex("f80101"))), REJECT_CODE_MALFORMED),
        row("long varint", signed(hex("088100")), REJECT_CODE_MALFORMED),
        row("default written out", signed(hex("0800")), REJECT_CODE_MALFORMED),
        row(
            "another chain",
            good.toBuilder().setChainTag(hex("0102030405060708")).build(),
            REJECT_CODE_WRONG_CHAIN),
        row("unknown type", good.toBuilder().setType(99).build(), REJECT_CODE_UNKNOWN_TYPE),
        row("a message as entry", good.toBuilder().setKind(7).build(), REJECT_CODE_UNKNOWN_TYPE),
        row("bad signature", good.toBuilder().setSig(flipped(good)).build(), badSignature()),
        row("no signature", good.toBuilder().clearSig().build(), badSignature()),
        row("signature of another type", good.toBuilder().setType(2).build(), badSignature()),
        row(
            "signature of another period",
            good.toBuilder().setPayPeriod(1).build(),
            badSignature()),
        row(
            "key of small order",
            good.toBuilder().setSigner(hex("01" + "00".repeat(31))).build(),
            REJECT_CODE_BAD_KEY),
        row("key of 31 bytes", good.toBuilder().setSigner(hex("07".repeat(31))).build(), badKey()),
        row("wrong period", seal("ann", 5, transfer().build()), REJECT_CODE_WRONG_PERIOD),
        row("over", entry(transfer().setValidFrom(0).setValidTo(1)), REJECT_CODE_NOT_VALID_NOW),
        row("early", entry(transfer().setValidFrom(9).setValidTo(9)), REJECT_CODE_NOT_VALID_NOW),
        row("long window", entry(transfer().setValidTo(90)), REJECT_CODE_WINDOW_TOO_LONG),
        row("window of 2^64", entry(transfer().setValidTo(-1)), REJECT_CODE_WINDOW_TOO_LONG),
        row("amount 0", entry(transfer().setAmount(0)), REJECT_CODE_BAD_AMOUNT),
        row("amount -1", entry(transfer().setAmount(-1)), REJECT_CODE_BAD_AMOUNT),
        row("amount 2^62", entry(transfer().setAmount(1L << 62)), REJECT_CODE_BAD_AMOUNT),
        row("nonce 0", entry(transfer().setNonce(0)), REJECT_CODE_NONCE_OUT_OF_WINDOW),
        row("nonce 65", entry(transfer().setNonce(65)), REJECT_CODE_NONCE_OUT_OF_WINDOW),
        row("nonce -1", entry(transfer().setNonce(-1)), REJECT_CODE_NONCE_OUT_OF_WINDOW),
        row("to of 31 bytes", entry(transfer().setTo(hex("07".repeat(31)))), REJECT_CODE_BAD_FIELD),
        row("no such job", seal("ann", cancel()), REJECT_CODE_UNKNOWN_JOB),
        row("17 seats", seal("ann", request(17, 1)), REJECT_CODE_BAD_FIELD),
        row("price 0", seal("ann", request(1, 0)), REJECT_CODE_BAD_AMOUNT),
        row("price -1", seal("ann", request(1, -1)), REJECT_CODE_BAD_AMOUNT),
        row("evidence of a client", seal("ann", evidence()), REJECT_CODE_NOT_AUTHORISED),
        new Row("no account", "pat", seal("pat", transfer().build()), REJECT_CODE_NO_ACCOUNT),
        new Row("no funds", "poor", seal("poor", transfer().build()), REJECT_CODE_NO_FUNDS),
        new Row(
            "request without funds", "poor", seal("poor", request(1, 1)), REJECT_CODE_NO_FUNDS));
  }

  @Test
  @Tag("R4.17a")
  void aRequestThatItsEscrowOverdrawsCostsTheFeeOnly() {
    story.until(2, 100);
    Envelope dear = seal("bob", request(1, 5_000_000));
    story.submit("bob", dear, story.validators());
    story.until(5, 0);
    assertThat(story.chronicle().resultOf(story.idOf(dear)))
        .contains(EntryResult.ENTRY_RESULT_NO_FUNDS);
    assertThat(story.balance("bob")).isBetween(990_000L, 999_999L);
  }

  @Test
  @Tag("case-6")
  @Tag("R4.2")
  void aDuplicateGetsTheSameAnswerAndAReplayedEntryItsResult() {
    story.until(2, 100);
    Envelope entry = story.transfer("ann", "bob", 7, 1);
    Hash id = story.idOf(entry);
    for (int i = 0; i < 3; i++) {
      story.submit("ann", entry, List.of(story.validator(1)));
      story.until(2, 300 + 200 * i);
    }
    assertThat(story.acks("ann", id)).hasSizeGreaterThanOrEqualTo(3);
    assertThat(story.acks("ann", id)).allMatch(ack -> ack.getSlot() == 2);
    story.until(6, 0);
    int told = story.statuses("ann", id).size();
    story.submit("ann", entry, List.of(story.validator(1)));
    story.until(9, 0);
    assertThat(story.statuses("ann", id)).hasSize(told + 1);
    assertThat(story.rejects("ann")).isEmpty();
    assertThat(story.balance("bob") - 1_000_000).isEqualTo(7);
  }

  @Test
  @Tag("R4.2")
  void aNonceIsNotUsedForOtherContentBeforeOrAfterItsBlock() {
    story.until(2, 100);
    story.submit("ann", story.transfer("ann", "bob", 7, 1), List.of(story.validator(1)));
    story.submit("ann", story.transfer("ann", "bob", 8, 1), List.of(story.validator(1)));
    story.until(5, 100);
    story.submit("ann", story.transfer("ann", "bob", 9, 1), List.of(story.validator(2)));
    story.until(7, 0);
    assertThat(story.rejects("ann"))
        .extracting(Reject::getCode)
        .containsExactly(REJECT_CODE_NONCE_USED, REJECT_CODE_NONCE_USED);
    assertThat(story.balance("bob") - 1_000_000).isEqualTo(7);
  }

  @Test
  @Tag("R4.2")
  void theSeventeenthEntryThatWaitsIsRefused() {
    story.until(2, 100);
    for (int nonce = 1; nonce <= 18; nonce++) {
      story.submit("ann", story.transfer("ann", "bob", 1, nonce), List.of(story.validator(1)));
    }
    story.until(5, 0);
    assertThat(story.rejects("ann"))
        .extracting(Reject::getCode)
        .containsExactly(REJECT_CODE_TOO_MANY_PENDING, REJECT_CODE_TOO_MANY_PENDING);
    assertThat(story.balance("bob") - 1_000_000).isEqualTo(16);
  }

  // --------------------------------------------------------------------- making

  private static RejectCode badSignature() {
    return REJECT_CODE_BAD_SIGNATURE;
  }

  private static RejectCode badKey() {
    return REJECT_CODE_BAD_KEY;
  }

  private static Row row(String name, Envelope entry, RejectCode code) {
    return new Row(name, "ann", entry, code);
  }

  private Transfer.Builder transfer() {
    return Transfer.newBuilder()
        .setNonce(1)
        .setValidFrom(2)
        .setValidTo(9)
        .setTo(story.id("bob").toByteString())
        .setAmount(5);
  }

  private static Cancel cancel() {
    return Cancel.newBuilder()
        .setNonce(1)
        .setValidFrom(2)
        .setValidTo(9)
        .setJobId(Hash.ZERO.toByteString())
        .build();
  }

  private static Request request(int seats, long price) {
    return Request.newBuilder()
        .setNonce(1)
        .setValidFrom(2)
        .setValidTo(9)
        .setUtility(UtilityClass.UTILITY_CLASS_STORAGE)
        .setSeats(seats)
        .setMaxPerPartner(price)
        .setStartBy(20)
        .build();
  }

  private static Evidence evidence() {
    return Evidence.newBuilder().setValidFrom(2).setValidTo(9).setCode(1).build();
  }

  private Envelope entry(Transfer.Builder transfer) {
    return seal("ann", transfer.build());
  }

  private Envelope seal(String from, Message body) {
    return seal(from, 0, body);
  }

  private Envelope seal(String from, long period, Message body) {
    return Envelopes.sealEntry(story.chain().context(), story.signer(from), period, body);
  }

  /** A body that is no transfer, under a good signature. */
  private Envelope signed(ByteString body) {
    Bytes signed =
        Envelopes.signedBytes(
            story.chain().context(),
            EnvelopeKind.ENVELOPE_KIND_ENTRY,
            Entry.TRANSFER_FIELD_NUMBER,
            0,
            story.id("ann"),
            Bytes.of(body));
    return seal("ann", transfer().build()).toBuilder()
        .setBody(body)
        .setSig(story.signer("ann").sign(signed).toByteString())
        .build();
  }

  private static ByteString flipped(Envelope envelope) {
    byte[] sig = envelope.getSig().toByteArray();
    sig[40] ^= 1;
    return ByteString.copyFrom(sig);
  }

  private static ByteString hex(String hex) {
    return Bytes.ofHex(hex).toByteString();
  }
}
