package org.undchain.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.value.NodeId;

class LotsTest {
  private static final List<NodeId> ACCOUNTS =
      IntStream.range(0, 1000)
          .mapToObj(i -> new NodeId(Hashes.sha256(Hashes.u32(i)).bytes()))
          .toList();

  @Test
  void allOrNone() {
    assertThat(ACCOUNTS).allMatch(new Lots(7, Lots.ALL)::isDrawn).noneMatch(Lots.none(7)::isDrawn);
  }

  @Test
  void aThirdOfTheLotsDrawsAThirdOfTheAccounts() {
    assertThat(drawn(7, Lots.ALL / 3)).hasSizeBetween(280, 390);
  }

  /** So validators whose measures differ by little take nearly the same. */
  @Test
  void whoIsDrawnOfFewIsDrawnOfMore() {
    assertThat(drawn(7, Lots.ALL / 2)).containsAll(drawn(7, Lots.ALL / 3));
  }

  @Test
  void inAnotherSlotItIsTheTurnOfOthers() {
    List<NodeId> both = new ArrayList<>(drawn(7, Lots.ALL / 2));
    both.retainAll(drawn(8, Lots.ALL / 2));
    assertThat(both).hasSizeBetween(180, 320);
  }

  @Test
  void anAccountCountsAsOftenAsItIsThere() {
    List<NodeId> drawn = drawn(7, Lots.ALL / 2);
    Stream<NodeId> twiceAndTheRest = Stream.concat(ACCOUNTS.stream(), drawn.stream());
    assertThat(new Lots(7, Lots.ALL / 2).count(twiceAndTheRest)).isEqualTo(2L * drawn.size());
    assertThat(Lots.none(7).count(ACCOUNTS.stream())).isZero();
  }

  private static List<NodeId> drawn(long slot, int lots) {
    return ACCOUNTS.stream().filter(new Lots(slot, lots)::isDrawn).toList();
  }
}
