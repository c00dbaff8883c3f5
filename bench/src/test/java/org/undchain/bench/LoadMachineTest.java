package org.undchain.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.undchain.core.agent.Mail;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Genesis;
import org.undchain.core.message.GenesisValidator;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Role;
import org.undchain.core.message.ValidatorClass;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** The load of a benchmark signs a nonce anew only when the entry before is out of the world. */
class LoadMachineTest {
  private static final int VALIDATORS = 4;

  private final Chain chain = chain();
  private final Mail mail = new Mail(chain, signer("client"));
  private final List<NodeId> validators =
      chain.genesis().getValidatorsList().stream().map(one -> NodeId.of(one.getId())).toList();
  private final Tally tally = new Tally();
  private final List<Payer.Payment> refused = new ArrayList<>();
  private final LoadMachine machine = new LoadMachine(mail, tally, payer -> {}, refused::add);
  private final Payer payer = new Payer(chain, signer("payer"), validators.getFirst());
  private final Payer.Payment entry = payer.pay(1, 0, 1).getFirst();
  private BlockTime now = new BlockTime(0);

  @Test
  void anEntryThatEverybodyRefusedIsOver() {
    handIn();
    validators.forEach(this::refuse);
    pass();
    assertThat(refused).containsExactly(entry);
  }

  @Test
  void anEntryThatAValidatorMayHaveTakenBeforeItWasGoneIsNotOver() {
    NodeId gone = handIn().getFirst();
    machine.on(now, new Event.PeerDown(gone));
    validators.stream().filter(one -> !one.equals(gone)).forEach(this::refuse);
    pass();
    assertThat(refused).isEmpty();
    assertThat(tally.read().refused()).isEmpty();
  }

  @Test
  void aRefusalOfWhomWasAskedTwiceSaysNothingAboutTheFirstTimeSoTheSameEntryComesBack() {
    NodeId gone = handIn().getFirst();
    machine.on(now, new Event.PeerDown(gone));
    machine.on(now, new Event.PeerUp(gone, Role.ROLE_VALIDATOR));
    validators.forEach(this::refuse);
    List<Effect> later = pass();
    assertThat(refused).isEmpty();
    assertThat(askedOf(later)).hasSize(3);
    assertThat(tally.read().refused()).containsEntry(RejectCode.REJECT_CODE_BUSY, 1L);
  }

  @Test
  void whoeverComesBackWithoutHavingAnsweredIsAskedAgain() {
    NodeId gone = handIn().getFirst();
    machine.on(now, new Event.PeerDown(gone));
    List<Effect> again = machine.on(now, new Event.PeerUp(gone, Role.ROLE_VALIDATOR));
    assertThat(askedOf(again)).containsExactly(gone);
  }

  @Test
  void whoeverHasTooMuchToAnswerIsAskedForNoMore() {
    List<NodeId> asked = new ArrayList<>();
    for (int i = 0; i < 2 * LoadMachine.UNANSWERED_MAX; i++) {
      asked.addAll(handIn(payer.pay(1, 0, 1).getFirst()));
    }
    validators.forEach(validator ->
        assertThat(asked).filteredOn(validator::equals).hasSize(LoadMachine.UNANSWERED_MAX));
    pass();
    assertThat(AgreeRow.refusals(tally.read().refused())).startsWith("NOT_HANDED_IN ");
    assertThat(refused).isNotEmpty();
  }

  @Test
  void whoeverAnswersIsAskedAgain() {
    for (int i = 0; i < LoadMachine.UNANSWERED_MAX; i++) {
      handIn();
      validators.forEach(this::refuse);
      pass();
    }
    assertThat(handIn()).hasSize(3);
  }

  @Test
  void whoeverWasGoneAndNeverAskedHoldsNothing() {
    NodeId gone = validators.getLast();
    machine.on(now, new Event.PeerDown(gone));
    handIn();
    validators.stream().filter(one -> !one.equals(gone)).forEach(this::refuse);
    pass();
    assertThat(refused).containsExactly(entry);
  }

  private List<NodeId> handIn() {
    return handIn(entry);
  }

  private List<NodeId> handIn(Payer.Payment payment) {
    return askedOf(
        machine.on(
            now,
            new Event.CommandIn(
                new LoadMachine.HandIn(payer, List.of(payment), System.nanoTime(), () -> {}))));
  }

  private void refuse(NodeId validator) {
    Reject reject =
        Reject.newBuilder()
            .setRef(entry.id().toByteString())
            .setCode(RejectCode.REJECT_CODE_BUSY)
            .build();
    machine.on(
        now,
        new Event.MessageIn(
            validator,
            Envelopes.open(chain.context(), chain.signatures(), mail.plain(now, reject))
                .good()
                .orElseThrow()));
  }

  private List<Effect> pass() {
    now = now.plusMillis(1000);
    return machine.on(now, new Event.TimerFired(TimerId.of("sweep")));
  }

  private static List<NodeId> askedOf(List<Effect> effects) {
    return effects.stream()
        .filter(Effect.Send.class::isInstance)
        .map(effect -> ((Effect.Send) effect).to())
        .toList();
  }

  private static Chain chain() {
    NodeId owner = signer("owner").id();
    Genesis.Builder genesis =
        Genesis.newBuilder().setVersion(1).setHashAlg(1).setOwnerKey(owner.toByteString());
    IntStream.range(0, VALIDATORS)
        .mapToObj(number -> signer("validator" + number).id())
        .sorted()
        .forEach(id ->
            genesis.addValidators(
                GenesisValidator.newBuilder()
                    .setId(id.toByteString())
                    .setConsensusKey(id.toByteString())
                    .setValidatorClass(ValidatorClass.VALIDATOR_CLASS_UNKNOWN)
                    .setActive(true)));
    return GenesisBlock.chain(
        genesis.build(),
        RunRules.devnet(Hash.ZERO, owner, VALIDATORS, List.of()),
        Ed25519.check(Optional.empty()));
  }

  private static Signer signer(String name) {
    return Ed25519.signer(
        Hashes.tagged("key", Bytes.wrap(name.getBytes(StandardCharsets.UTF_8))).bytes(),
        Optional.empty());
  }
}
