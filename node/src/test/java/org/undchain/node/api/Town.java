package org.undchain.node.api;

import static org.undchain.sim.Cast.client;
import static org.undchain.sim.Cast.partner;
import static org.undchain.sim.Cast.validators;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.machine.Notice;
import org.undchain.core.message.Alias;
import org.undchain.core.message.Block;
import org.undchain.core.message.Cancel;
import org.undchain.core.message.Close;
import org.undchain.core.message.Complete;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.ContactRecord;
import org.undchain.core.message.Contacts;
import org.undchain.core.message.Contract;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Filter;
import org.undchain.core.message.FilterNode;
import org.undchain.core.message.FilterOp;
import org.undchain.core.message.Micro;
import org.undchain.core.message.PayoutRecord;
import org.undchain.core.message.ProofFile;
import org.undchain.core.message.Request;
import org.undchain.core.message.Route;
import org.undchain.core.message.Start;
import org.undchain.core.message.Subscribe;
import org.undchain.core.message.UtilityClass;
import org.undchain.core.sync.Archive;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.sim.DiskArchive;
import org.undchain.sim.Scenario;
import org.undchain.sim.Signatures;

/**
 * Four validators in virtual time, two clients, a partner, and whatever they do; and the view of
 * the first validator, fed by its notices and its disk.
 */
final class Town {
  static final int PERIOD = 48;
  static final String GRPC = "127.0.0.1:4444";

  private final Scenario story;
  private final Map<String, Long> nonces = new TreeMap<>();
  private int fed;

  /** One seat that two sides agreed on. */
  record Deal(Hash jobId, Envelope contract, String client, String partner) {}

  Town() {
    this(Signatures.fake());
  }

  Town(Signatures signatures) {
    story =
        Scenario.with(validators(4), client("ann"), client("bob"), partner("paul"))
            .period(PERIOD)
            .begin(signatures);
  }

  Scenario story() {
    return story;
  }

  NodeId self() {
    return story.validator(0);
  }

  Envelope genesis() {
    return GenesisBlock.seal(story.signer("owner"), story.chain().genesis());
  }

  NameBook names() {
    Map<NodeId, String> names = new TreeMap<>();
    for (int i = 0; i < story.validators().size(); i++) {
      names.put(story.validator(i), "v" + (i + 1));
    }
    names.put(story.id("paul"), "p1");
    return new NameBook(names);
  }

  /** A view that knows what the validator told so far. */
  ChainView view() {
    ChainView view = ChainView.of(story.chain(), genesis(), self(), archive());
    fed = 0;
    feed(view);
    return view;
  }

  /** Gives a view what the validator told since the last time. */
  void feed(ChainView view) {
    List<Notice> notices = story.simulation().notices(self());
    for (; fed < notices.size(); fed++) {
      view.accept(notices.get(fed));
    }
  }

  /** The view of the same node after a restart: it is told where the chain stands, no more. */
  ChainView restarted() {
    Standing now = view().standing();
    ChainView view = ChainView.of(story.chain(), genesis(), self(), archive());
    view.accept(new ValidatorNotice.Began(now.height(), now.slot(), now.state(), now.set().cert()));
    return view;
  }

  /** The disk as the node's store: one reader at a time. */
  Archive archive() {
    DiskArchive disk = new DiskArchive(story.simulation().disk(self()));
    return new Archive() {
      @Override
      public synchronized Optional<Block> block(long height) {
        return disk.block(height);
      }

      @Override
      public synchronized Optional<PayoutRecord> payout(long period) {
        return disk.payout(period);
      }

      @Override
      public synchronized Optional<ProofFile> proof(Hash entryId) {
        return disk.proof(entryId);
      }
    };
  }

  // --- what people do
  // -----------------------------------------------------------------------------

  long slot() {
    return Math.max(0, story.chain().calendar().slotAt(story.simulation().now()));
  }

  /** Lets slots pass. */
  void pass(long slots) {
    story.until(slot() + slots, 300);
  }

  void subscribe(String partner) {
    ContactRecord contact =
        ContactRecord.newBuilder()
            .setId(story.id(partner).toByteString())
            .setSerial(1)
            .addRoutes(Route.newBuilder().setMedium("ip").setAddress(GRPC))
            .build();
    FilterNode storage =
        FilterNode.newBuilder()
            .setOp(FilterOp.FILTER_OP_UTILITY_IS)
            .setValue(UtilityClass.UTILITY_CLASS_STORAGE_VALUE)
            .build();
    Subscribe subscribe =
        Subscribe.newBuilder()
            .setFilter(Filter.newBuilder().addNodes(storage))
            .setContact(Contacts.seal(story.chain().context(), story.signer(partner), 0, contact))
            .build();
    story.validators().forEach(validator -> story.tell(partner, validator, subscribe));
  }

