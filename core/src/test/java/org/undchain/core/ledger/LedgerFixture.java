package org.undchain.core.ledger;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.membership.BeatChain;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Cert;
import org.undchain.core.message.Close;
import org.undchain.core.message.CloseOutcome;
import org.undchain.core.message.Complete;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.Contract;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Genesis;
import org.undchain.core.message.GenesisAccount;
import org.undchain.core.message.GenesisValidator;
import org.undchain.core.message.Header;
import org.undchain.core.message.Micro;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Request;
import org.undchain.core.message.SetCert;
import org.undchain.core.message.Start;
import org.undchain.core.message.Transfer;
import org.undchain.core.message.UtilityClass;
import org.undchain.core.message.ValidatorClass;
import org.undchain.core.payout.CommittedBlock;
import org.undchain.core.payout.PeriodBlocks;
import org.undchain.core.payout.Settlement;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** A chain whose blocks tests write directly: accounts, jobs and payouts without any agreement. */
public final class LedgerFixture {
  public static final long RICH = 1_000_000_000_000L;
  private static final SignatureCheck LIBRARY = Ed25519.check(Optional.empty());

  public final Chain chain;
  public final Signer owner = signer("owner");
  public State state;
  public long slot;
  private long height;
  private Hash parent;
  private final List<CommittedBlock> blocks = new ArrayList<>();
  private final Map<NodeId, Long> nonces = new TreeMap<>();

