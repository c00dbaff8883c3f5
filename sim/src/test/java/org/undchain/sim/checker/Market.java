package org.undchain.sim.checker;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.Eligibility;
import org.undchain.core.ledger.Execution;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.ledger.NextSet;
import org.undchain.core.ledger.State;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Alias;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Cancel;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Close;
import org.undchain.core.message.Complete;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.Contract;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.GenesisValidator;
import org.undchain.core.message.Header;
import org.undchain.core.message.JobRow;
import org.undchain.core.message.Micro;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Request;
import org.undchain.core.message.Start;
import org.undchain.core.message.Transfer;
import org.undchain.core.message.UtilityClass;
import org.undchain.core.payout.CommittedBlock;
import org.undchain.core.payout.PeriodBlocks;
import org.undchain.core.payout.Settlement;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.Chance;
import org.undchain.sim.Signatures;
import org.undchain.sim.World;

/** People who do at random whatever the ledger lets them do, block after block. */
final class Market {
  private static final int PERIOD_SLOTS = 48;
  private static final String[] PEOPLE = {"ann", "bob", "cid", "dan", "eve", "fay"};

  private final Chance chance;
  private final World world;
  private final Chain chain;
  private final ValidatorSet set;
  private final List<CommittedBlock> period = new ArrayList<>();
  private final Map<Hash, Deal> deals = new TreeMap<>();
  private final List<Hash> requests = new ArrayList<>();
  private State state;
  private long slot;
  private long height;
  private final Map<String, Integer> marks;

  private record Deal(Contract contract, String client, String partner) {}

  /**
   * @param marks counts what happened, by name
   */
  Market(long seed, Map<String, Integer> marks) {
    this.marks = marks;
    chance = Chance.of(seed, "market");
    Signatures fake = Signatures.fake();
    List<World.Holder> holders = new ArrayList<>();
    for (String name : PEOPLE) {
      long grains = chance.coin() ? chance.between(0, 500_000) : 1_000_000_000L;
      holders.add(new World.Holder(name, grains));
    }
    Signer validator = World.signer(fake, "validator");
    world =
        new World(
            fake,
            World.devnet(fake, 1, List.of(), PERIOD_SLOTS, 100),
            List.of(
                GenesisValidator.newBuilder()
                    .setId(validator.id().toByteString())
                    .setConsensusKey(validator.id().toByteString())
                    .setActive(true)
                    .setBond(1_000_000_000L)
                    .setBeatTip(Hash.ZERO.toByteString())
                    .build()),
            holders);
    chain = world.chain();
    state = GenesisBlock.state(chain);
    set = ValidatorSet.of(GenesisBlock.firstSet(chain)).orElseThrow();
  }

  Chain chain() {
    return chain;
  }

  private void count(List<OpenedEntry> entries, List<Execution.Result> results) {
    for (int i = 0; i < entries.size(); i++) {
      mark(entries.get(i).body().getEntryCase() + " " + results.get(i).result());
    }
  }

  private void mark(String what) {
    marks.merge(what, 1, Integer::sum);
  }

  /** One slot: a block, and behind the period's last one its payout; the checker sees all. */
  void slot(MoneyChecker checker) {
    Map<Hash, OpenedEntry> file = new TreeMap<>();
    long wanted = chance.below(8);
    for (int i = 0; i < wanted; i++) {
      consider(entry(), file);
    }
    Header header = header(BlockKind.BLOCK_KIND_NORMAL);
    List<OpenedEntry> ordered = List.copyOf(file.values());
    Execution.Outcome outcome = Execution.execute(chain, state, header, ordered);
    count(ordered, outcome.results());
    state = outcome.after();
    CommittedBlock block =
        new CommittedBlock(
            header, Hash.ZERO, ordered, outcome.results(), Cert.getDefaultInstance());
    period.add(block);
    checker.judge(block, state, Optional.empty());
    if (chain.calendar().isLastSlot(slot)) {
      payout(checker);
    }
    slot++;
  }

