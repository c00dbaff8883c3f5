package org.undchain.core.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.core.ledger.LedgerFixture.signer;

import java.util.Optional;
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
import org.undchain.core.message.Ack;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.GetReply;
import org.undchain.core.message.GetWhat;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Role;
import org.undchain.core.message.SetCert;

/** Who tells a client of validators that are none: nobody follows them. */
class FalseSetTest {
  private final Signer ann = signer("ann");
  private final Signer bob = signer("bob");
  private final LedgerFixture ledger = new LedgerFixture(ann, bob);
  private final Members members = new Members(ledger.chain);
  private final Driver client =
      new Driver(
          new ClientAgent(
              ledger.chain,
              ann,
              members.set(),
              SessionMemory.none(seed -> Ed25519.signer(seed, Optional.empty()))),
          ledger.chain.calendar().t0());
  private final OpenedEntry transfer = ledger.transfer(ann, bob.id(), 5);

  @BeforeEach
  void submit() {
    for (int i = 0; i < Members.COUNT; i++) {
      client.on(members.up(i));
    }
    client.on(new Event.CommandIn(new ClientCommand.SubmitEntry(transfer.envelope(), false)));
  }

  private static Signer stranger(int place) {
    return signer("stranger" + place);
  }

  /** A set of strangers for a period, as if it followed the true one. */
  private SetCert strangers(long period) {
    SetCert.Builder set =
        members.set().cert().toBuilder()
            .setPeriod(period)
            .setPrevSetHash(members.set().hash().toByteString());
    for (int i = 0; i < Members.COUNT; i++) {
      set.setMembers(
          i,
          set.getMembers(i).toBuilder()
              .setId(stranger(i).id().toByteString())
              .setConsensusKey(stranger(i).id().toByteString()));
    }
    return set.build();
  }

  private Ack byStrangers(long slot) {
    Ack.Builder ack = members.ack(transfer.id(), slot, 0).toBuilder().clearStamps();
    for (int i = 0; i < Members.COUNT; i++) {
      ack.addStamps(members.stamp(stranger(i).id(), stranger(i), transfer.id(), slot));
    }
    return ack.build();
  }

  @Test
  @Tag("case-8")
  @Tag("R10.9")
  void aValidatorThatNamesAFalseSetInItsAckIsNotFollowed() {
    Ack ack = byStrangers(1).toBuilder().setPeriodValidators(strangers(1)).build();
    client.on(members.from(0, ack));
    client.on(members.from(0, ack));
    strangersProveNothing();
  }

  @Test
  @Tag("case-8")
  @Tag("R10.9")
  void aSetThatDoesNotFollowTheOneBeforeIsNotFollowedWhoeverNamesIt() {
    SetCert orphan = strangers(1).toBuilder().setPrevSetHash(transfer.id().toByteString()).build();
    GetReply reply =
        GetReply.newBuilder().setWhat(GetWhat.GET_WHAT_SETCERT).addSetCerts(orphan).build();
    for (int i = 0; i < Members.COUNT; i++) {
      client.on(members.plain(members.id(i), reply));
    }
    strangersProveNothing();
  }

  /** Whoever answers where validators are searched for: its own set counts for nothing. */
  @Test
  @Tag("case-3")
  @Tag("R10.9")
  void strangersThatVouchForEachOtherAreNotHeard() {
    GetReply reply =
        GetReply.newBuilder().setWhat(GetWhat.GET_WHAT_SETCERT).addSetCerts(strangers(1)).build();
    for (int i = 0; i < Members.COUNT; i++) {
      client.on(new Event.PeerUp(stranger(i).id(), Role.ROLE_VALIDATOR));
      client.on(members.plain(stranger(i).id(), reply));
      client.on(
          members.from(
              stranger(i), byStrangers(1).toBuilder().setPeriodValidators(strangers(1)).build()));
    }
    strangersProveNothing();
  }

  private void strangersProveNothing() {
    for (int i = 0; i < Members.COUNT; i++) {
      client.on(
          members.from(stranger(i), members.status(transfer.id(), 3, EntryResult.ENTRY_RESULT_OK)));
    }
    assertThat(client.notices).isEmpty();
    client.on(members.from(0, members.ack(transfer.id(), 1, 0, 1, 2)));
    assertThat(client.notices(ClientNotice.Promised.class)).as("the true ones still do").hasSize(1);
  }
}
