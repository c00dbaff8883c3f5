package org.undchain.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.agent.Driver;
import org.undchain.core.agent.Members;
import org.undchain.core.agent.SessionMemory;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.LedgerFixture;
import org.undchain.core.machine.Event;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Get;
import org.undchain.core.message.GetReply;
import org.undchain.core.message.GetWhat;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.SetCert;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** A client's transfer from its first Submit to its proven result (section 4.2, R6.3). */
final class TransferTest {
  private static final int SUBMIT = WireMessage.SUBMIT_FIELD_NUMBER;
  private final Signer ann = LedgerFixture.signer("ann");
  private final Signer bob = LedgerFixture.signer("bob");
  private final LedgerFixture ledger = new LedgerFixture(ann);
  private final Members members = new Members(ledger.chain);
  private final OpenedEntry transfer = ledger.transfer(ann, bob.id(), 1_000_000);
  private Driver client = new Driver(agent(), ledger.chain.calendar().t0());

  private ClientAgent agent() {
    return new ClientAgent(
        ledger.chain,
        ann,
        members.set(),
        SessionMemory.none(seed -> Ed25519.signer(seed, Optional.empty())));
  }

  @BeforeEach
  void connect() {
    for (int i = 0; i < Members.COUNT; i++) {
      client.on(members.up(i));
    }
  }

  private void submit() {
    client.on(new Event.CommandIn(new ClientCommand.SubmitEntry(transfer.envelope(), false)));
  }

  @Test
  void anEntryGoesToAsManyValidatorsAsItsPromiseNeeds() {
    submit();
    assertThat(client.sent(SUBMIT).stream().map(Driver.Sent::to).distinct()).hasSize(3);
    assertThat(client.sent(SUBMIT)).hasSize(3);
  }

  @Test
  @Tag("R4.6")
  void enoughStampsPromiseIt() {
    submit();
    client.on(members.from(0, members.ack(transfer.id(), 1, 0, 1)));
    assertThat(client.notices).isEmpty();
    client.on(members.from(1, members.ack(transfer.id(), 1, 1, 2)));
    assertThat(client.notices)
        .containsExactly(new ClientNotice.Promised(transfer.id(), 1, 2, ascending(0, 1, 2)));
    client.on(members.from(2, members.ack(transfer.id(), 1, 0, 1, 2, 3)));
    assertThat(client.notices).hasSize(1);
  }

  @Test
  void stampsOfOneValidatorCountOnce() {
    submit();
    client.on(members.from(0, members.ack(transfer.id(), 1, 0, 0, 0, 0)));
    assertThat(client.notices).isEmpty();
  }

  @Test
  void forgedStampsDoNotCount() {
    submit();
    var forged =
        members.ack(transfer.id(), 1, 0, 1).toBuilder()
            .addStamps(members.stamp(members.id(2), bob, transfer.id(), 1))
            .addStamps(members.stamp(3, Hash.ZERO, 1))
            .build();
    client.on(members.from(0, forged));
    assertThat(client.notices).isEmpty();
  }

  @Test
  void anAckOfNoMemberIsNotHeard() {
    submit();
    client.on(members.from(bob, members.ack(transfer.id(), 1, 0, 1, 2, 3)));
    assertThat(client.notices).isEmpty();
  }

  @Test
  @Tag("R6.3")
  void twoEqualResultsProveIt() {
    submit();
    client.on(members.from(0, members.status(transfer.id(), 3, EntryResult.ENTRY_RESULT_OK)));
    assertThat(client.notices).isEmpty();
    client.on(members.from(1, members.status(transfer.id(), 3, EntryResult.ENTRY_RESULT_OK)));
    assertThat(client.notices)
        .containsExactly(
            new ClientNotice.Committed(
                transfer.id(), 3, 3, EntryResult.ENTRY_RESULT_OK, List.of()));
  }

  @Test
  @Tag("R4.6")
  void aResultThatOvertakesThePromiseNamesTheStampsSoFar() {
    submit();
    client.on(members.from(0, members.ack(transfer.id(), 3, 0)));
    client.on(members.from(1, members.ack(transfer.id(), 3, 1)));
    client.on(members.from(0, members.status(transfer.id(), 3, EntryResult.ENTRY_RESULT_OK)));
    client.on(members.from(1, members.status(transfer.id(), 3, EntryResult.ENTRY_RESULT_OK)));
    assertThat(client.notices)
        .containsExactly(
            new ClientNotice.Committed(
                transfer.id(), 3, 3, EntryResult.ENTRY_RESULT_OK, ascending(0, 1)));
  }

  @Test
  @Tag("R6.3")
  void oneLiarProvesNothing() {
    submit();
    client.on(members.from(0, members.status(transfer.id(), 3, EntryResult.ENTRY_RESULT_OK)));
    client.on(members.from(0, members.status(transfer.id(), 3, EntryResult.ENTRY_RESULT_OK)));
    client.on(members.from(bob, members.status(transfer.id(), 3, EntryResult.ENTRY_RESULT_OK)));
    client.on(members.from(1, members.status(transfer.id(), 3, EntryResult.ENTRY_RESULT_NO_FUNDS)));
    assertThat(client.notices).isEmpty();
    client.on(members.from(2, members.status(transfer.id(), 3, EntryResult.ENTRY_RESULT_NO_FUNDS)));
    assertThat(client.notices).as("two unknown validators alone prove nothing").isEmpty();
    client.on(members.from(3, members.status(transfer.id(), 3, EntryResult.ENTRY_RESULT_NO_FUNDS)));
    assertThat(client.notices(ClientNotice.Committed.class))
        .singleElement()
        .matches(done -> done.result() == EntryResult.ENTRY_RESULT_NO_FUNDS);
  }

