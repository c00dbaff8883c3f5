package org.undchain.node.cli.nemesis;

import java.util.List;
import org.undchain.node.json.Json;

/**
 * What one wave measured, by the observer's clock.
 *
 * @param longestPauseMillis without a new block, from its beginning until all had recovered
 * @param firstBlockMillis from the end of the faults until a block was agreed on
 * @param recoveredMillis from the end of the faults until each validator had such a block
 * @param kills so far
 * @param acknowledged entries so far
 */
record WaveResult(
    Wave wave,
    long longestPauseMillis,
    long firstBlockMillis,
    long recoveredMillis,
    long height,
    int kills,
    long acknowledged) {

  String words() {
    return wave.number()
        + ": "
        + wave.words()
        + "; longest pause "
        + longestPauseMillis
        + " ms, first block after "
        + firstBlockMillis
        + " ms, all have one after "
        + recoveredMillis
        + " ms; height "
        + height
        + ", "
        + kills
        + " kills, "
        + acknowledged
        + " acknowledged";
  }

  Json json() {
    List<Json> steps = wave.steps().stream().<Json>map(step -> new Json.Str(step.words())).toList();
    return Json.object()
        .putInt("wave", wave.number())
        .put("faults", steps)
        .putInt64("longestPauseMillis", longestPauseMillis)
        .putInt64("firstBlockMillis", firstBlockMillis)
        .putInt64("recoveredMillis", recoveredMillis)
        .putInt64("height", height)
        .putInt("kills", kills)
        .putInt64("acknowledged", acknowledged)
        .build();
  }
}
