package org.undchain.core.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.Seeds;
import org.undchain.core.message.Filter;
import org.undchain.core.message.FilterNode;
import org.undchain.core.message.FilterOp;
import org.undchain.core.message.Request;
import org.undchain.core.message.UtilityClass;

@Tag("R6.1")
final class JobFilterTest {
  private static final String[] REGIONS = {"", "eu", "mars"};

  /** A predicate as a tree, evaluated the plain way; written out in prefix order. */
  private sealed interface Term {
    record Leaf(FilterNode node) implements Term {}

    record Not(Term of) implements Term {}

    record Both(FilterOp op, Term left, Term right) implements Term {}

    default boolean holds(Request job) {
      return switch (this) {
        case Leaf(FilterNode node) -> leafHolds(node, job);
        case Not(Term of) -> !of.holds(job);
        case Both(FilterOp op, Term left, Term right) ->
            op == FilterOp.FILTER_OP_AND
                ? left.holds(job) && right.holds(job)
                : left.holds(job) || right.holds(job);
      };
    }

    default void write(List<FilterNode> out) {
      switch (this) {
        case Leaf(FilterNode node) -> out.add(node);
        case Not(Term of) -> {
          out.add(node(FilterOp.FILTER_OP_NOT));
          of.write(out);
        }
        case Both(FilterOp op, Term left, Term right) -> {
          out.add(node(op));
          left.write(out);
          right.write(out);
        }
      }
    }
  }

  @Test
  void everyWellFormedFilterAnswersAsItsTree() {
    Seeds.forEachSeed(
        2000,
        random -> {
          Term term = term(random, JobFilter.NODES_MAX);
          List<FilterNode> nodes = new ArrayList<>();
          term.write(nodes);
          JobFilter filter = JobFilter.of(filter(nodes)).orElseThrow();
          for (int i = 0; i < 8; i++) {
            Request job = job(random);
            assertThat(filter.fits(job)).as("%s on %s", nodes, job).isEqualTo(term.holds(job));
          }
        });
  }

  @Test
  void arbitraryNodesAreRefusedOrAnswered() {
    Seeds.forEachSeed(
        2000,
        random -> {
          List<FilterNode> nodes = new ArrayList<>();
          int count = random.nextInt(40);
          for (int i = 0; i < count; i++) {
            nodes.add(
                FilterNode.newBuilder()
                    .setOpValue(random.nextInt(12))
                    .setValue(random.nextInt(3) == 0 ? random.nextLong() : 0)
                    .setText(REGIONS[random.nextInt(3)])
                    .build());
          }
          JobFilter.of(filter(nodes)).ifPresent(filter -> filter.fits(job(random)));
        });
  }

  @Test
  void aFilterWithoutOneRootIsRefused() {
    assertRefused();
    assertRefused(node(FilterOp.FILTER_OP_AND), node(FilterOp.FILTER_OP_TRUE));
    assertRefused(node(FilterOp.FILTER_OP_NOT));
    assertRefused(node(FilterOp.FILTER_OP_TRUE), node(FilterOp.FILTER_OP_TRUE));
    assertRefused(node(FilterOp.FILTER_OP_TRUE), node(FilterOp.FILTER_OP_NOT));
  }

  @Test
  void aNodeWithWhatItsKindDoesNotUseIsRefused() {
    assertRefused(node(FilterOp.FILTER_OP_UNSPECIFIED));
    assertRefused(FilterNode.newBuilder().setOpValue(99).build());
    assertRefused(FilterNode.newBuilder().setOp(FilterOp.FILTER_OP_TRUE).setValue(1).build());
    assertRefused(value(FilterOp.FILTER_OP_UTILITY_IS, 0));
    assertRefused(value(FilterOp.FILTER_OP_UTILITY_IS, 4));
    assertRefused(value(FilterOp.FILTER_OP_PRICE_AT_LEAST, -1));
    assertRefused(value(FilterOp.FILTER_OP_SIZE_AT_MOST, 1).toBuilder().setText("x").build());
    assertRefused(region("seventeen letters"));
    assertRefused(region("zürich"));
  }

  @Test
  void theLongestFilterIsTakenAndOneLongerRefused() {
    List<FilterNode> nodes = new ArrayList<>();
    for (int i = 0; i < JobFilter.NODES_MAX - 1; i++) {
      nodes.add(node(FilterOp.FILTER_OP_NOT));
    }
    nodes.add(node(FilterOp.FILTER_OP_TRUE));
    assertThat(JobFilter.of(filter(nodes)).orElseThrow().fits(Request.getDefaultInstance()))
        .isFalse();
    nodes.addFirst(node(FilterOp.FILTER_OP_NOT));
    assertThat(JobFilter.of(filter(nodes))).isEmpty();
  }

  private static void assertRefused(FilterNode... nodes) {
    assertThat(JobFilter.of(filter(List.of(nodes)))).isEmpty();
  }

  private static Term term(SplittableRandom random, int room) {
    int kind = room < 3 ? 0 : random.nextInt(4);
    if (kind == 0) {
      return new Term.Leaf(leaf(random));
    }
    if (kind == 1) {
      return new Term.Not(term(random, room - 1));
    }
    int left = 1 + random.nextInt(room - 2);
    return new Term.Both(
        kind == 2 ? FilterOp.FILTER_OP_AND : FilterOp.FILTER_OP_OR,
        term(random, left),
        term(random, room - 1 - left));
  }

  private static FilterNode leaf(SplittableRandom random) {
    return switch (random.nextInt(5)) {
      case 0 -> value(FilterOp.FILTER_OP_UTILITY_IS, 1 + random.nextInt(3));
      case 1 -> value(FilterOp.FILTER_OP_PRICE_AT_LEAST, random.nextInt(5));
      case 2 -> value(FilterOp.FILTER_OP_SIZE_AT_MOST, random.nextInt(5));
      case 3 -> region(REGIONS[random.nextInt(3)]);
      default -> node(FilterOp.FILTER_OP_TRUE);
    };
  }

  private static boolean leafHolds(FilterNode node, Request job) {
    return switch (node.getOp()) {
      case FILTER_OP_UTILITY_IS -> job.getUtility().getNumber() == node.getValue();
      case FILTER_OP_PRICE_AT_LEAST -> job.getMaxPerPartner() >= node.getValue();
      case FILTER_OP_SIZE_AT_MOST -> job.getSizeClass() <= node.getValue();
      case FILTER_OP_REGION_IS -> job.getRegionHint().equals(node.getText());
      default -> true;
    };
  }

  private static Request job(SplittableRandom random) {
    return Request.newBuilder()
        .setUtility(UtilityClass.forNumber(1 + random.nextInt(3)))
        .setMaxPerPartner(random.nextInt(5))
        .setSizeClass(random.nextInt(5))
        .setRegionHint(REGIONS[random.nextInt(3)])
        .build();
  }

  private static Filter filter(List<FilterNode> nodes) {
    return Filter.newBuilder().addAllNodes(nodes).build();
  }

  private static FilterNode node(FilterOp op) {
    return FilterNode.newBuilder().setOp(op).build();
  }

  private static FilterNode value(FilterOp op, long value) {
    return FilterNode.newBuilder().setOp(op).setValue(value).build();
  }

  private static FilterNode region(String text) {
    return FilterNode.newBuilder().setOp(FilterOp.FILTER_OP_REGION_IS).setText(text).build();
  }
}
