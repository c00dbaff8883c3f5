package org.undchain.node.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.undchain.core.message.Block;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.PayoutRecord;
import org.undchain.core.message.ProofFile;
import org.undchain.core.message.ResultPage;
import org.undchain.core.payout.ResultPages;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.node.store.StoreException.Why;

/**
 * A {@link NodeStore} in RocksDB. Every commit is one synced write batch.
 *
 * <p>The write-ahead log is opened with {@code kTolerateCorruptedTailRecords}: the default would
 * take a flipped bit in the middle for the end and lose what was promised durable without a word. A
 * torn tail is no loss, since nothing left the node before its sync returned.
 *
 * <p>A record that has a family of its own (block, payout file, checkpoint) stands there once; the
 * log holds its key. Results stand in their family alone.
 */
public final class RocksStore implements NodeStore {
  static {
    RocksDB.loadLibrary();
  }

  /** Version of this layout. */
  public static final int FORMAT = 3;

  private static final byte INLINE = 0;
  private static final byte BLOCK = 1;
  private static final byte PAYOUT = 2;
  private static final byte PROOF = 3; // of format 1 and 2
  private static final byte CHECKPOINT = 4;
  private static final int PAGE_KEY_BYTES = Long.BYTES + Integer.BYTES;
  private static final String FORMAT_KEY = "format";
  private static final String OWNER_KEY = "owner";
  private static final String GUARD_KEY = "guard";
  private static final String GUARD_BEFORE_KEY = "guard-before";
  private static final String TIME_KEY = "time";
  private static final String FIRST_KEY = "first";
  private static final String CHECKPOINT_KEY = "checkpoint";
  private static final String CHECKPOINT_BEFORE_KEY = "checkpoint-before";
  private static final byte[] SNAPSHOT_KEY = utf8("newest");

  /** Column families, in the order of their handles. */
  private enum Family {
    META("default"),
    LOG("log"),
    BLOCKS("blocks"),
    PAYOUTS("payouts"),
    PROOFS("proofs"),
    SNAPSHOTS("snapshots"),
    CHECKPOINTS("checkpoints"),
    PROOF_PLACES("proof-heights");

    private final String label;

    Family(String label) {
      this.label = label;
    }
  }

  private final Path folder;
  private final Cache cache;
  private final ColumnFamilyOptions familyOptions;
  private final DBOptions options;
  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final List<ColumnFamilyHandle> handles = new ArrayList<>();
  private final RocksDB db;
  private long nextSequence;
  private volatile long guardSequence;
  private volatile long guardSequenceBefore;
  private volatile Optional<BlockTime> lastSeen = Optional.empty();
  private boolean isClosed;

