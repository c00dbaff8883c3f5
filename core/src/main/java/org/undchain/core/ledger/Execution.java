package org.undchain.core.ledger;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.AliasLeaf;
import org.undchain.core.message.BlockKind;
import org.undchain.core.message.Entry;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Header;
import org.undchain.core.message.JobLeaf;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Request;
import org.undchain.core.message.SeenLeaf;
import org.undchain.core.message.Transfer;
import org.undchain.core.message.ValidatorLeaf;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * Executes a committed job file (R4.17). The outcome does not depend on the order of entries of
 * different accounts (I9), so nobody gains by a place in the file: fees first, then debits against
 * the state before the block, then contested objects in an order that the parent's hash draws,
 * credits last.
 */
public final class Execution {
  private static final long REMEMBERED_SLOTS = 16;

  private final Chain chain;
  private final State parent;
  private final Header header;
  private final Draft draft;
  private final Map<Hash, EntryResult> results = new TreeMap<>();
  private final Map<NodeId, Long> credits = new TreeMap<>();

  /** What became of one entry. */
  public record Result(Hash id, EntryResult result) {}

  public record Outcome(State after, List<Result> results) {
    public Outcome {
      results = List.copyOf(results);
    }
  }

  private Execution(Chain chain, State parent, Header header) {
    this.chain = chain;
    this.parent = parent;
    this.header = header;
    this.draft = new Draft(parent);
  }

  /** Results in the order of the entries, which stand ascending by id. */
  public static Outcome execute(
      Chain chain, State parent, Header header, List<OpenedEntry> entries) {
    return new Execution(chain, parent, header).run(entries);
  }

  private Outcome run(List<OpenedEntry> entries) {
    draft.forgetSeenBefore(header.getSlot());
    List<OpenedEntry> live = firstOfEachUseKey(entries);
    List<OpenedEntry> paid = chargeFees(live);
    debit(paid);
    contest(live);
    beatsAndEvidence(live);
    credits.forEach(draft::credit);
    advanceNonceFloors(live);
    if (header.getKind() == BlockKind.BLOCK_KIND_NORMAL) {
      Beacons.close(chain, draft, header, activeLeaves());
    }
    List<Result> out = new ArrayList<>(entries.size());
    for (OpenedEntry entry : entries) {
      EntryResult result = results.getOrDefault(entry.id(), EntryResult.ENTRY_RESULT_OK);
      remember(entry, result);
      out.add(new Result(entry.id(), result));
    }
    return new Outcome(draft.finish(), out);
  }

  /**
   * Phase 1, second half: of equal use keys only the lowest id executes; the others pay nothing.
   */
  private List<OpenedEntry> firstOfEachUseKey(List<OpenedEntry> entries) {
    Map<UseKey, Hash> owners = new TreeMap<>();
    List<OpenedEntry> live = new ArrayList<>(entries.size());
    for (OpenedEntry entry : entries) {
      if (owners.putIfAbsent(UseKey.of(entry), entry.id()) == null) {
        live.add(entry);
      } else {
        results.put(entry.id(), EntryResult.ENTRY_RESULT_KEY_USED);
      }
    }
    return live;
  }

  /** Phase 1: per account in order (nonce, id) the charge is min(fee, what is left). */
  private List<OpenedEntry> chargeFees(List<OpenedEntry> live) {
    List<OpenedEntry> paid = new ArrayList<>();
    long collected = 0;
    for (OpenedEntry entry : byAccountAndNonce(live)) {
      AccountLeaf account =
          draft.account(entry.signer()).orElseGet(() -> Draft.fresh(entry.signer()));
      long fee = chain.rules().fee(entry.bodyBytes());
      long charged = Math.min(fee, account.getBalance());
      draft.put(account.toBuilder().setBalance(account.getBalance() - charged).build());
      collected = Math.addExact(collected, charged);
      if (charged < fee) {
        results.put(entry.id(), EntryResult.ENTRY_RESULT_NO_FUNDS);
      } else {
        paid.add(entry);
      }
    }
    draft.addToPool(collected);
    return paid;
  }