  private void payout(MoneyChecker checker) {
    Settlement.Outcome outcome =
        Settlement.settle(
            chain,
            state,
            chain.calendar().periodOf(slot),
            PeriodBlocks.of(period),
            Optional.of(NextSet.carriedOn(chain, state, set)));
    state = outcome.after();
    period.clear();
    Header header = header(BlockKind.BLOCK_KIND_PAYOUT);
    CommittedBlock block =
        new CommittedBlock(header, Hash.ZERO, List.of(), List.of(), Cert.getDefaultInstance());
    for (JobRow job : outcome.file().getJobsList()) {
      mark(job.getCarried() ? "job carried" : job.getRefund() > 0 ? "job refunded" : "job ended");
      job.getSeatsList().forEach(seat -> mark("seat " + seat.getState()));
    }
    checker.judge(block, state, Optional.of(outcome.file()));
  }

  private Header header(BlockKind kind) {
    return Header.newBuilder()
        .setKind(kind)
        .setHeight(++height)
        .setSlot(slot)
        .setPeriod(chain.calendar().periodOf(slot))
        .setParentHash(chance.bytes(32).toByteString())
        .build();
  }

  private void consider(Envelope sealed, Map<Hash, OpenedEntry> file) {
    OpenedEntry entry =
        Envelopes.openEntry(chain.context(), chain.signatures(), sealed).good().orElseThrow();
    if (!Eligibility.check(chain, state, entry, slot).isAccept()) {
      mark("refused");
      return;
    }
    file.put(entry.id(), entry);
    if (entry.body().hasRequest()) {
      requests.add(entry.id());
    }
  }

  private Envelope entry() {
    return switch ((int) chance.below(10)) {
      case 0, 1 -> request();
      case 2 -> cancel();
      case 3 -> alias();
      case 4, 5 -> requests.isEmpty() ? transfer() : start();
      case 6, 7 -> deals.isEmpty() ? transfer() : complete();
      default -> transfer();
    };
  }

  private Envelope transfer() {
    String from = somebody();
    NodeId to = chance.perMille(100) ? new NodeId(chance.bytes(32)) : id(somebody());
    return seal(
        from,
        Transfer.newBuilder()
            .setNonce(nonce(from))
            .setValidFrom(slot)
            .setValidTo(slot + 4)
            .setTo(to.toByteString())
            .setAmount(amount())
            .build());
  }

  private Envelope request() {
    String client = somebody();
    return seal(
        client,
        Request.newBuilder()
            .setNonce(nonce(client))
            .setValidFrom(slot)
            .setValidTo(slot + 4)
            .setUtility(UtilityClass.UTILITY_CLASS_STORAGE)
            .setSeats((int) chance.between(1, 3))
            .setMaxPerPartner(amount())
            .setStartBy(slot + chance.below(20))
            .build());
  }

  private Envelope cancel() {
    String client = somebody();
    Hash job = requests.isEmpty() ? Hash.ZERO : chance.pick(requests);
    return seal(
        ownerOf(job).orElse(client),
        Cancel.newBuilder()
            .setNonce(nonce(ownerOf(job).orElse(client)))
            .setValidFrom(slot)
            .setValidTo(slot + 4)
            .setJobId(job.toByteString())
            .build());
  }

  private Envelope alias() {
    String owner = somebody();
    return seal(
        owner,
        Alias.newBuilder()
            .setNonce(nonce(owner))
            .setValidFrom(slot)
            .setValidTo(slot + 4)
            .setAlias("name-" + chance.below(5))
            .build());
  }

