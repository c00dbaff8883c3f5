package org.undchain.core.ledger;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.ledger.State.Leaf;
import org.undchain.core.ledger.State.SeatPlace;
import org.undchain.core.ledger.State.Totals;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.AliasLeaf;
import org.undchain.core.message.EvidenceLeaf;
import org.undchain.core.message.JobLeaf;
import org.undchain.core.message.ParamsLeaf;
import org.undchain.core.message.PoolsLeaf;
import org.undchain.core.message.SeatLeaf;
import org.undchain.core.message.SeenLeaf;
import org.undchain.core.message.ValidatorLeaf;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * A state in the making: what one block changes, over the state before it. Keeps the indexes and
 * the money in each place along with every leaf, and refuses a state that lost or made a grain (I7)
 * or went below zero (I8).
 */
public final class Draft {
  /** Perception score of a new account, centi-points (section 9). */
  public static final int SCORE_START = 44_400;

  private RadixTree<Leaf> tree;
  private RadixTree<Hash> openJobs;
  private RadixTree<SeatPlace> contracts;
  private RadixTree<List<Hash>> expiries;
  private final TreeMap<Long, List<Hash>> expiring = new TreeMap<>(); // of this block, by slot
  private final Map<NodeId, AccountLeaf> accounts = new LinkedHashMap<>(); // read or changed
  private final Map<NodeId, AccountLeaf> changed = new LinkedHashMap<>(); // not in the tree yet
  private Totals totals;

  public Draft(State before) {
    tree = before.tree;
    openJobs = before.openJobs;
    contracts = before.contracts;
    expiries = before.expiries;
    totals = before.totals;
  }

  /** The finished state; throws if money was made or lost. */
  public State finish() {
    expiring.forEach(this::expireAt);
    expiring.clear();
    write();
    State after = new State(tree, openJobs, contracts, expiries, totals);
    long supply = after.params().getSupply();
    if (totals.sum() != supply) {
      throw new IllegalStateException(
          "I7: places hold " + totals.sum() + " grains of a supply of " + supply);
    }
    return after;
  }

  private void expireAt(long slot, List<Hash> more) {
    Hash key = State.slotKey(slot);
    List<Hash> ids = new ArrayList<>(expiries.get(key).orElse(List.of()));
    ids.addAll(more);
    expiries = expiries.withMember(key, List.copyOf(ids));
  }

  /** A look at the draft as it stands. */
  public State view() {
    write();
    return new State(tree, openJobs, contracts, expiries, totals);
  }

  public Optional<AccountLeaf> account(NodeId id) {
    AccountLeaf here = accounts.get(id);
    if (here != null) {
      return Optional.of(here);
    }
    Optional<AccountLeaf> before =
        tree.get(Table.ACCOUNT.key(id.bytes())).map(leaf -> (AccountLeaf) leaf.value());
    before.ifPresent(account -> accounts.put(id, account));
    return before;
  }

  /**
   * Entries change an account four times in a block: what is left in the end goes down the tree.
   */
  public void put(AccountLeaf account) {
    NodeId id = NodeId.of(account.getId());
    account(id).ifPresent(before -> count(before, -1));
    count(account, 1);
    accounts.put(id, account);
    changed.put(id, account);
  }

  private void write() {
    changed.forEach((id, account) -> {
      Hash place = Table.ACCOUNT.key(id.bytes());
      tree = with(place, Table.ACCOUNT, id.bytes(), account);
    });
    changed.clear();
  }

  public void put(JobLeaf job) {
    Hash id = Hash.of(job.getId());
    set(Table.JOB, id.bytes(), job);
    openJobs = openJobs.withMember(id, id);
  }

  /** Ended jobs leave the state with their seats; the payout file has them. */
  public void remove(JobLeaf job) {
    Hash id = Hash.of(job.getId());
    for (SeatLeaf seat : view().seats(job)) {
      drop(Table.SEAT, State.seatKey(id, seat.getSeatNo()));
      contracts = contracts.without(Hash.of(seat.getContractId()));
    }
    drop(Table.JOB, id.bytes());
    openJobs = openJobs.without(id);
  }

