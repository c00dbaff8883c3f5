package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.liveClient;
import static org.undchain.sim.Cast.livePartner;
import static org.undchain.sim.Cast.validators;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.ledger.Table;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Scenario;

/** What a client learns from the validators before it acts. */
class ReadingTest {
  private final Scenario story =
      Scenario.with(validators(4), liveClient("ann"), livePartner("paul"), livePartner("petra"))
          .begin();

  @Test
  void anAccountIsWhatMoreThanFValidatorsSay() throws Exception {
    story.until(2, 300);
    ClientNotice.Leaf leaf = read(story.id("ann").bytes());
    assertThat(leaf.isKnown()).isTrue();
    AccountLeaf account = AccountLeaf.parseFrom(leaf.value().unsafeArray());
    assertThat(account.getBalance()).isEqualTo(story.balance("ann"));
    assertThat(account.getNonceFloor()).isZero();
  }

  @Test
  void anAccountThatIsNotThereIsKnownNotToBe() {
    story.until(2, 300);
    ClientNotice.Leaf leaf = read(Hash.ZERO.bytes());
    assertThat(leaf.isKnown()).isTrue();
    assertThat(leaf.value().isEmpty()).isTrue();
  }

  /** Late answers to one question are none to the next. */
  @Test
  void thatOneAccountIsNotThereSaysNothingOfTheNext() {
    story.until(2, 300);
    story.ask("ann", new ClientCommand.ReadLeaf(Table.ACCOUNT.number(), Hash.ZERO.bytes()));
    ClientNotice.Leaf leaf = read(story.id("ann").bytes());
    assertThat(leaf.isKnown()).isTrue();
    assertThat(leaf.value().isEmpty()).isFalse();
  }

  @Test
  void whoNamesNobodyLearnsOfAllPartners() {
    story.until(2, 300);
    story.ask("ann", new ClientCommand.LookUp(List.of()));
    ClientNotice.Contacts contacts =
        story.await("ann", ClientNotice.Contacts.class, told -> true, 10_000);
    assertThat(contacts.records())
        .extracting(record -> NodeId.of(record.getId()))
        .containsExactlyInAnyOrder(story.id("paul"), story.id("petra"));
  }

  private ClientNotice.Leaf read(Bytes key) {
    story.ask("ann", new ClientCommand.ReadLeaf(Table.ACCOUNT.number(), key));
    return story.await("ann", ClientNotice.Leaf.class, told -> told.key().equals(key), 10_000);
  }
}
