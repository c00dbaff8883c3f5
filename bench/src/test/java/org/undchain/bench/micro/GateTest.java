package org.undchain.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rule of the gate over made-up rows. */
class GateTest {
  private static final String HERE = "this processor";
  private static final String ELSEWHERE = "another processor";

  private final List<HistoryRow> rows = new ArrayList<>();

  @TempDir private Path folder;

  @Test
  void halfAsSlowAgainAsTheMedianIsTheLimit() {
    history(HERE, "quick", Part.PAYOUT, 10, 9, 10, 11, 30);
    assertThat(judge(14.9).isWorse()).isFalse();
    assertThat(judge(15.1).isWorse()).isTrue();
    assertThat(judge(15.1).toString())
        .isEqualTo(
            "payout: 15.100 is 1.51 times 10.000, the median of 5 rows; at most 1.5 times is good");
  }

  @Test
  void onlyTheLastFiveRowsCount() {
    history(HERE, "quick", Part.PAYOUT, 1, 1, 1, 1, 1, 10, 10, 10, 10, 10);
    assertThat(judge(14).isWorse()).isFalse();
    history(HERE, "quick", Part.PAYOUT, 5, 5, 5);
    assertThat(judge(14).isWorse()).isTrue();
  }

  @Test
  void rowsOfOtherPartsAndPacesAreNotAsked() {
    history(HERE, "full", Part.PAYOUT, 1, 1, 1, 1, 1);
    history(HERE, "quick", Part.FINGERPRINT, 1, 1, 1, 1, 1);
    assertThat(judge(100).isWorse()).isFalse();
    assertThat(judge(100)).hasToString("payout: 100.000, no row to compare with");
  }

  @Test
  void anotherProcessorIsAskedWhereThisOneHasFewRowsButAllowsMore() {
    history(ELSEWHERE, "quick", Part.PAYOUT, 10, 10, 10);
    history(HERE, "quick", Part.PAYOUT, 10, 10);
    assertThat(judge(29).isWorse()).isFalse();
    assertThat(judge(31).isWorse()).isTrue();
    history(HERE, "quick", Part.PAYOUT, 10);
    assertThat(judge(16).isWorse()).as("three rows of this processor").isTrue();
  }

  @Test
  void whatIsWorseOnceOrTwiceIsNoise() throws Exception {
    history(HERE, "quick", Part.PAYOUT, 10, 10, 10);
    assertThat(gate(50, 20, 12).isWorse()).isFalse();
    assertThat(gate(50, 20, 12).ratio()).isEqualTo(12);
    assertThat(gate(50, 20, 18).isWorse()).isTrue();
    assertThat(gate(50, 17, 18).ratio()).as("the best of all tries").isEqualTo(17);
  }

  @Test
  void aPartThatIsGoodIsTimedOnce() throws Exception {
    history(HERE, "quick", Part.PAYOUT, 10, 10, 10);
    assertThat(gate(11).ratio()).isEqualTo(11);
  }

  @Test
  void theHistoryReadsWhatItWrote() throws Exception {
    History history = new History(folder.resolve("history.csv"));
    assertThat(history.rows()).isEmpty();
    history(HERE, "quick", Part.PAYOUT, 1.5, 2);
    history.append(rows);
    history.append(rows.subList(0, 1));
    assertThat(history.rows()).containsExactly(rows.get(0), rows.get(1), rows.get(0));
    assertThat(folder.resolve("history.csv")).content().startsWith(HistoryRow.HEAD + "\n");
  }

  @Test
  void aLineThatIsNoRowIsNamed() throws Exception {
    Path file = folder.resolve("history.csv");
    for (String line :
        List.of(
            "",
            "2026-01-01,abc,cpu,quick,payout",
            "yesterday,abc,cpu,quick,payout,1",
            "2026-01-01,abc,cpu,quick,payout,fast",
            "2026-01-01,abc,cpu,quick,payout,-1",
            "2026-01-01,abc,cpu,quick,payout,NaN",
            "2026-01-01,,cpu,quick,payout,1")) {
      Files.writeString(file, HistoryRow.HEAD + "\n" + line + "\n");
      assertThatThrownBy(() -> new History(file).rows())
          .as(line)
          .isInstanceOf(MicroException.class)
          .hasMessageContaining("line 2");
    }
  }

  private void history(String processor, String pace, Part part, double... ratios) {
    for (double ratio : ratios) {
      rows.add(
          new HistoryRow(LocalDate.of(2026, 1, 1), "abc", processor, pace, part.label(), ratio));
    }
  }

  private GateRule.Judgement judge(double ratio) {
    return rule().judge(Part.PAYOUT.label(), ratio);
  }

  private GateRule rule() {
    return new GateRule(rows, HERE, "quick");
  }

  /** All these ratios, one a try, have to be asked for. */
  private GateRule.Judgement gate(double... ratios) throws MicroException {
    Iterator<Double> next = java.util.Arrays.stream(ratios).iterator();
    List<String> messages = new ArrayList<>();
    GateRule.Judgement judgement =
        new Gate(part -> next.next(), rule(), messages::add).judge(List.of(Part.PAYOUT)).getFirst();
    assertThat(next).as("ratios that nobody asked for").isExhausted();
    assertThat(messages).hasSize(ratios.length - (judgement.isWorse() ? 0 : 1));
    return judgement;
  }
}