  public void put(SeatLeaf seat) {
    Hash jobId = Hash.of(seat.getJobId());
    set(Table.SEAT, State.seatKey(jobId, seat.getSeatNo()), seat);
    Hash contractId = Hash.of(seat.getContractId());
    contracts = contracts.withMember(contractId, new SeatPlace(jobId, seat.getSeatNo()));
  }

  public void put(AliasLeaf alias) {
    set(Table.ALIAS, State.ascii(alias.getAlias()), alias);
  }

  public void put(ValidatorLeaf validator) {
    set(Table.VALIDATOR, Bytes.of(validator.getId()), validator);
  }

  public void put(ParamsLeaf params) {
    set(Table.PARAMS, State.CHAIN_KEY, params);
  }

  public void put(PoolsLeaf pools) {
    set(Table.POOLS, State.POOLS_KEY, pools);
  }

  public void put(EvidenceLeaf evidence) {
    set(Table.EVIDENCE, Bytes.of(evidence.getEvidenceKey()), evidence);
  }

  public void put(SeenLeaf seen) {
    Hash id = Hash.of(seen.getId());
    set(Table.SEEN, id.bytes(), seen);
    expiring.computeIfAbsent(seen.getExpiresSlot(), slot -> new ArrayList<>()).add(id);
  }

  /** Forgets the results whose last slot is over (R4.17). */
  public void forgetSeenBefore(long slot) {
    Hash end = State.slotKey(slot);
    for (Optional<Hash> at = expiries.firstKey();
        at.isPresent() && at.get().compareTo(end) < 0;
        at = expiries.firstKey()) {
      for (Hash id : expiries.get(at.get()).orElse(List.of())) {
        drop(Table.SEEN, id.bytes());
      }
      expiries = expiries.without(at.get());
    }
  }

  /** Adds to a balance and creates the account if need be. */
  public void credit(NodeId id, long amount) {
    AccountLeaf account = account(id).orElseGet(() -> fresh(id));
    put(account.toBuilder().setBalance(Math.addExact(account.getBalance(), amount)).build());
  }

  public void addToPool(long amount) {
    PoolsLeaf pools = view().pools();
    put(pools.toBuilder().setFeePool(Math.addExact(pools.getFeePool(), amount)).build());
  }

  static AccountLeaf fresh(NodeId id) {
    return AccountLeaf.newBuilder().setId(id.toByteString()).setScore(SCORE_START).build();
  }

  private void set(Table table, Bytes key, Message value) {
    Hash place = table.key(key);
    tree.get(place).ifPresent(leaf -> count(leaf.value(), -1));
    count(value, 1);
    tree = with(place, table, key, value);
  }

  private RadixTree<Leaf> with(Hash place, Table table, Bytes key, Message value) {
    return tree.with(place, Leaf::hash, new Leaf(table.number(), key, value));
  }

  private void drop(Table table, Bytes key) {
    Hash place = table.key(key);
    Optional<Leaf> old = tree.get(place);
    if (old.isPresent()) {
      count(old.get().value(), -1);
      tree = tree.without(place);
    }
  }

  private void count(Message value, int sign) {
    switch (value) {
      case AccountLeaf account -> {
        require(account.getBalance() >= 0 && account.getBond() >= 0, "I8: negative account");
        totals =
            new Totals(
                Math.addExact(totals.balances(), sign * account.getBalance()),
                Math.addExact(totals.bonds(), sign * account.getBond()),
                totals.escrow(),
                totals.pools(),
                totals.burnt());
      }
      case JobLeaf job -> {
        require(job.getEscrow() >= 0, "I8: negative escrow");
        totals =
            new Totals(
                totals.balances(),
                totals.bonds(),
                Math.addExact(totals.escrow(), sign * job.getEscrow()),
                totals.pools(),
                totals.burnt());
      }
      case PoolsLeaf pools -> {
        require(pools.getFeePool() >= 0, "I8: negative pool");
        totals =
            new Totals(
                totals.balances(),
                totals.bonds(),
                totals.escrow(),
                Math.addExact(totals.pools(), sign * pools.getFeePool()),
                totals.burnt());
      }
      case ParamsLeaf params ->
          totals =
              new Totals(
                  totals.balances(),
                  totals.bonds(),
                  totals.escrow(),
                  totals.pools(),
                  Math.addExact(totals.burnt(), sign * params.getBurnt()));
      default -> {} // holds no money
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }
}
