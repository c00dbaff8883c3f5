package org.undchain.core.matching;

import java.util.List;
import java.util.Optional;
import org.undchain.core.message.Filter;
import org.undchain.core.message.FilterNode;
import org.undchain.core.message.FilterOp;
import org.undchain.core.message.Request;
import org.undchain.core.message.UtilityClass;

/**
 * A partner's condition on jobs (R6.1): a total predicate in prefix order that was checked once and
 * then only answers.
 *
 * <p>Nodes are read from the last to the first: each operand then stands on a stack before its
 * operator comes, so neither the check nor the answer recurses, and the same walk that finds a
 * missing operand is the one that evaluates.
 */
public final class JobFilter {
  /** Most nodes of a filter, operators included. */
  public static final int NODES_MAX = 32;

  /** Longest text of a node, as long as a region hint. */
  public static final int TEXT_MAX = 16;

  private final List<FilterNode> nodes;

  private JobFilter(List<FilterNode> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  /** The filter, or empty if it is not well-formed. */
  public static Optional<JobFilter> of(Filter filter) {
    int count = filter.getNodesCount();
    if (count < 1 || count > NODES_MAX) {
      return Optional.empty();
    }
    int operands = 0;
    for (int i = count - 1; i >= 0; i--) {
      FilterNode node = filter.getNodes(i);
      int arity = arity(node);
      if (arity < 0 || arity > operands) {
        return Optional.empty();
      }
      operands += 1 - arity;
    }
    return operands == 1 ? Optional.of(new JobFilter(filter.getNodesList())) : Optional.empty();
  }

  /** Whether the partner wants to hear of this job. */
  public boolean fits(Request request) {
    boolean[] stack = new boolean[NODES_MAX];
    int top = 0;
    for (int i = nodes.size() - 1; i >= 0; i--) {
      FilterNode node = nodes.get(i);
      switch (node.getOp()) {
        case FILTER_OP_AND -> {
          top--;
          stack[top - 1] &= stack[top];
        }
        case FILTER_OP_OR -> {
          top--;
          stack[top - 1] |= stack[top];
        }
        case FILTER_OP_NOT -> stack[top - 1] = !stack[top - 1];
        default -> stack[top++] = holds(node, request);
      }
    }
    return stack[0];
  }

  /** Classes of utility that the filter names, ascending; all of them where it names none. */
  public List<UtilityClass> classes() {
    List<UtilityClass> named =
        nodes.stream()
            .filter(node -> node.getOp() == FilterOp.FILTER_OP_UTILITY_IS)
            .map(node -> UtilityClass.forNumber((int) node.getValue()))
            .sorted()
            .distinct()
            .toList();
    return named.isEmpty() ? Subscription.CLASSES : named;
  }

  private static boolean holds(FilterNode leaf, Request request) {
    return switch (leaf.getOp()) {
      case FILTER_OP_TRUE -> true;
      case FILTER_OP_UTILITY_IS -> request.getUtilityValue() == leaf.getValue();
      case FILTER_OP_PRICE_AT_LEAST -> request.getMaxPerPartner() >= leaf.getValue();
      case FILTER_OP_SIZE_AT_MOST -> request.getSizeClass() <= leaf.getValue();
      case FILTER_OP_REGION_IS -> request.getRegionHint().equals(leaf.getText());
      case FILTER_OP_AND, FILTER_OP_OR, FILTER_OP_NOT, FILTER_OP_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalStateException("no leaf of a checked filter: " + leaf.getOp());
    };
  }

  /** Operands a node takes, −1 if it is not well-formed: each node has only what its kind uses. */
  private static int arity(FilterNode node) {
    boolean isBare = node.getValue() == 0 && node.getText().isEmpty();
    return switch (node.getOp()) {
      case FILTER_OP_AND, FILTER_OP_OR -> isBare ? 2 : -1;
      case FILTER_OP_NOT -> isBare ? 1 : -1;
      case FILTER_OP_TRUE -> isBare ? 0 : -1;
      case FILTER_OP_UTILITY_IS -> isUtility(node.getValue()) && node.getText().isEmpty() ? 0 : -1;
      case FILTER_OP_PRICE_AT_LEAST, FILTER_OP_SIZE_AT_MOST ->
          node.getValue() >= 0 && node.getText().isEmpty() ? 0 : -1;
      case FILTER_OP_REGION_IS -> node.getValue() == 0 && isRegion(node.getText()) ? 0 : -1;
      case FILTER_OP_UNSPECIFIED, UNRECOGNIZED -> -1;
    };
  }

  private static boolean isUtility(long number) {
    return number >= UtilityClass.UTILITY_CLASS_STORAGE_VALUE
        && number <= UtilityClass.UTILITY_CLASS_ACCESS_VALUE;
  }

  private static boolean isRegion(String text) {
    return text.length() <= TEXT_MAX && text.chars().allMatch(letter -> letter < 128);
  }
}