  Hash transfer(String from, String to, long grains) {
    return submit(from, story.transfer(from, to, grains, nonce(from)));
  }

  Hash alias(String who, String alias) {
    return submit(
        who,
        Alias.newBuilder()
            .setNonce(nonce(who))
            .setValidFrom(slot())
            .setValidTo(slot() + 8)
            .setAlias(alias)
            .build());
  }

  Hash request(String client, int seats) {
    return submit(
        client,
        Request.newBuilder()
            .setNonce(nonce(client))
            .setValidFrom(slot())
            .setValidTo(slot() + 8)
            .setUtility(UtilityClass.UTILITY_CLASS_STORAGE)
            .setSeats(seats)
            .setMaxPerPartner(1_000_000)
            .setStartBy(slot() + 10)
            .build());
  }

  void cancel(String client, Hash jobId) {
    submit(
        client,
        Cancel.newBuilder()
            .setNonce(nonce(client))
            .setValidFrom(slot())
            .setValidTo(slot() + 8)
            .setJobId(jobId.toByteString())
            .build());
  }

  Deal start(Hash jobId, String client, String partner) {
    Contract contract =
        Contract.newBuilder()
            .setJobId(jobId.toByteString())
            .setClient(story.id(client).toByteString())
            .setPartner(story.id(partner).toByteString())
            .setUnit("MiB")
            .setUnitPrice(1000)
            .setMaxAmount(1_000_000)
            .setEndSlot(slot() + 4)
            .setMaxPeriods(1)
            .setClientSessionKey(story.id(client + " session").toByteString())
            .setPartnerSessionKey(story.id(partner + " session").toByteString())
            .build();
    Envelope signed =
        Envelopes.sealSession(story.chain().context(), story.signer(client), contract);
    submit(
        client,
        Start.newBuilder()
            .setValidFrom(slot())
            .setValidTo(slot() + 8)
            .setClientContract(signed)
            .setPartnerSig(signature(partner, signed))
            .build());
    return new Deal(jobId, signed, client, partner);
  }

  /** Both session keys sign the end; the client hands it in. */
  void close(Deal deal, long amount) {
    Envelope close =
        Envelopes.sealSession(
            story.chain().context(),
            story.signer(deal.client() + " session"),
            Close.newBuilder()
                .setContractId(contractId(deal).toByteString())
                .setFinalSeq(2)
                .setUnits(1)
                .setAmount(amount)
                .build());
    submit(
        deal.client(),
        complete(deal, 1, CompletionKind.COMPLETION_KIND_DUAL, close)
            .setPartnerSig(signature(deal.partner() + " session", close))
            .build());
  }

  /** One side hands in the newest micro-receipt. */
  void closeAlone(Deal deal, String who, long amount) {
    Envelope micro =
        Envelopes.sealSession(
            story.chain().context(),
            story.signer(deal.client() + " session"),
            Micro.newBuilder()
                .setContractId(contractId(deal).toByteString())
                .setSeq(1)
                .setCumUnits(1)
                .setCumAmount(amount)
                .build());
    int party = who.equals(deal.client()) ? 1 : 2;
    submit(who, complete(deal, party, CompletionKind.COMPLETION_KIND_PARTIAL, micro).build());
  }

  private Complete.Builder complete(Deal deal, int party, CompletionKind kind, Envelope receipt) {
    return Complete.newBuilder()
        .setValidFrom(slot())
        .setValidTo(slot() + 8)
        .setContractId(contractId(deal).toByteString())
        .setParty(party)
        .setAttempt(1)
        .setKind(kind)
        .setReceipt(receipt);
  }

  private Hash contractId(Deal deal) {
    return story.idOf(deal.contract());
  }

  private ByteString signature(String who, Envelope object) {
    return story
        .signer(who)
        .sign(
            Envelopes.signedBytes(
                story.chain().context(),
                EnvelopeKind.ENVELOPE_KIND_SESSION,
                object.getType(),
                0,
                story.id(who),
                Bytes.of(object.getBody())))
        .toByteString();
  }

  private Hash submit(String who, Message entry) {
    long period = story.chain().calendar().periodOf(slot());
    return submit(
        who, Envelopes.sealEntry(story.chain().context(), story.signer(who), period, entry));
  }

  private Hash submit(String who, Envelope entry) {
    story.submit(who, entry, List.of(story.validator(1)));
    return story.idOf(entry);
  }

  private long nonce(String who) {
    return nonces.merge(who, 1L, Long::sum);
  }
}