  @Test
  void itIsSentToTheOthersUntilItsResultIsKnown() {
    submit();
    client.run(2000);
    assertThat(client.sent(SUBMIT).stream().map(Driver.Sent::to).distinct()).hasSize(4);
    client.on(members.from(0, members.status(transfer.id(), 3, EntryResult.ENTRY_RESULT_OK)));
    client.on(members.from(1, members.status(transfer.id(), 3, EntryResult.ENTRY_RESULT_OK)));
    int sent = client.sent(SUBMIT).size();
    client.run(10_000);
    assertThat(client.sent(SUBMIT)).hasSize(sent);
  }

  @Test
  void twoRefusalsWithoutAStampEndIt() {
    submit();
    client.on(members.from(0, members.reject(transfer.id(), RejectCode.REJECT_CODE_NO_FUNDS)));
    assertThat(client.notices).isEmpty();
    client.on(members.from(1, members.reject(transfer.id(), RejectCode.REJECT_CODE_NO_FUNDS)));
    assertThat(client.notices)
        .containsExactly(
            new ClientNotice.Refused(transfer.id(), RejectCode.REJECT_CODE_NO_FUNDS, ""));
  }

  @Test
  void aBusyValidatorIsPassedBy() {
    submit();
    for (int i = 0; i < Members.COUNT; i++) {
      client.on(members.from(i, members.reject(transfer.id(), RejectCode.REJECT_CODE_BUSY)));
    }
    assertThat(client.notices).isEmpty();
    client.run(2000);
    assertThat(client.sent(SUBMIT)).hasSize(6);
  }

  @Test
  void anEntryNobodyTakesExpiresAfterItsWindow() {
    submit();
    client.run(16 * ledger.chain.rules().slotMillis());
    assertThat(client.notices).isEmpty();
    client.run(6 * ledger.chain.rules().slotMillis());
    assertThat(client.notices).containsExactly(new ClientNotice.Expired(transfer.id()));
  }

  @Test
  @Tag("R4.33")
  void aHaltDoesNotLetItExpire() {
    submit();
    for (int i = 0; i < 30; i++) {
      client.on(members.from(0, members.reject(transfer.id(), RejectCode.REJECT_CODE_HALTED)));
      client.run(ledger.chain.rules().slotMillis());
    }
    assertThat(client.notices).isEmpty();
  }

  @Test
  void damagedBytesAreRefusedAtOnce() {
    var damaged = transfer.envelope().toBuilder().setSig(ann.id().toByteString()).build();
    client.on(new Event.CommandIn(new ClientCommand.SubmitEntry(damaged, false)));
    assertThat(client.notices(ClientNotice.Refused.class))
        .singleElement()
        .matches(refused -> refused.code() == RejectCode.REJECT_CODE_BAD_SIGNATURE);
  }

  @Test
  void whoHasNoConnectionYetSendsWhenItIsThere() {
    client = new Driver(agent(), ledger.chain.calendar().t0());
    submit();
    assertThat(client.sent(SUBMIT)).isEmpty();
    client.on(members.up(2));
    assertThat(client.sent(SUBMIT)).singleElement().matches(s -> s.to().equals(members.id(2)));
  }

  @Test
  @Tag("R10.9")
  void theSetOfTheNextPeriodIsTrustedWhenTwoMembersNameIt() {
    Signer key = LedgerFixture.signer("key-of-period-1");
    client.run(ledger.chain.calendar().periodSlots() * ledger.chain.rules().slotMillis());
    var get = client.sent(WireMessage.GET_FIELD_NUMBER);
    assertThat(get).hasSize(4);
    assertThat(get.getFirst().message().getBody())
        .isEqualTo(
            Get.newBuilder().setWhat(GetWhat.GET_WHAT_SETCERT).setFrom(1).build().toByteString());
    ledger.slot = ledger.chain.calendar().periodSlots();
    OpenedEntry late = ledger.transfer(ann, bob.id(), 7);
    client.on(new Event.CommandIn(new ClientCommand.SubmitEntry(late.envelope(), false)));
    var ack = members.ack(late.id(), ledger.slot, 0).toBuilder();
    ack.clearStamps();
    for (int i = 0; i < 3; i++) {
      ack.addStamps(
          members.stamp(members.set().member(i).id(), key(i, key), late.id(), ledger.slot));
    }
    client.on(members.from(0, ack.build()));
    assertThat(client.notices).isEmpty();
    GetReply reply =
        GetReply.newBuilder().setWhat(GetWhat.GET_WHAT_SETCERT).addSetCerts(nextSet(key)).build();
    client.on(members.plain(members.id(0), reply));
    client.on(members.plain(bob.id(), reply));
    assertThat(client.notices).isEmpty();
    client.on(members.plain(members.id(1), reply));
    assertThat(client.notices(ClientNotice.Promised.class)).hasSize(1);
  }

  private List<NodeId> ascending(int... places) {
    return IntStream.of(places).mapToObj(members::id).sorted().toList();
  }

  private Signer key(int place, Signer base) {
    return LedgerFixture.signer(base.id().hex() + place);
  }

  private SetCert nextSet(Signer base) {
    SetCert.Builder next =
        members.set().cert().toBuilder()
            .setPeriod(1)
            .setPrevSetHash(members.set().hash().toByteString());
    for (int i = 0; i < Members.COUNT; i++) {
      next.setMembers(
          i, next.getMembers(i).toBuilder().setConsensusKey(key(i, base).id().toByteString()));
    }
    return next.build();
  }
}