  private Envelope start() {
    Hash job = chance.pick(requests);
    String client = ownerOf(job).orElse(PEOPLE[0]);
    String partner = somebody();
    long most = state.job(job).map(leaf -> leaf.getMaxPerPartner()).orElse(1L);
    Contract contract =
        Contract.newBuilder()
            .setJobId(job.toByteString())
            .setSeatNo((int) chance.below(3))
            .setClient(id(client).toByteString())
            .setPartner(id(partner).toByteString())
            .setUnit("MiB")
            .setUnitPrice(1)
            .setMaxAmount(chance.between(0, most))
            .setEndSlot(slot + chance.below(60))
            .setMaxPeriods((int) chance.between(1, 3))
            .setClientSessionKey(id(client + " session").toByteString())
            .setPartnerSessionKey(id(partner + " session").toByteString())
            .build();
    Envelope signed = Envelopes.sealSession(chain.context(), world.signer(client), contract);
    deals.put(Envelopes.id(chain.context(), signed), new Deal(contract, client, partner));
    return seal(
        chance.coin() ? client : partner,
        Start.newBuilder()
            .setValidFrom(slot)
            .setValidTo(slot + 4)
            .setClientContract(signed)
            .setPartnerSig(signed(partner, signed))
            .build());
  }

  private ByteString signed(String who, Envelope object) {
    Signer signer = world.signer(who);
    return signer
        .sign(
            Envelopes.signedBytes(
                chain.context(),
                EnvelopeKind.ENVELOPE_KIND_SESSION,
                object.getType(),
                0,
                signer.id(),
                Bytes.of(object.getBody())))
        .toByteString();
  }

  private Envelope complete() {
    Map.Entry<Hash, Deal> picked = chance.pick(List.copyOf(deals.entrySet()));
    Hash contractId = picked.getKey();
    Deal deal = picked.getValue();
    boolean isClient = chance.coin();
    long amount = chance.between(0, deal.contract().getMaxAmount());
    Signer session = world.signer(deal.client() + " session");
    Complete.Builder complete =
        Complete.newBuilder()
            .setValidFrom(slot)
            .setValidTo(slot + 4)
            .setContractId(contractId.toByteString())
            .setParty(isClient ? 1 : 2)
            .setAttempt(isClient ? 1 : (int) chance.between(1, 2));
    int kind = (int) chance.below(3);
    if (kind == 0) {
      Envelope close =
          Envelopes.sealSession(
              chain.context(),
              session,
              Close.newBuilder()
                  .setContractId(contractId.toByteString())
                  .setFinalSeq(chance.below(4))
                  .setUnits(1)
                  .setAmount(amount)
                  .build());
      complete
          .setKind(CompletionKind.COMPLETION_KIND_DUAL)
          .setReceipt(close)
          .setPartnerSig(signed(deal.partner() + " session", close));
    } else {
      complete.setReceipt(
          Envelopes.sealSession(
              chain.context(),
              session,
              Micro.newBuilder()
                  .setContractId(contractId.toByteString())
                  .setSeq(chance.between(1, 4))
                  .setCumUnits(1)
                  .setCumAmount(amount)
                  .build()));
      complete.setKind(
          kind == 1
              ? CompletionKind.COMPLETION_KIND_PARTIAL
              : CompletionKind.COMPLETION_KIND_INTERIM);
    }
    if (kind == 2) {
      complete.setAttempt(0).setPeriod(chain.calendar().periodOf(slot));
    }
    return seal(isClient ? deal.client() : deal.partner(), complete.build());
  }

  private Envelope seal(String who, Message entry) {
    return Envelopes.sealEntry(
        chain.context(), world.signer(who), chain.calendar().periodOf(slot), entry);
  }

  private long nonce(String who) {
    long floor = state.account(id(who)).map(account -> account.getNonceFloor()).orElse(0L);
    return floor + chance.between(1, 4);
  }

  private long amount() {
    return chance.coin() ? chance.between(1, 20_000) : chance.between(1, 600_000_000L);
  }

  private Optional<String> ownerOf(Hash job) {
    return state
        .job(job)
        .flatMap(leaf ->
            Arrays.stream(PEOPLE)
                .filter(name -> id(name).equals(NodeId.of(leaf.getClient())))
                .findFirst());
  }

  private String somebody() {
    return PEOPLE[(int) chance.below(PEOPLE.length)];
  }

  private NodeId id(String name) {
    return world.signer(name).id();
  }
}
