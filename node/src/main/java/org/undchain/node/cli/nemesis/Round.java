package org.undchain.node.cli.nemesis;

import java.util.List;
import org.undchain.node.json.Json;

/**
 * What one round measured, by the observer's clock.
 *
 * @param killed the f validators that were killed while the others went on
 * @param longestPauseMillis without a new block, from that kill until they had caught up
 * @param caughtUpMillis from the start of the killed ones until each had a block newer than any at
 *     its start
 * @param firstBlockMillis from the start of all, after all were killed, until a block was agreed on
 * @param everybodyMillis until every one of them had such a block
 * @param acknowledged entries so far
 */
record Round(
    int number,
    List<String> killed,
    long longestPauseMillis,
    long caughtUpMillis,
    long firstBlockMillis,
    long everybodyMillis,
    long height,
    long acknowledged) {
  static final List<String> HEAD =
      List.of(
          "ROUND",
          "KILLED",
          "LONGEST PAUSE ms",
          "CAUGHT UP ms",
          "ALL KILLED: FIRST BLOCK ms",
          "EVERYBODY ms",
          "HEIGHT",
          "ACKNOWLEDGED");

  Round {
    killed = List.copyOf(killed);
  }

  List<String> cells() {
    return List.of(
        Integer.toString(number),
        String.join(" ", killed),
        Long.toString(longestPauseMillis),
        Long.toString(caughtUpMillis),
        Long.toString(firstBlockMillis),
        Long.toString(everybodyMillis),
        Long.toString(height),
        Long.toString(acknowledged));
  }

  Json json() {
    return Json.object()
        .putInt("round", number)
        .put("killed", Json.strings(killed))
        .putInt("longestPauseMillis", (int) longestPauseMillis)
        .putInt("caughtUpMillis", (int) caughtUpMillis)
        .putInt("firstBlockMillis", (int) firstBlockMillis)
        .putInt("everybodyMillis", (int) everybodyMillis)
        .putInt64("height", height)
        .putInt64("acknowledged", acknowledged)
        .build();
  }
}