  /**
   * Phase 2: transfers and escrow, per account in order (nonce, id), against the state before the
   * block.
   */
  private void debit(List<OpenedEntry> paid) {
    for (OpenedEntry entry : paid) {
      switch (entry.body().getEntryCase()) {
        case TRANSFER -> transfer(entry, entry.body().getTransfer());
        case REQUEST -> request(entry, entry.body().getRequest());
        case CANCEL, ALIAS, START, COMPLETE, BEAT, EVIDENCE, ENTRY_NOT_SET -> {}
      }
    }
  }

  private void transfer(OpenedEntry entry, Transfer transfer) {
    NodeId to = NodeId.of(transfer.getTo());
    if (parent.account(to).isEmpty() && transfer.getAmount() < chain.rules().existentialDeposit()) {
      results.put(entry.id(), EntryResult.ENTRY_RESULT_NO_ACCOUNT);
    } else if (take(entry, transfer.getAmount())) {
      credits.merge(to, transfer.getAmount(), Math::addExact);
    }
  }

  private void request(OpenedEntry entry, Request request) {
    long seats = request.getSeats();
    long sessionFees = chain.rules().sessionEscrow();
    long escrow = Math.multiplyExact(seats, Math.addExact(request.getMaxPerPartner(), sessionFees));
    if (!take(entry, escrow)) {
      return;
    }
    AccountLeaf client = draft.account(entry.signer()).orElseThrow();
    draft.put(client.toBuilder().setEscrowed(Math.addExact(client.getEscrowed(), escrow)).build());
    draft.put(
        JobLeaf.newBuilder()
            .setId(entry.id().toByteString())
            .setClient(entry.signer().toByteString())
            .setUtility(request.getUtility())
            .setSeats(request.getSeats())
            .setMaxPerPartner(request.getMaxPerPartner())
            .setStartBy(request.getStartBy())
            .setRequestSlot(header.getSlot())
            .setRequestHeight(header.getHeight())
            .setFee(chain.rules().fee(entry.bodyBytes()))
            .setSessionFeePerSeat(sessionFees)
            .setEscrow(escrow)
            .build());
  }

  private boolean take(OpenedEntry entry, long amount) {
    AccountLeaf account = draft.account(entry.signer()).orElseThrow();
    if (account.getBalance() < amount) {
      results.put(entry.id(), EntryResult.ENTRY_RESULT_NO_FUNDS);
      return false;
    }
    draft.put(account.toBuilder().setBalance(account.getBalance() - amount).build());
    return true;
  }

  /** Phase 3: one object after the other, by ascending H(parentHash ‖ id), START before CANCEL. */
  private void contest(List<OpenedEntry> live) {
    List<OpenedEntry> contested = new ArrayList<>();
    for (OpenedEntry entry : live) {
      switch (entry.body().getEntryCase()) {
        case START, CANCEL, COMPLETE, ALIAS -> contested.add(entry);
        case REQUEST, TRANSFER, BEAT, EVIDENCE, ENTRY_NOT_SET -> {}
      }
    }
    contested.sort(Comparator.comparingInt(Execution::turn).thenComparing(this::lot));
    Seats seats = new Seats(chain, draft, header);
    for (OpenedEntry entry : contested) {
      if (results.containsKey(entry.id())) {
        continue; // its fee was not covered
      }
      EntryResult result =
          switch (entry.body().getEntryCase()) {
            case START -> seats.start(entry);
            case CANCEL -> seats.cancel(Hash.of(entry.body().getCancel().getJobId()), credits);
            case COMPLETE -> seats.complete(entry);
            case ALIAS -> alias(entry);
            case REQUEST, TRANSFER, BEAT, EVIDENCE, ENTRY_NOT_SET ->
                throw new IllegalStateException("not contested: " + entry.id());
          };
      results.put(entry.id(), result);
    }
  }