  private RocksStore(Path folder) throws StoreException {
    this.folder = folder;
    cache = new LRUCache(4 << 20);
    familyOptions =
        new ColumnFamilyOptions()
            .setWriteBufferSize(2 << 20)
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setTableFormatConfig(new BlockBasedTableConfig().setBlockCache(cache));
    options =
        new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setParanoidChecks(true)
            .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
            .setDbWriteBufferSize(4 << 20)
            .setMaxTotalWalSize(16 << 20)
            .setMaxOpenFiles(64)
            .setKeepLogFileNum(2)
            .setMaxBgErrorResumeCount(0) // after a failure nothing is written any more
            .setAtomicFlush(true) // nor does a part of a group that failed come back
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL);
    List<ColumnFamilyDescriptor> families = new ArrayList<>();
    for (Family family : Family.values()) {
      families.add(new ColumnFamilyDescriptor(utf8(family.label), familyOptions));
    }
    try {
      Files.createDirectories(folder);
      OwnerOnly.syncName(folder); // or a power cut takes all of it
      db = RocksDB.open(options, folder.toString(), families, handles);
    } catch (IOException | RocksDBException failure) {
      closeOptions();
      throw opening(failure);
    }
  }

  /**
   * Opens a folder, or makes a new one.
   *
   * @throws StoreException if the folder belongs to another node or chain, was written by a newer
   *     version, is open already, or cannot be read
   */
  public static RocksStore open(Path folder, StoreOwner owner) throws StoreException {
    RocksStore store = new RocksStore(folder);
    try {
      store.checkOwner(owner);
      store.readPlace();
      return store;
    } catch (StoreException refused) {
      store.close();
      throw refused;
    }
  }

  @Override
  public void commit(List<LogRecord> records, long guard, BlockTime now) throws StoreException {
    try (WriteBatch batch = new WriteBatch()) {
      long sequence = nextSequence;
      for (LogRecord record : records) {
        if (record.hasResults()) {
          place(batch, record.getResults());
        } else {
          byte[] key = u64(sequence++);
          batch.put(handle(Family.LOG), key, place(batch, key, record));
        }
      }
      batch.put(handle(Family.META), utf8(GUARD_KEY), u64(guard));
      batch.put(handle(Family.META), utf8(GUARD_BEFORE_KEY), u64(guardSequence));
      batch.put(handle(Family.META), utf8(TIME_KEY), u64(now.millis()));
      db.write(synced, batch);
      nextSequence = sequence;
      guardSequenceBefore = guardSequence;
      guardSequence = guard;
      lastSeen = Optional.of(now);
    } catch (RocksDBException failure) {
      throw broken("writing " + records.size() + " records", failure);
    }
  }

  @Override
  public Recovered recover() throws StoreException {
    long from =
        Math.max(
            meta(FIRST_KEY).map(RocksStore::u64).orElse(0L),
            meta(CHECKPOINT_BEFORE_KEY).map(RocksStore::u64).orElse(0L));
    return new Recovered(get(Family.SNAPSHOTS, SNAPSHOT_KEY).map(Bytes::wrap), log(from, true));
  }

  @Override
  public List<LogRecord> everything() throws StoreException {
    return log(meta(FIRST_KEY).map(RocksStore::u64).orElse(0L), false);
  }

  private List<LogRecord> log(long from, boolean withCheckpoints) throws StoreException {
    List<LogRecord> records = new ArrayList<>();
    long expected = from;
    try (RocksIterator all = db.newIterator(handle(Family.LOG))) {
      for (all.seek(u64(expected)); all.isValid(); all.next()) {
        if (u64(all.key()) != expected++) {
          throw new StoreException(
              Why.DAMAGED,
              "a record of the log in " + folder + " is missing" + StoreException.HOW_TO_GO_ON);
        }
        byte[] value = all.value(); // a copy each time
        byte tag = value.length == 0 ? INLINE : value[0];
        if (tag != PROOF && (withCheckpoints || tag != CHECKPOINT)) {
          records.add(record(value));
        }
      }
      all.status();
    } catch (RocksDBException failure) {
      throw broken("reading the log", failure);
    }
    return records;
  }

  @Override
  public void snapshot(Bytes snapshot) throws StoreException {
    try (WriteBatch batch = new WriteBatch()) {
      batch.put(handle(Family.SNAPSHOTS), SNAPSHOT_KEY, snapshot.unsafeArray());
      batch.put(handle(Family.META), utf8(FIRST_KEY), u64(nextSequence));
      batch.deleteRange(handle(Family.LOG), u64(0), u64(nextSequence));
      db.write(synced, batch);
    } catch (RocksDBException failure) {
      throw broken("writing a snapshot", failure);
    }
  }

  @Override
  public Optional<Block> block(long height) throws StoreException {
    Optional<byte[]> found = get(Family.BLOCKS, u64(height));
    return found.isEmpty() ? Optional.empty() : Optional.of(parse(Block.parser(), found.get()));
  }

  @Override
  public List<Block> blocks(long from, int max) throws StoreException {
    List<Block> blocks = new ArrayList<>();
    long expected = from;
    try (RocksIterator all = db.newIterator(handle(Family.BLOCKS))) {
      for (all.seek(u64(from));
          all.isValid() && blocks.size() < Math.min(max, BLOCKS_MAX) && u64(all.key()) == expected;
          all.next()) {
        blocks.add(parse(Block.parser(), all.value()));
        expected++;
      }
      all.status();
    } catch (RocksDBException failure) {
      throw broken("reading blocks", failure);
    }
    return blocks;
  }

  @Override
  public Optional<PayoutRecord> payout(long period) throws StoreException {
    Optional<byte[]> found = get(Family.PAYOUTS, u64(period));
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(parse(LogRecord.parser(), found.get()).getPayout());
  }

  @Override
  public Optional<ProofFile> proof(Hash key) throws StoreException {
    byte[] id = key.bytes().unsafeArray();
    Optional<byte[]> place = get(Family.PROOF_PLACES, id);
    if (place.isPresent() && place.get().length == PAGE_KEY_BYTES) {
      Optional<byte[]> page = get(Family.PROOFS, place.get());
      return page.isEmpty()
          ? Optional.empty()
          : ResultPages.proof(parse(ResultPage.parser(), page.get()), key);
    }
    // format 2 had each under height and id, format 1 under its id
    byte[] old = place.isEmpty() ? id : concat(place.get(), id);
    Optional<byte[]> found = get(Family.PROOFS, old);
    return found.isEmpty() ? Optional.empty() : Optional.of(parse(ProofFile.parser(), found.get()));
  }

  @Override
  public long guardSequence() {
    return guardSequence;
  }

  @Override
  public long guardSequenceBefore() {
    return guardSequenceBefore;
  }

  @Override
  public Optional<BlockTime> lastSeen() {
    return lastSeen;
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    handles.forEach(ColumnFamilyHandle::close);
    db.close();
    closeOptions();
  }

  private void closeOptions() {
    synced.close();
    options.close();
    familyOptions.close();
    cache.close();
  }

  /** Puts a record where it is found by its own key; answers what the log holds of it. */
  private byte[] place(WriteBatch batch, byte[] sequence, LogRecord record)
      throws RocksDBException {
    return switch (record.getRecordCase()) {
      case BLOCK -> {
        byte[] key = u64(record.getBlock().getHead().getHeader().getHeight());
        batch.put(handle(Family.BLOCKS), key, record.getBlock().toByteArray());
        yield tagged(BLOCK, key);
      }
      case PAYOUT -> {
        byte[] key = u64(record.getPayout().getFile().getHeader().getPeriod());
        batch.put(handle(Family.PAYOUTS), key, record.toByteArray());
        yield tagged(PAYOUT, key);
      }
      case CHECKPOINT -> {
        if (record.getCheckpoint().getPart() == 0) {
          beginCheckpoint(batch, sequence);
        }
        batch.put(handle(Family.CHECKPOINTS), sequence, record.toByteArray());
        yield tagged(CHECKPOINT, sequence);
      }
      case LANE, FREEZE, CLOSED, VOTE, PROPOSAL, BEAT, SESSION, SET_CERT ->
          tagged(INLINE, record.toByteArray());
      case RESULTS, RECORD_NOT_SET -> throw new IllegalArgumentException("no record of the log");
    };
  }

  /**
   * Results are asked for one by one and never at a restart, so the log does not name them. Pages
   * ascend with time: ids lie anywhere, and each merge of new ones would write all old ones again.
   */
  private void place(WriteBatch batch, ResultPage page) throws RocksDBException {
    byte[] key = concat(u64(page.getNextHeight()), u32(page.getPage()));
    batch.put(handle(Family.PROOFS), key, page.toByteArray());
    for (ByteString id : page.getIdsList()) {
      batch.put(handle(Family.PROOF_PLACES), id.toByteArray(), key);
    }
  }

  /** A restart reads from the checkpoint before this one on; nobody needs those before that. */
  private void beginCheckpoint(WriteBatch batch, byte[] sequence) throws RocksDBException {
    byte @Nullable [] newest = db.get(handle(Family.META), utf8(CHECKPOINT_KEY));
    byte[] before = newest == null ? u64(0) : newest;
    batch.put(handle(Family.META), utf8(CHECKPOINT_BEFORE_KEY), before);
    batch.put(handle(Family.META), utf8(CHECKPOINT_KEY), sequence);
    batch.deleteRange(handle(Family.CHECKPOINTS), u64(0), before);
  }

  private LogRecord record(byte[] value) throws StoreException {
    if (value.length == 0) {
      throw damaged();
    }
    byte[] rest = Arrays.copyOfRange(value, 1, value.length);
    return switch (value[0]) {
      case INLINE -> parse(LogRecord.parser(), rest);
      case BLOCK ->
          LogRecord.newBuilder()
              .setBlock(parse(Block.parser(), named(Family.BLOCKS, rest)))
              .build();
      case PAYOUT -> parse(LogRecord.parser(), named(Family.PAYOUTS, rest));
      case CHECKPOINT -> parse(LogRecord.parser(), named(Family.CHECKPOINTS, rest));
      default -> throw damaged();
    };
  }

  private byte[] named(Family family, byte[] key) throws StoreException {
    Optional<byte[]> found = get(family, key);
    if (found.isEmpty()) {
      throw damaged();
    }
    return found.get();
  }

  private void checkOwner(StoreOwner owner) throws StoreException {
    byte[] name = new byte[Hash.SIZE + Hash.SIZE];
    System.arraycopy(owner.chainId().bytes().unsafeArray(), 0, name, 0, Hash.SIZE);
    System.arraycopy(owner.node().bytes().unsafeArray(), 0, name, Hash.SIZE, Hash.SIZE);
    Optional<byte[]> format = meta(FORMAT_KEY);
    if (format.isEmpty()) {
      writeOwner(name);
      return;
    }
    long version = u64(format.get());
    if (version > FORMAT) {
      throw new StoreException(
          Why.NEWER_VERSION,
          folder
              + " was written in format "
              + version
              + ", this program knows "
              + FORMAT
              + ": use a newer release, or another data folder");
    }
    if (!Arrays.equals(meta(OWNER_KEY).orElse(new byte[0]), name)) {
      throw new StoreException(
          Why.WRONG_CHAIN,
          folder
              + " holds the data of another chain or node, not of chain "
              + owner.chainId().hex()
              + ": name another data folder, or move this one away");
    }
    if (version < FORMAT) {
      writeOwner(name); // what this program writes the one before would not find
    }
  }

  private void writeOwner(byte[] name) throws StoreException {
    try (WriteBatch batch = new WriteBatch()) {
      batch.put(handle(Family.META), utf8(FORMAT_KEY), u64(FORMAT));
      batch.put(handle(Family.META), utf8(OWNER_KEY), name);
      db.write(synced, batch);
    } catch (RocksDBException failure) {
      throw broken("initialising", failure);
    }
  }

  private void readPlace() throws StoreException {
    try (RocksIterator all = db.newIterator(handle(Family.LOG))) {
      all.seekToLast();
      nextSequence =
          all.isValid() ? u64(all.key()) + 1 : meta(FIRST_KEY).map(RocksStore::u64).orElse(0L);
      all.status();
    } catch (RocksDBException failure) {
      throw broken("reading the log", failure);
    }
    guardSequence = meta(GUARD_KEY).map(RocksStore::u64).orElse(0L);
    guardSequenceBefore = meta(GUARD_BEFORE_KEY).map(RocksStore::u64).orElse(guardSequence);
    lastSeen = meta(TIME_KEY).map(millis -> new BlockTime(u64(millis)));
  }

  private Optional<byte[]> meta(String key) throws StoreException {
    return get(Family.META, utf8(key));
  }

  private Optional<byte[]> get(Family family, byte[] key) throws StoreException {
    try {
      byte @Nullable [] found = db.get(handle(family), key);
      return Optional.ofNullable(found);
    } catch (RocksDBException failure) {
      throw broken("reading " + family.label, failure);
    }
  }

  private <M> M parse(Parser<M> parser, byte[] bytes) throws StoreException {
    try {
      return parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException malformed) {
      throw damaged();
    }
  }

  private ColumnFamilyHandle handle(Family family) {
    return handles.get(family.ordinal());
  }

  private StoreException opening(Exception failure) {
    String text = String.valueOf(failure.getMessage());
    if (text.contains("While lock file: ") || text.contains("lock hold by current process")) {
      return new StoreException(
          Why.IN_USE,
          folder
              + " is in use by another process: stop that node first, or name another data folder",
          failure);
    }
    if (text.contains("olumn famil")) {
      return new StoreException(
          Why.NEWER_VERSION,
          folder
              + " has parts this program does not know: use a newer release, or another data"
              + " folder",
          failure);
    }
    return switch (failure) {
      case RocksDBException broken -> broken("opening", broken);
      case IOException broken -> StoreException.of("cannot use " + folder, broken);
      default -> throw new IllegalArgumentException(failure);
    };
  }

  private StoreException broken(String doing, RocksDBException failure) {
    Status status = failure.getStatus();
    String text = doing + " failed in " + folder + ": " + failure.getMessage();
    if (status != null && status.getSubCode() == Status.SubCode.NoSpace) {
      return new StoreException(Why.NO_SPACE, text + StoreException.MAKE_ROOM, failure);
    }
    if (status != null && status.getCode() == Status.Code.Corruption) {
      return new StoreException(Why.DAMAGED, text + StoreException.HOW_TO_GO_ON, failure);
    }
    return new StoreException(Why.INPUT_OUTPUT, text + StoreException.CHECK_DISK, failure);
  }

  private StoreException damaged() {
    return new StoreException(
        Why.DAMAGED, "a record in " + folder + " cannot be read" + StoreException.HOW_TO_GO_ON);
  }

  private static byte[] tagged(byte tag, byte[] rest) {
    return concat(new byte[] {tag}, rest);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  private static byte[] u32(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }

  private static byte[] u64(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private static long u64(byte[] value) {
    return value.length == Long.BYTES ? ByteBuffer.wrap(value).getLong() : -1;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
