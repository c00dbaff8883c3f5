package org.undchain.sim.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.partner;
import static org.undchain.sim.Cast.validators;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.message.Ack;
import org.undchain.core.message.Beat;
import org.undchain.core.message.Bid;
import org.undchain.core.message.ContactRecord;
import org.undchain.core.message.Contacts;
import org.undchain.core.message.Entry;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Filter;
import org.undchain.core.message.FilterNode;
import org.undchain.core.message.FilterOp;
import org.undchain.core.message.OfferControl;
import org.undchain.core.message.OfferOrder;
import org.undchain.core.message.Request;
import org.undchain.core.message.Subscribe;
import org.undchain.core.message.SubscribeCode;
import org.undchain.core.message.UtilityClass;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Caller;
import org.undchain.sim.Scenario;

/** How a client and its partners find each other across a whole chain. */
class MatchingTest {
  private final Scenario story =
      Scenario.with(validators(4), client("ann"), partner("paul"), partner("petra")).begin();

  @Test
  @Tag("R6.3")
  void allWhoAreResponsibleForAJobTellThePartnersBeforeItsBlock() {
    story.until(3, 0);
    subscribe("paul");
    subscribe("petra");
    story.until(4, 300);
    Envelope request = request();
    Hash job = story.idOf(request);
    story.submit("ann", request, List.of(story.validator(1)));
    story.until(4, 900);

    assertThat(story.chronicle().slotOf(job)).isEmpty();
    Set<NodeId> responsible = matchersIn(story.acks("ann", job));
    assertThat(responsible).hasSize(2);
    for (String name : List.of("paul", "petra")) {
      assertThat(noticesFrom(name, job)).isEqualTo(responsible);
    }
    story.until(7, 0);
    assertThat(story.chronicle().slotOf(job)).contains(4L);
    assertThat(noticesFrom("paul", job)).as("the block changes nothing").isEqualTo(responsible);
  }

  @Test
  @Tag("R6.5")
  void theClientAsksEachMatcherAndGetsEveryPartnersOwnBid() {
    story.until(3, 0);
    subscribe("paul");
    subscribe("petra");
    story.until(4, 300);
    Envelope request = request();
    Hash job = story.idOf(request);
    story.submit("ann", request, List.of(story.validator(1)));
    story.until(4, 900);
    Set<NodeId> matchers = matchersIn(story.acks("ann", job));
    for (NodeId matcher : matchers) {
      story.tell("ann", matcher, order(job, OfferOrder.OFFER_ORDER_OPEN));
      story.tell("paul", matcher, bid(job));
      story.tell("petra", matcher, bid(job));
    }
    story.until(6, 0);

    Set<NodeId> partners = Set.of(story.id("paul"), story.id("petra"));
    for (NodeId matcher : matchers) {
      assertThat(offersFrom(matcher)).isEqualTo(partners);
    }
  }

  @Test
  @Tag("R6.8")
  void whatAMatcherDidIsInItsNextBeat() {
    story.until(3, 0);
    subscribe("paul");
    story.until(4, 300);
    Envelope request = request();
    Hash job = story.idOf(request);
    story.submit("ann", request, List.of(story.validator(1)));
    story.until(4, 900);
    Set<NodeId> matchers = matchersIn(story.acks("ann", job));
    matchers.forEach(
        matcher -> story.tell("ann", matcher, order(job, OfferOrder.OFFER_ORDER_STOP)));
    story.until(8, 0);

    Set<NodeId> committed =
        story.chronicle().blocks().stream()
            .flatMap(block -> block.entries().stream())
            .filter(entry -> entry.body().getEntryCase() == Entry.EntryCase.BEAT)
            .filter(entry -> !entry.body().getBeat().getMatchRoot().isEmpty())
            .map(entry -> entry.signer())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(committed).isEqualTo(matchers);
    Beat last =
        story.chronicle().blocks().getLast().entries().stream()
            .filter(entry -> entry.body().getEntryCase() == Entry.EntryCase.BEAT)
            .map(entry -> entry.body().getBeat())
            .findFirst()
            .orElseThrow();
    assertThat(last.getPartnersActive()).isEqualTo(1);
  }

  // --- what they say
  // ------------------------------------------------------------------------------

  private void subscribe(String name) {
    ContactRecord contact =
        ContactRecord.newBuilder().setId(story.id(name).toByteString()).setSerial(1).build();
    Subscribe subscribe =
        Subscribe.newBuilder()
            .setFilter(
                Filter.newBuilder()
                    .addNodes(
                        FilterNode.newBuilder()
                            .setOp(FilterOp.FILTER_OP_UTILITY_IS)
                            .setValue(UtilityClass.UTILITY_CLASS_STORAGE_VALUE)))
            .setContact(Contacts.seal(story.chain().context(), story.signer(name), 0, contact))
            .build();
    story.validators().forEach(validator -> story.tell(name, validator, subscribe));
    story.simulation().runUntil(story.simulation().now().plusMillis(100));
    assertThat(story.answers(name))
        .hasSize(4)
        .allMatch(answer ->
            answer.body().getSubscribeReply().getCode() == SubscribeCode.SUBSCRIBE_CODE_OK);
  }

  private Envelope request() {
    long slot = story.chain().calendar().slotAt(story.simulation().now());
    Request request =
        Request.newBuilder()
            .setNonce(1)
            .setValidFrom(slot)
            .setValidTo(slot + 8)
            .setUtility(UtilityClass.UTILITY_CLASS_STORAGE)
            .setSeats(1)
            .setMaxPerPartner(1_000_000)
            .setStartBy(slot + 20)
            .build();
    return story.seal("ann", request);
  }

  private static Bid bid(Hash job) {
    return Bid.newBuilder()
        .setJobId(job.toByteString())
        .setUnitPrice(100)
        .setEphemeralKey(Hash.ZERO.toByteString())
        .setExpirySlot(20)
        .build();
  }

  private static OfferControl order(Hash job, OfferOrder order) {
    return OfferControl.newBuilder().setJobId(job.toByteString()).setOrder(order).build();
  }

  // --- what they hear
  // -----------------------------------------------------------------------------

  private static Set<NodeId> matchersIn(List<Ack> acks) {
    Set<NodeId> matchers = new TreeSet<>();
    acks.forEach(ack -> ack.getMatchersList().forEach(id -> matchers.add(NodeId.of(id))));
    return matchers;
  }

  private Set<NodeId> noticesFrom(String partner, Hash job) {
    return story.answers(partner).stream()
        .filter(answer -> answer.body().hasJobNotice())
        .filter(answer -> story.idOf(answer.body().getJobNotice().getJob()).equals(job))
        .map(Caller.Answer::from)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<NodeId> offersFrom(NodeId matcher) {
    return story.answers("ann").stream()
        .filter(answer -> answer.from().equals(matcher) && answer.body().hasOffer())
        .map(answer -> NodeId.of(answer.body().getOffer().getBid().getSigner()))
        .collect(Collectors.toSet());
  }
}