  public LedgerFixture(Signer... funded) {
    Genesis.Builder genesis =
        Genesis.newBuilder().setVersion(1).setHashAlg(1).setOwnerKey(owner.id().toByteString());
    List<GenesisAccount> accounts = new ArrayList<>();
    for (Signer account : funded) {
      accounts.add(
          GenesisAccount.newBuilder().setId(account.id().toByteString()).setBalance(RICH).build());
    }
    accounts.sort(Comparator.comparing(account -> Bytes.of(account.getId())));
    List<GenesisValidator> validators = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      validators.add(
          GenesisValidator.newBuilder()
              .setId(signer("validator" + i).id().toByteString())
              .setConsensusKey(signer("consensus" + i).id().toByteString())
              .setValidatorClass(
                  i == 0
                      ? ValidatorClass.VALIDATOR_CLASS_KNOWN
                      : ValidatorClass.VALIDATOR_CLASS_UNKNOWN)
              .setActive(true)
              .setBond(1_000_000_000L)
              .setBeatTip(beats(i).tip().toByteString())
              .build());
    }
    validators.sort(Comparator.comparing(validator -> Bytes.of(validator.getId())));
    RunRules rules = RunRules.devnet(Hash.ZERO, owner.id(), 4, List.of(signer("validator0").id()));
    Map<Bytes, Boolean> remembered = new TreeMap<>();
    SignatureCheck check =
        (key, message, sig) ->
            remembered.computeIfAbsent(
                Hashes.sha256(key.bytes().unsafeArray(), sig.unsafeArray(), message.unsafeArray())
                    .bytes(),
                ignored -> LIBRARY.verify(key, message, sig));
    chain =
        GenesisBlock.chain(
            genesis.addAllAccounts(accounts).addAllValidators(validators).build(), rules, check);
    state = GenesisBlock.state(chain);
    parent = chain.context().chainId();
  }

  public static BeatChain beats(int validator) {
    return new BeatChain(Hashes.tagged("beats" + validator).bytes(), 60);
  }

  public static Signer signer(String name) {
    return Ed25519.signer(Hashes.tagged("key", State.ascii(name)).bytes(), Optional.empty());
  }

  public OpenedEntry seal(Signer signer, Message body) {
    Envelope envelope =
        Envelopes.sealEntry(chain.context(), signer, chain.calendar().periodOf(slot), body);
    return open(envelope);
  }

  public OpenedEntry open(Envelope envelope) {
    return Envelopes.openEntry(chain.context(), chain.signatures(), envelope).good().orElseThrow();
  }

  public long nextNonce(Signer signer) {
    return nonces.merge(signer.id(), 1L, Long::sum);
  }

  public OpenedEntry transfer(Signer from, NodeId to, long amount) {
    return seal(
        from,
        Transfer.newBuilder()
            .setNonce(nextNonce(from))
            .setValidFrom(slot)
            .setValidTo(slot + 16)
            .setTo(to.toByteString())
            .setAmount(amount)
            .build());
  }

  public OpenedEntry request(Signer client, int seats, long maxPerPartner) {
    return seal(
        client,
        Request.newBuilder()
            .setNonce(nextNonce(client))
            .setValidFrom(slot)
            .setValidTo(slot + 16)
            .setUtility(UtilityClass.UTILITY_CLASS_STORAGE)
            .setSeats(seats)
            .setMaxPerPartner(maxPerPartner)
            .setStartBy(slot + 10)
            .build());
  }

  /** A contract as both sides hold it. */
  public record Deal(
      Envelope contract,
      Bytes partnerSig,
      Hash id,
      Signer client,
      Signer partner,
      Signer clientKey,
      Signer partnerKey) {}

  public Deal deal(Hash jobId, int seatNo, Signer client, Signer partner, long maxAmount) {
    Signer clientKey = signer("session-client" + jobId.hex() + seatNo);
    Signer partnerKey = signer("session-partner" + jobId.hex() + seatNo);
    Contract contract =
        Contract.newBuilder()
            .setJobId(jobId.toByteString())
            .setSeatNo(seatNo)
            .setClient(client.id().toByteString())
            .setPartner(partner.id().toByteString())
            .setUnit("MiB")
            .setUnitPrice(100)
            .setMaxAmount(maxAmount)
            .setCreditUnits(4)
            .setEndSlot(slot + 5)
            .setMaxPeriods(1)
            .setClientSessionKey(clientKey.id().toByteString())
            .setPartnerSessionKey(partnerKey.id().toByteString())
            .build();
    Envelope byClient = Envelopes.sealSession(chain.context(), client, contract);
    Envelope byPartner = Envelopes.sealSession(chain.context(), partner, contract);
    return new Deal(
        byClient,
        Bytes.of(byPartner.getSig()),
        Envelopes.id(chain.context(), byClient),
        client,
        partner,
        clientKey,
        partnerKey);
  }

  public OpenedEntry start(Deal deal, Signer by) {
    return seal(
        by,
        Start.newBuilder()
            .setValidFrom(slot)
            .setValidTo(slot + 16)
            .setClientContract(deal.contract())
            .setPartnerSig(deal.partnerSig().toByteString())
            .build());
  }

  public Envelope micro(Deal deal, long seq, long units, long amount) {
    return Envelopes.sealSession(
        chain.context(),
        deal.clientKey(),
        Micro.newBuilder()
            .setContractId(deal.id().toByteString())
            .setSeq(seq)
            .setCumUnits(units)
            .setCumAmount(amount)
            .build());
  }

  public OpenedEntry partial(Deal deal, Signer by, int party, Envelope micro) {
    return seal(by, completion(deal, party, CompletionKind.COMPLETION_KIND_PARTIAL, micro).build());
  }

  public OpenedEntry dual(Deal deal, Signer by, int party, long seq, long amount) {
    Close close =
        Close.newBuilder()
            .setContractId(deal.id().toByteString())
            .setFinalSeq(seq)
            .setUnits(amount / 100)
            .setAmount(amount)
            .setOutcome(CloseOutcome.CLOSE_OUTCOME_DONE)
            .build();
    Envelope byClient = Envelopes.sealSession(chain.context(), deal.clientKey(), close);
    Envelope byPartner = Envelopes.sealSession(chain.context(), deal.partnerKey(), close);
    return seal(
        by,
        completion(deal, party, CompletionKind.COMPLETION_KIND_DUAL, byClient)
            .setPartnerSig(byPartner.getSig())
            .build());
  }

  private Complete.Builder completion(Deal deal, int party, CompletionKind kind, Envelope receipt) {
    return Complete.newBuilder()
        .setValidFrom(slot)
        .setValidTo(slot + 16)
        .setContractId(deal.id().toByteString())
        .setParty(party)
        .setAttempt(1)
        .setKind(kind)
        .setReceipt(receipt);
  }

  /** Commits a block with these entries, all of which must be eligible, and moves on one slot. */
  public List<EntryResult> block(OpenedEntry... entries) {
    List<OpenedEntry> sorted = new ArrayList<>(List.of(entries));
    sorted.sort(Comparator.comparing(OpenedEntry::id));
    for (OpenedEntry entry : sorted) {
      if (!Eligibility.check(chain, state, entry, slot).isAccept()) {
        throw new AssertionError("not eligible: " + Eligibility.check(chain, state, entry, slot));
      }
    }
    Header header = header(sorted);
    Execution.Outcome outcome = Execution.execute(chain, state, header, sorted);
    state = outcome.after();
    parent = Hashes.sha256(Canonical.encode(header));
    blocks.add(
        new CommittedBlock(header, parent, sorted, outcome.results(), Cert.getDefaultInstance()));
    slot++;
    List<EntryResult> results = new ArrayList<>();
    for (OpenedEntry entry : entries) {
      outcome.results().stream()
          .filter(r -> r.id().equals(entry.id()))
          .forEach(r -> results.add(r.result()));
    }
    return results;
  }

  public Header header(List<OpenedEntry> sorted) {
    org.undchain.core.crypto.RadixTree<Hash> ids = org.undchain.core.crypto.RadixTree.empty();
    for (OpenedEntry entry : sorted) {
      ids = ids.withMember(entry.id(), entry.id());
    }
    height++;
    return Header.newBuilder()
        .setKind(BlockKind.BLOCK_KIND_NORMAL)
        .setHeight(height)
        .setSlot(slot)
        .setNextSlot(chain.calendar().isLastSlot(slot) ? slot : slot + 1)
        .setPeriod(chain.calendar().periodOf(slot))
        .setParentHash(parent.toByteString())
        .setEntriesRoot(ids.root().toByteString())
        .setEntryCount(sorted.size())
        .build();
  }

  /** Runs empty blocks to the end of the period and settles it. */
  public Settlement.Outcome payout() {
    long period = chain.calendar().periodOf(slot);
    while (chain.calendar().periodOf(slot) == period) {
      block();
    }
    SetCert next =
        NextSet.carriedOn(
            chain, state, ValidatorSet.of(GenesisBlock.firstSet(chain)).orElseThrow());
    Settlement.Outcome outcome =
        Settlement.settle(chain, state, period, PeriodBlocks.of(blocks), Optional.of(next));
    state = outcome.after();
    blocks.clear();
    return outcome;
  }

  public long balance(Signer account) {
    return state.account(account.id()).map(leaf -> leaf.getBalance()).orElse(0L);
  }
}
