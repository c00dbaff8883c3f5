package org.undchain.sim.story;

import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.livePartner;
import static org.undchain.sim.Cast.validators;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.Alias;
import org.undchain.core.message.Block;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.validator.ChainHead;
import org.undchain.core.value.Hash;
import org.undchain.sim.Cast;
import org.undchain.sim.Scenario;

/**
 * Two pay periods of business, and what they come to: played anew, or executed from a recorded log.
 * As a program it says both on its standard output, for whoever wants to know whether another Java
 * machine comes to the same.
 */
final class Replay {
  static final long PERIOD_SLOTS = 48;

  private Replay() {}

  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
    executed(read(Path.of(args[0]))).forEach(out::println);
    out.println(played(play()));
  }

  /** A job with two seats, transfers and aliases in two periods. */
  static Scenario play() {
    Scenario story = plan().begin();
    story.until(3, 300);
    Job job = Job.requested(story, 2);
    Hash first = job.startSeat(0, "paul");
    Hash second = job.startSeat(1, "petra");
    job.workAndPay(first, "paul", 3);
    job.workAndPay(second, "petra", 5);
    job.close(first);
    job.completed(first);
    for (int i = 1; i <= 20; i++) {
      long slot = story.chain().calendar().slotAt(story.simulation().now()) + 3;
      story.until(slot, 40L * i);
      Envelope entry =
          i % 5 == 0 ? alias(story, "I-" + i, i) : story.transfer("bob", "carol", 1_000L * i, i);
      story.submit("bob", entry, List.of(story.validator(i % 4)));
    }
    story.until(2 * PERIOD_SLOTS + 3, 0);
    return story;
  }

  private static Scenario.Plan plan() {
    return Scenario.with(
            validators(4),
            Cast.liveClient("ann"),
            livePartner("paul"),
            livePartner("petra"),
            client("bob"),
            client("carol", 1_000_000))
        .seed(7)
        .period(PERIOD_SLOTS);
  }

  private static Envelope alias(Scenario story, String name, long nonce) {
    long slot = story.chain().calendar().slotAt(story.simulation().now());
    Alias body =
        Alias.newBuilder()
            .setNonce(nonce)
            .setValidFrom(slot)
            .setValidTo(slot + 8)
            .setAlias(name.toLowerCase(Locale.ROOT))
            .build();
    return story.seal("bob", body);
  }

  /** One line that two runs share only if every event in them was the same. */
  static String played(Scenario story) {
    return "played "
        + Long.toHexString(story.simulation().traceHash())
        + ' '
        + story.chronicle().height()
        + ' '
        + story.chronicle().state().root().hex();
  }

  /** Height, header, state and payout root after each block of a log. */
  static List<String> executed(List<LogRecord> log) {
    Chain chain = plan().begin().chain();
    ChainHead head = new ChainHead(chain);
    List<String> lines = new ArrayList<>();
    for (LogRecord record : log) {
      if (record.hasBlock()) {
        Block block = record.getBlock();
        List<OpenedEntry> entries = new ArrayList<>();
        for (Envelope envelope : block.getEntriesList()) {
          entries.add(
              Envelopes.openEntry(chain.context(), chain.signatures(), envelope)
                  .good()
                  .orElseThrow());
        }
        head.apply(block.getHead().getHeader(), entries, block.getHead().getQc());
        lines.add(line(head, block));
      }
    }
    return lines;
  }

  private static String line(ChainHead head, Block block) {
    return head.height()
        + " "
        + head.headerHash().hex()
        + ' '
        + head.state().root().hex()
        + ' '
        + (head.isPayoutNext()
            ? Hash.of(head.payoutCandidate().header().getPayoutRoot()).hex()
            : block.getEntriesCount());
  }

  static void write(Path file, List<LogRecord> log) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      for (LogRecord record : log) {
        record.writeDelimitedTo(out);
      }
    }
  }

  private static List<LogRecord> read(Path file) throws IOException {
    List<LogRecord> log = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      while (in.available() > 0) {
        log.add(LogRecord.parseDelimitedFrom(in));
      }
    }
    return log;
  }
}