  private static int turn(OpenedEntry entry) {
    return entry.body().getEntryCase() == Entry.EntryCase.CANCEL ? 1 : 0;
  }

  private Hash lot(OpenedEntry entry) {
    return Hashes.sha256(header.getParentHash().toByteArray(), entry.id().bytes().unsafeArray());
  }

  private EntryResult alias(OpenedEntry entry) {
    String alias = entry.body().getAlias().getAlias();
    Bytes owner = entry.signer().bytes();
    boolean isTaken =
        draft
            .view()
            .alias(alias)
            .filter(leaf -> !Bytes.of(leaf.getOwner()).equals(owner))
            .isPresent();
    if (isTaken) {
      return EntryResult.ENTRY_RESULT_ALIAS_TAKEN;
    }
    Bytes target = Bytes.of(entry.body().getAlias().getTarget());
    draft.put(
        AliasLeaf.newBuilder()
            .setAlias(alias)
            .setOwner(owner.toByteString())
            .setTarget((target.isEmpty() ? owner : target).toByteString())
            .build());
    return EntryResult.ENTRY_RESULT_OK;
  }

  private void beatsAndEvidence(List<OpenedEntry> live) {
    for (OpenedEntry entry : live) {
      switch (entry.body().getEntryCase()) {
        case BEAT ->
            draft
                .view()
                .validator(entry.signer())
                .ifPresent(validator -> Beacons.include(draft, validator, entry.body().getBeat()));
        case EVIDENCE ->
            results.put(
                entry.id(), Penalties.execute(chain, draft, header, entry.body().getEvidence()));
        case REQUEST, CANCEL, TRANSFER, ALIAS, START, COMPLETE, ENTRY_NOT_SET -> {}
      }
    }
  }

  /** Uses every live nonce up and lets each floor pass over contiguous used ones. */
  private void advanceNonceFloors(List<OpenedEntry> live) {
    Map<NodeId, AccountLeaf> accounts = new TreeMap<>();
    for (OpenedEntry entry : live) {
      OptionalLong nonce = Windows.nonce(entry.body());
      if (nonce.isEmpty()) {
        continue;
      }
      AccountLeaf account =
          accounts.computeIfAbsent(entry.signer(), id -> draft.account(id).orElseThrow());
      long bits = account.getNonceBits() | 1L << (nonce.getAsLong() - account.getNonceFloor() - 1);
      accounts.put(entry.signer(), account.toBuilder().setNonceBits(bits).build());
    }
    for (AccountLeaf account : accounts.values()) {
      int used = Long.numberOfTrailingZeros(~account.getNonceBits());
      long rest = used == 64 ? 0 : account.getNonceBits() >>> used;
      draft.put(
          account.toBuilder()
              .setNonceFloor(account.getNonceFloor() + used)
              .setNonceBits(rest)
              .build());
    }
  }

  private void remember(OpenedEntry entry, EntryResult result) {
    draft.put(
        SeenLeaf.newBuilder()
            .setId(entry.id().toByteString())
            .setHeight(header.getHeight())
            .setSlot(header.getSlot())
            .setResult(result)
            .setExpiresSlot(Windows.of(entry.body()).to() + REMEMBERED_SLOTS)
            .build());
  }

  private static List<OpenedEntry> byAccountAndNonce(List<OpenedEntry> live) {
    List<OpenedEntry> payers = new ArrayList<>();
    for (OpenedEntry entry : live) {
      if (Windows.nonce(entry.body()).isPresent()) {
        payers.add(entry);
      }
    }
    payers.sort(
        Comparator.comparing(OpenedEntry::signer)
            .thenComparingLong(entry -> Windows.nonce(entry.body()).orElseThrow())
            .thenComparing(OpenedEntry::id));
    return payers;
  }

  private List<ValidatorLeaf> activeLeaves() {
    List<ValidatorLeaf> leaves = new ArrayList<>();
    for (NodeId id : ActiveValidators.of(draft.view(), chain)) {
      draft.view().validator(id).ifPresent(leaves::add);
    }
    return leaves;
  }
}
