package org.undchain.node.cli.nemesis;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.undchain.node.audit.AuditReport;
import org.undchain.node.audit.Finding;
import org.undchain.node.json.Json;

/**
 * What a network was put through, and what came of it.
 *
 * @param counts how often each kind of fault happened
 * @param types how many kinds could have happened
 * @param signed entries that clients signed, whatever became of them
 * @param refusals how often entries ended without a promise, by reason
 * @param audit of the disks, if it came so far
 */
record Verdict(
    List<WaveResult> waves,
    Map<FaultType, Integer> counts,
    int types,
    int kills,
    long signed,
    long acknowledged,
    long committed,
    Map<String, Integer> refusals,
    Optional<AuditReport> audit,
    List<Finding> findings) {
  private static final Set<FaultType> RESTARTS =
      EnumSet.of(FaultType.KILL_ONE, FaultType.KILL_F, FaultType.TERMINATE);

  Verdict {
    waves = List.copyOf(waves);
    counts = new TreeMap<>(counts);
    refusals = new TreeMap<>(refusals);
    findings = List.copyOf(findings);
  }

  Verdict with(AuditReport report) {
    return new Verdict(
        waves,
        counts,
        types,
        kills,
        signed,
        acknowledged,
        committed,
        refusals,
        Optional.of(report),
        Stream.concat(findings.stream(), report.findings().stream()).toList());
  }

  boolean isPassed() {
    return findings.isEmpty();
  }

  private long longestPause() {
    return waves.stream()
        .filter(result -> !result.wave().isHalting())
        .mapToLong(WaveResult::longestPauseMillis)
        .max()
        .orElse(0);
  }

  /** From the start of all, after all were killed at one moment, to a block. */
  private long firstBlock() {
    return waves.stream()
        .filter(result ->
            result.wave().steps().stream().anyMatch(step -> step.type() == FaultType.KILL_ALL))
        .mapToLong(WaveResult::firstBlockMillis)
        .max()
        .orElse(0);
  }

  /** From the start of at most f until they had a new block, where nothing else was done. */
  private long comeBack() {
    return waves.stream()
        .filter(result ->
            result.wave().steps().stream().allMatch(step -> RESTARTS.contains(step.type())))
        .mapToLong(WaveResult::recoveredMillis)
        .max()
        .orElse(0);
  }

  List<String> figures() {
    List<String> each = new ArrayList<>();
    counts.forEach((type, count) -> each.add(type.word() + " " + count));
    List<String> lines = new ArrayList<>();
    lines.add(waves.size() + " waves: " + String.join(", ", each));
    audit.map(Disks::words).ifPresent(lines::add);
    lines.add(
        acknowledged
            + " entries acknowledged of "
            + signed
            + " signed, "
            + committed
            + " committed"
            + (refusals.isEmpty() ? "" : "; without a promise: " + refusals));
    lines.add(
        counts.size()
            + "/"
            + types
            + " kinds of fault, "
            + kills
            + " kills; longest pause while at most f were disturbed "
            + longestPause()
            + " ms; first block after a start of all "
            + firstBlock()
            + " ms; at most f that were started have one after "
            + comeBack()
            + " ms; violations "
            + findings.size());
    return lines;
  }

  Json.Builder json() {
    Json.Builder kinds = Json.object();
    counts.forEach((type, count) -> kinds.putInt(type.word(), count));
    Json.Builder document =
        Json.object()
            .put("ok", isPassed())
            .put("waves", waves.stream().map(WaveResult::json).toList())
            .put("faults", kinds.build())
            .putInt("kinds", counts.size())
            .putInt("kindsOf", types)
            .putInt("kills", kills)
            .putInt64("longestPauseMillis", longestPause())
            .putInt64("firstBlockMillis", firstBlock())
            .putInt64("comeBackMillis", comeBack())
            .putInt64("signed", signed)
            .putInt64("acknowledged", acknowledged)
            .putInt64("committed", committed);
    audit.ifPresent(report -> document.put("audit", Disks.json(report).build()));
    return document.put("findings", Disks.findings(findings));
  }
}
