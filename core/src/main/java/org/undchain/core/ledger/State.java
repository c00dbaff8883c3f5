package org.undchain.core.ledger;

import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.RadixBranch;
import org.undchain.core.crypto.RadixTree;
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
 * The ledger after one block: an immutable value over the state tree of R0.7. A new block makes a
 * new state that shares all untouched leaves; old states stay good for proofs and views.
 *
 * <p>Beside the tree stand indexes that no root covers, since they follow from the leaves: open
 * jobs, seats by contract, results by the slot in which they are forgotten, and the money in each
 * place.
 */
public final class State {
  static final Bytes CHAIN_KEY = ascii("chain");
  static final Bytes POOLS_KEY = ascii("pools");

  /** A leaf with the table and key it stands under. */
  record Leaf(int table, Bytes key, Message value) {
    Hash hash() {
      return Hashes.sha256(Canonical.encode(value));
    }
  }

  /** Where a contract's seat is. */
  record SeatPlace(Hash jobId, int seatNo) {}

  /** Sums over all leaves, kept along with every change (I7). */
  record Totals(long balances, long bonds, long escrow, long pools, long burnt) {
    static final Totals NONE = new Totals(0, 0, 0, 0, 0);

    long sum() {
      return Math.addExact(
          Math.addExact(Math.addExact(balances, bonds), Math.addExact(escrow, pools)), burnt);
    }
  }

  final RadixTree<Leaf> tree;
  final RadixTree<Hash> openJobs;
  final RadixTree<SeatPlace> contracts;
  final RadixTree<List<Hash>> expiries;
  final Totals totals;

  State(
      RadixTree<Leaf> tree,
      RadixTree<Hash> openJobs,
      RadixTree<SeatPlace> contracts,
      RadixTree<List<Hash>> expiries,
      Totals totals) {
    this.tree = tree;
    this.openJobs = openJobs;
    this.contracts = contracts;
    this.expiries = expiries;
    this.totals = totals;
  }

  static State empty() {
    return new State(
        RadixTree.empty(), RadixTree.empty(), RadixTree.empty(), RadixTree.empty(), Totals.NONE);
  }

  /** prevStateRoot of the next header. */
  public Hash root() {
    return tree.root();
  }

  public Optional<AccountLeaf> account(NodeId id) {
    return leaf(Table.ACCOUNT, id.bytes(), AccountLeaf.class);
  }

  public Optional<JobLeaf> job(Hash jobId) {
    return leaf(Table.JOB, jobId.bytes(), JobLeaf.class);
  }

  public Optional<SeatLeaf> seat(Hash jobId, int seatNo) {
    return leaf(Table.SEAT, seatKey(jobId, seatNo), SeatLeaf.class);
  }

  public Optional<SeatLeaf> seatOfContract(Hash contractId) {
    return contracts.get(contractId).flatMap(place -> seat(place.jobId(), place.seatNo()));
  }

  public Optional<AliasLeaf> alias(String alias) {
    return leaf(Table.ALIAS, ascii(alias), AliasLeaf.class);
  }

  public Optional<SeenLeaf> seen(Hash entryId) {
    return leaf(Table.SEEN, entryId.bytes(), SeenLeaf.class);
  }

  public Optional<ValidatorLeaf> validator(NodeId id) {
    return leaf(Table.VALIDATOR, id.bytes(), ValidatorLeaf.class);
  }

  public Optional<EvidenceLeaf> evidence(Bytes key) {
    return leaf(Table.EVIDENCE, key, EvidenceLeaf.class);
  }

  public ParamsLeaf params() {
    return leaf(Table.PARAMS, CHAIN_KEY, ParamsLeaf.class).orElseThrow();
  }

  public PoolsLeaf pools() {
    return leaf(Table.POOLS, POOLS_KEY, PoolsLeaf.class).orElseThrow();
  }

  /** Canonical bytes of a leaf by its table number and canonical key. */
  public Optional<Bytes> leaf(int table, Bytes key) {
    return tree.get(Table.keyOf(table, key)).map(found -> Canonical.encode(found.value()));
  }

  /** Path of a leaf, or of its absence, under {@link #root}. */
  public RadixTree.Proof prove(Table table, Bytes key) {
    return tree.prove(table.key(key));
  }

  /** What shows all of these leaves under {@link #root}; their state keys, ascending. */
  public RadixBranch branch(List<Hash> stateKeys) {
    return tree.branch(stateKeys);
  }

  /** Ids of jobs that have not ended, ascending. */
  public List<Hash> openJobs() {
    return openJobs.keys();
  }

  /** All leaves of one type, in the order of their state keys: for views, never on a hot path. */
  public <M extends Message> List<M> all(Table table, Class<M> type) {
    List<M> found = new ArrayList<>();
    tree.forEach((key, leaf) -> {
      if (leaf.table() == table.number()) {
        found.add(type.cast(leaf.value()));
      }
    });
    return found;
  }

  /** Seats of a job that exist, by number. */
  public List<SeatLeaf> seats(JobLeaf job) {
    List<SeatLeaf> seats = new ArrayList<>();
    for (int seatNo = 0; seatNo < job.getSeats(); seatNo++) {
      seat(Hash.of(job.getId()), seatNo).ifPresent(seats::add);
    }
    return seats;
  }

  /** Grains in every place together: balances, bonds, escrow, pools and what was burnt (I7). */
  public long money() {
    return totals.sum();
  }

  <M extends Message> Optional<M> leaf(Table table, Bytes key, Class<M> type) {
    return tree.get(table.key(key)).map(found -> type.cast(found.value()));
  }

  static Bytes seatKey(Hash jobId, int seatNo) {
    byte[] key = new byte[36];
    System.arraycopy(jobId.bytes().unsafeArray(), 0, key, 0, 32);
    System.arraycopy(Hashes.u32(seatNo), 0, key, 32, 4);
    return Bytes.wrap(key);
  }

  static Bytes ascii(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Slots as keys of an index: big-endian in the last 8 bytes, so ascending. */
  static Hash slotKey(long slot) {
    byte[] key = new byte[32];
    System.arraycopy(Hashes.u64(slot), 0, key, 24, 8);
    return Hash.wrap(key);
  }
}
