package org.undchain.fuzz;

import static org.undchain.sim.Cast.liveClient;
import static org.undchain.sim.Cast.livePartner;
import static org.undchain.sim.Cast.validators;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.message.Alias;
import org.undchain.core.message.Block;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.ProofFile;
import org.undchain.core.message.Request;
import org.undchain.core.message.UtilityClass;
import org.undchain.core.partner.PartnerCommand;
import org.undchain.core.payout.ResultPages;
import org.undchain.core.session.SeatTerms;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.crypto.FastProvider;
import org.undchain.sim.Agents;
import org.undchain.sim.Observer;
import org.undchain.sim.Scenario;
import org.undchain.sim.Signatures;

/**
 * A small chain that ran from its genesis over a payout: four validators, a client, a partner, a
 * job between them, transfers. Where the seeds of the corpus come from and what doors judge by.
 *
 * <p>It is made anew in every process and is the same in each.
 */
public final class Town {
  private static final int PERIOD = 48;
  private static final long PRICE = Agents.PARTNER.unitPrice();
  private static final long PATIENCE_MILLIS = 60_000;

  private final Scenario story;
  private final List<Said> said = new ArrayList<>();
  private final Map<NodeId, List<LogRecord>> logs = new TreeMap<>();
  private long nonce;

  /** A message on its way from one node to another. */
  public record Said(NodeId from, NodeId to, Envelope message) {}

  private static final class Fast {
    static final Town TOWN = new Town(Signatures.fake());
  }

  private static final class Real {
    static final Town TOWN = new Town(ed25519());
  }

  /** With signatures that a fuzzer can make: it sees what they are compared with. */
  public static Town ofForgeable() {
    return Fast.TOWN;
  }

  /** With Ed25519, so that nothing of it can be forged. */
  public static Town ofReal() {
    return Real.TOWN;
  }

  private static Signatures ed25519() {
    Optional<java.security.Provider> provider = FastProvider.load();
    SignatureCheck check = Ed25519.check(provider);
    return new Signatures() {
      @Override
      public Signer signer(Bytes seed) {
        return Ed25519.signer(Hashes.tagged("sim-key", seed).bytes(), provider);
      }

      @Override
      public SignatureCheck check() {
        return check;
      }
    };
  }

  private Town(Signatures signatures) {
    story =
        Scenario.with(validators(4), liveClient("ann"), livePartner("paul"))
            .period(PERIOD)
            .begin(signatures);
    story
        .simulation()
        .observe(
            new Observer() {
              @Override
              public void onSent(NodeId from, NodeId to, Envelope message) {
                said.add(new Said(from, to, message));
              }

              @Override
              public void onDurable(NodeId node, LogRecord record) {
                logs.computeIfAbsent(node, id -> new ArrayList<>()).add(record);
              }
            });
    live();
  }

  private void live() {
    story.until(1, 300);
    story.ask(
        "ann", new ClientCommand.SubmitEntry(story.transfer("ann", "paul", 1000, ++nonce), false));
    long slot = slot();
    story.ask(
        "ann",
        new ClientCommand.SubmitEntry(
            sealed(
                Alias.newBuilder()
                    .setNonce(++nonce)
                    .setValidFrom(slot)
                    .setValidTo(slot + 8)
                    .setAlias("ann-of-town")
                    .build()),
            false));
    Envelope request =
        sealed(
            Request.newBuilder()
                .setNonce(++nonce)
                .setValidFrom(slot)
                .setValidTo(slot + 8)
                .setUtility(UtilityClass.UTILITY_CLASS_STORAGE)
                .setSeats(1)
                .setMaxPerPartner(100 * PRICE)
                .setStartBy(slot + 40)
                .build());
    story.ask("ann", new ClientCommand.SubmitEntry(request, true));
    rent(story.idOf(request));
    story.until(story.chain().calendar().firstSlotOf(1) + 3, 0);
  }

  private void rent(Hash jobId) {
    ClientNotice.Offered offer =
        story.await("ann", ClientNotice.Offered.class, any -> true, PATIENCE_MILLIS);
    SeatTerms terms = new SeatTerms("MiB", PRICE, 100 * PRICE, 4, slot() + 15, 1, slot() + 1000);
    Bytes seed = Hashes.tagged("seat", jobId.bytes()).bytes();
    story.ask("ann", new ClientCommand.OpenSeat(jobId, 0, offer.envelope(), terms, seed));
    Hash contract =
        story
            .await("ann", ClientNotice.SeatStarted.class, any -> true, PATIENCE_MILLIS)
            .contractId();
    for (int units = 1; units <= 2; units++) {
      story.ask("paul", new PartnerCommand.Delivered(contract, units));
      story.ask("ann", new ClientCommand.Pay(contract, units, Bytes.EMPTY));
      story.simulation().runUntil(story.simulation().now().plusMillis(200));
    }
    story.ask("ann", new ClientCommand.CloseSeat(contract, Hash.ZERO.bytes()));
    story.await("ann", ClientNotice.SeatCompleted.class, any -> true, PATIENCE_MILLIS);
  }

  private long slot() {
    return story.chain().calendar().slotAt(story.simulation().now());
  }

  private Envelope sealed(com.google.protobuf.Message entry) {
    long period = story.chain().calendar().periodOf(slot());
    return Envelopes.sealEntry(story.chain().context(), story.signer("ann"), period, entry);
  }

  public Scenario story() {
    return story;
  }

  public Chain chain() {
    return story.chain();
  }

  /** All messages, in the order in which they left. */
  public List<Said> said() {
    return said;
  }

  /** Everything that a node kept, in order. */
  public List<LogRecord> log(NodeId node) {
    return logs.getOrDefault(node, List.of());
  }

  public List<Block> blocks() {
    return log(story.validator(0)).stream()
        .filter(LogRecord::hasBlock)
        .map(LogRecord::getBlock)
        .toList();
  }

  /** All entries in blocks. */
  public List<Envelope> entries() {
    return blocks().stream().flatMap(block -> block.getEntriesList().stream()).toList();
  }

  /** Whole proofs of entries and of the job. */
  public List<ProofFile> proofs() {
    return story.validators().stream()
        .flatMap(validator -> log(validator).stream())
        .filter(LogRecord::hasResults)
        .map(LogRecord::getResults)
        .flatMap(page ->
            page.getIdsList().stream().flatMap(id -> ResultPages.proof(page, Hash.of(id)).stream()))
        .toList();
  }

  /** At most {@code each} different messages of every type. */
  public List<Envelope> samples(int each) {
    Map<Integer, Integer> counts = new TreeMap<>();
    TreeSet<Bytes> bodies = new TreeSet<>();
    List<Envelope> samples = new ArrayList<>();
    for (Said one : said) {
      if (bodies.add(Bytes.of(one.message().getBody()))
          && counts.merge(one.message().getType(), 1, Integer::sum) <= each) {
        samples.add(one.message());
      }
    }
    return samples;
  }

  /** At most {@code each} entries of every type that are in blocks. */
  public List<Envelope> entrySamples(int each) {
    Map<Integer, Integer> counts = new TreeMap<>();
    return entries().stream()
        .filter(entry -> counts.merge(entry.getType(), 1, Integer::sum) <= each)
        .toList();
  }
}
