package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.liveClient;
import static org.undchain.sim.Cast.validators;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.Table;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.EvidenceLeaf;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Opening;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Caller;
import org.undchain.sim.Delay;
import org.undchain.sim.LinkProfile;
import org.undchain.sim.Observer;
import org.undchain.sim.Scenario;

/** Networks that part, lose, delay and repeat: no fork, and life within seconds of the heal. */
@Tag("slow")
class BrokenNetworkTest {
  private static final long L1_MILLIS = 10_000;

  private interface Break {
    void of(Scenario story);
  }

  private record Broken(String name, boolean isHaltAllowed, Break start) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Scenario four() {
    return Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).begin();
  }

  static Stream<Broken> partitions() {
    return Stream.of(
        new Broken("halves", true, it -> part(it, 0, 1)),
        new Broken("one alone", false, it -> part(it, 2)),
        new Broken("not transitive", false, it -> cutPair(it, 0, 1)),
        new Broken(
            "a ring",
            true,
            it -> {
              cutPair(it, 0, 2);
              cutPair(it, 1, 3);
            }),
        new Broken("flapping every 100 ms", true, it -> flap(it, 100)),
        new Broken("flapping every second", true, it -> flap(it, 1_000)),
        new Broken("flapping every 5 s", true, it -> flap(it, 5_000)));
  }

  @ParameterizedTest
  @MethodSource("partitions")
  @Tag("case-50")
  @Tag("R4.38")
  void aPartedNetworkNeverForksAndHealsWithinSeconds(Broken broken) {
    Scenario story = four();
    story.until(3, 500);
    long before = story.chronicle().height();
    broken.start().of(story);
    Envelope entry = story.transfer("ann", "bob", 7, 1);
    story.submit("ann", entry, story.validators());
    story.until(13, 500);
    if (!broken.isHaltAllowed()) {
      assertThat(story.chronicle().height()).isGreaterThan(before + 5);
    }
    heals(story, entry);
  }

  static Stream<Broken> oneWays() {
    return Stream.of(
        new Broken(
            "one link",
            false,
            it -> it.simulation().network().cutOneWay(it.validator(0), it.validator(1))),
        new Broken(
            "mute",
            false,
            it ->
                it.validators()
                    .forEach(to -> it.simulation().network().cutOneWay(it.validator(1), to))),
        new Broken(
            "deaf",
            false,
            it ->
                it.validators()
                    .forEach(from -> it.simulation().network().cutOneWay(from, it.validator(1)))),
        new Broken(
            "30 % lost one way",
            false,
            it ->
                it.simulation()
                    .network()
                    .shape((a, b, was) ->
                        a.equals(it.validator(1)) || b.equals(it.validator(1))
                            ? was.losing(300)
                            : was)));
  }

  @ParameterizedTest
  @MethodSource("oneWays")
  @Tag("case-51")
  void aLinkThatWorksOneWayOnlyStopsNobodyElse(Broken broken) {
    Scenario story = four();
    story.until(3, 500);
    long before = story.chronicle().height();
    broken.start().of(story);
    Envelope entry = story.transfer("ann", "bob", 7, 1);
    story.submit("ann", entry, story.validators());
    story.until(13, 500);
    assertThat(story.chronicle().height()).isGreaterThan(before + 5);
    heals(story, entry);
  }

  private static void heals(Scenario story, Envelope entry) {
    story.simulation().network().heal();
    story.simulation().network().shape((a, b, usual) -> usual);
    long height = story.chronicle().height();
    story
        .simulation()
        .runUntilOrFail(
            () -> story.chronicle().height() > height,
            story.simulation().now().plusMillis(L1_MILLIS),
            "a block after the heal");
    story.untilHeight(story.chronicle().height() + 1, 60_000);
    assertThat(story.chronicle().slotOf(story.idOf(entry))).isPresent();
    assertThat(story.balance("bob")).isEqualTo(1_000_007);
  }

  static Stream<Broken> slowAndLossy() {
    return Stream.of(
        shaped("30 % lost", was -> was.losing(300)),
        shaped("half of all twice", was -> was.duplicating(500)),
        shaped("all out of order", was -> was.reordering(1_000)),
        shaped("up to 2 s late", was -> delayed(was, 0, 2_000_000)),
        shaped("10 s late", was -> delayed(was, 10_000_000, 0)));
  }

  private interface Shaping {
    LinkProfile of(LinkProfile was);
  }

  private static Broken shaped(String name, Shaping shaping) {
    return new Broken(
        name, true, it -> it.simulation().network().shape((a, b, usual) -> shaping.of(usual)));
  }

  private static LinkProfile delayed(LinkProfile was, long atLeast, long spread) {
    return new LinkProfile(
        new Delay(atLeast, spread, 0),
        was.lossPerMille(),
        was.duplicatePerMille(),
        was.reorderPerMille(),
        was.corruptPerMille());
  }

  /** The client has its answer while the network is bad, or at the latest when it is good again. */
  @ParameterizedTest
  @MethodSource("slowAndLossy")
  @Tag("case-52")
  void whateverTheLinksDoAClientHearsWhatBecameOfItsEntry(Broken broken) {
    Scenario story =
        Scenario.with(validators(4), liveClient("ann"), client("bob", 1_000_000)).begin();
    story.until(3, 300);
    broken.start().of(story);
    Envelope entry = story.transfer("ann", "bob", 7, 1);
    story.ask("ann", new ClientCommand.SubmitEntry(entry, false));
    story.until(13, 0);
    story.simulation().network().shape((a, b, usual) -> usual);
    story
        .simulation()
        .runUntilOrFail(
            () ->
                story.told("ann", ClientNotice.Committed.class).size()
                        + story.told("ann", ClientNotice.Expired.class).size()
                    == 1,
            story.simulation().now().plusMillis(60_000),
            "an answer");
    boolean isIn = story.chronicle().slotOf(story.idOf(entry)).isPresent();
    assertThat(story.told("ann", ClientNotice.Committed.class)).hasSize(isIn ? 1 : 0);
    assertThat(story.balance("bob")).isEqualTo(isIn ? 1_000_007 : 1_000_000);
  }

  /** Everything that was ever said, again, from somebody else's connection. */
  @Test
  @Tag("case-53")
  void oldPacketsOfOtherHeightsAndPeriodsChangeNothing() {
    Scenario story =
        Scenario.with(validators(4), client("ann"), client("bob", 1_000_000), client("eve"))
            .period(48)
            .begin();
    List<Envelope> heard = recorded(story);
    story.until(2, 300);
    Envelope entry = story.transfer("ann", "bob", 7, 1);
    story.submit("ann", entry, story.validators());
    story.until(6, 0);
    List<Envelope> old = List.copyOf(heard);
    assertThat(old).hasSizeGreaterThan(200);
    heard.clear();
    story.until(50, 300); // behind the payout
    replay(story, old);
    story.until(56, 0);

    assertThat(story.balance("bob")).isEqualTo(1_000_007);
    assertThat(story.chronicle().height()).isGreaterThan(54);
    assertThat(story.rounds().values()).allMatch(round -> round == 0);
    assertThat(story.chronicle().state().all(Table.EVIDENCE, EvidenceLeaf.class)).isEmpty();
  }

  @Test
  @Tag("case-53")
  void packetsOfAnotherChainUnderTheSameKeysAreRefusedAtTheDoor() {
    Scenario other =
        Scenario.with(validators(4), client("ann"), client("bob", 1_000_000)).period(96).begin();
    List<Envelope> heard = recorded(other);
    other.until(2, 300);
    other.submit("ann", other.transfer("ann", "bob", 7, 1), other.validators());
    other.until(4, 0);

    Chain here = four().chain();
    int signed = 0;
    for (Envelope message : heard) {
      assertThat(refusal(here, message)).contains(RejectCode.REJECT_CODE_WRONG_CHAIN);
      if (!message.getSig().isEmpty()) {
        signed++;
        Envelope relabelled = message.toBuilder().setChainTag(here.context().tag()).build();
        assertThat(refusal(here, relabelled)).contains(RejectCode.REJECT_CODE_BAD_SIGNATURE);
      }
    }
    assertThat(signed).isGreaterThan(20);
  }

  private static Optional<RejectCode> refusal(Chain here, Envelope message) {
    return Envelopes.open(here.context(), here.signatures(), message)
            instanceof Opening.Refused<Opened> refused
        ? Optional.of(refused.code())
        : Optional.empty();
  }

  private static List<Envelope> recorded(Scenario story) {
    List<Envelope> heard = new ArrayList<>();
    story
        .simulation()
        .observe(
            new Observer() {
              @Override
              public void onSaid(NodeId from, Envelope message) {
                heard.add(message);
              }
            });
    return heard;
  }

  private static void replay(Scenario story, List<Envelope> old) {
    for (Envelope message : old) {
      if (message.getKind() != EnvelopeKind.ENVELOPE_KIND_ENTRY_VALUE) {
        story.simulation().command(story.id("eve"), new Caller.Tell(story.validator(1), message));
      }
    }
  }

  private static void part(Scenario story, int... places) {
    List<NodeId> side = new ArrayList<>();
    for (int place : places) {
      side.add(story.validator(place));
    }
    story.simulation().network().partition(side);
  }

  private static void cutPair(Scenario story, int a, int b) {
    story.simulation().network().cutOneWay(story.validator(a), story.validator(b));
    story.simulation().network().cutOneWay(story.validator(b), story.validator(a));
  }

  /** Halves, whole, halves ... for 20 s. */
  private static void flap(Scenario story, long millis) {
    for (long at = 0; at < 20_000; at += 2 * millis) {
      story.simulation().at(story.simulation().now().plusMillis(at), () -> part(story, 0, 1));
      story
          .simulation()
          .at(
              story.simulation().now().plusMillis(at + millis),
              () -> story.simulation().network().heal());
    }
  }
}
