package org.undchain.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.LogRecord;
import org.undchain.core.value.Hash;
import org.undchain.node.store.StoreException.Why;

/**
 * What the node's consensus key has signed, in a small append-only file beside the database (R4.40,
 * R4.41): so that no lost, restored or damaged database, and no second process, ever makes the key
 * sign two things for one place.
 *
 * <p>Records have 128 bytes, a check sum, and the hash of the one before. The file is locked, its
 * space is reserved ahead, and a record is forced to the disk before the signature leaves. A last
 * record that was torn never left the node and is dropped; anything else that is wrong means that
 * the node may have forgotten a signature: it has <em>amnesia</em> and must stay silent until R4.41
 * lets it speak again.
 */
public final class SigningGuard implements AutoCloseable {
  /** Space reserved at a time. */
  private static final int RESERVE_BYTES = 64 << 10;

  /** A larger file is written anew with what still matters. */
  static final long FILE_BYTES_MAX = 8 << 20;

  /** Slots of which the newest lane header is kept; only two are ever open. */
  private static final int SLOTS_MAX = 64;

  private static final byte[] NOTHING = new byte[GuardRecord.SIZE];

  private final Path file;
  private final StoreOwner owner;
  private final long bytesMax;
  private final FileChannel lock;
  private FileChannel channel;
  private long position;
  private long reserved;
  private long sequence;
  private Hash newest = Hash.ZERO;
  private @Nullable GuardRecord vote;
  private @Nullable GuardRecord proposal;
  private final TreeMap<Long, GuardRecord> lanes = new TreeMap<>();
  private final List<GuardRecord> unwritten = new ArrayList<>();
  private Memory memory = new Memory.Fresh();
  private boolean isBroken;

  /** What a node knows of its own signatures when it starts. */
  public sealed interface Memory {
    /** Initialised and never used: the key signed nothing, it may vote from height 1. */
    record Fresh() implements Memory {}

    /** Everything the key signed is known. */
    record Whole(long records) implements Memory {}

    /** The key may have signed what nobody remembers: R4.41 holds. */
    record Amnesia(String why) implements Memory {}
  }

  /** The newest group of the database, which has it before the guard has. */
  @FunctionalInterface
  public interface Unfinished {
    /**
     * What the group signs, if the guard's newest record is the last one before it; else nothing.
     */
    List<GuardRecord> after(long sequence) throws StoreException;
  }

  private SigningGuard(Path file, StoreOwner owner, long bytesMax, FileChannel lock)
      throws IOException {
    this.file = file;
    this.owner = owner;
    this.bytesMax = bytesMax;
    this.lock = lock;
    this.channel = channel(file);
  }

  /**
   * Makes the guard file of a key that never signed. Done once, when a node is initialised; an
   * existing file is left as it is.
   */
  public static void initialise(Path file, StoreOwner owner) throws StoreException {
    try {
      if (!Presence.of(file)) {
        writeNew(file, List.of(GuardRecord.owner(owner)));
      }
    } catch (IOException failure) {
      throw StoreException.of(file + " cannot be made", failure);
    }
  }

  /**
   * Opens and locks the guard.
   *
   * @param storeSequence newest guard record the database knows of: both write in one group, so
   *     they differ only if one of them lost something, or the node died between the two
   * @param unfinished the group between whose two writes the node may have died
   * @throws StoreException if another process holds it, or it belongs to another node or chain
   */
  public static SigningGuard open(
      Path file, StoreOwner owner, long storeSequence, Unfinished unfinished)
      throws StoreException {
    return open(file, owner, storeSequence, unfinished, FILE_BYTES_MAX);
  }

  static SigningGuard open(
      Path file, StoreOwner owner, long storeSequence, Unfinished unfinished, long bytesMax)
      throws StoreException {
    try {
      FileChannel lock = lock(file);
      try {
        boolean isMissing = !Presence.of(file);
        if (isMissing) {
          writeNew(file, List.of(GuardRecord.owner(owner)));
        }
        SigningGuard guard = new SigningGuard(file, owner, bytesMax, lock);
        if (isMissing) {
          guard.forget("the guard file was missing", storeSequence);
        } else {
          guard.recall(storeSequence, unfinished);
        }
        return guard;
      } catch (IOException | RuntimeException failure) {
        lock.close();
        throw failure;
      }
    } catch (StoreException refused) {
      throw refused;
    } catch (IOException failure) {
      throw StoreException.of(file + " cannot be read", failure);
    }
  }

  /**
   * All records of a guard file, without a change to it and without its lock: for whoever audits a
   * node that is off. Ends before the first record that is not whole.
   */
  public static List<GuardRecord> read(Path file) throws IOException {
    List<GuardRecord> records = new ArrayList<>();
    byte[] bytes = Files.readAllBytes(file);
    for (int at = 0; at + GuardRecord.SIZE <= bytes.length; at += GuardRecord.SIZE) {
      Optional<GuardRecord> record =
          GuardRecord.decode(Arrays.copyOfRange(bytes, at, at + GuardRecord.SIZE));
      if (record.isEmpty()) {
        break;
      }
      records.add(record.get());
    }
    return records;
  }

  public Memory memory() {
    return memory;
  }

  /** Number of the newest record. */
  public long sequence() {
    return sequence;
  }

  /**
   * Numbers what these records sign, and refuses what must not be signed. What stands there already
   * gets no number again. Nothing is on the disk before {@link #write}.
   *
   * @throws StoreException if one signs something else for a place signed before; the guard is then
   *     closed for good and the node must stop
   */
  public void prepare(List<LogRecord> records) throws StoreException {
    refuseIfBroken();
    try {
      for (LogRecord record : records) {
        Optional<GuardRecord> signed = GuardRecord.of(record);
        if (signed.isPresent() && isNew(signed.get())) {
          number(signed.get());
        }
      }
    } catch (StoreException conflict) {
      isBroken = true;
      throw conflict;
    }
  }

  /**
   * Forces what was prepared to the disk.
   *
   * @throws StoreException if the disk fails; the guard is then closed for good and the node must
   *     stop
   */
  public void write() throws StoreException {
    refuseIfBroken();
    try {
      if (!unwritten.isEmpty()) {
        write(unwritten);
        unwritten.clear();
        memory = new Memory.Whole(sequence);
      }
    } catch (IOException failure) {
      isBroken = true;
      throw StoreException.of(file + " cannot be written", failure);
    }
  }

  private void refuseIfBroken() throws StoreException {
    if (isBroken) {
      throw new StoreException(Why.INPUT_OUTPUT, file + " failed before: start again");
    }
  }

  private void number(GuardRecord signed) {
    GuardRecord next = signed.at(sequence + 1, newest);
    unwritten.add(next);
    take(next);
  }

  @Override
  public void close() {
    isBroken = true;
    try (FileChannel first = channel;
        FileChannel last = lock) {
      assert first != last;
    } catch (IOException ignored) {
      // nothing is lost: every record was forced before
    }
  }

  /** False for a place that was signed with the same content before. */
  private boolean isNew(GuardRecord next) throws StoreException {
    GuardRecord before =
        switch (next.kind()) {
          case VOTE -> vote;
          case PROPOSAL -> proposal;
          case LANE -> lanes.get(next.height());
          case OWNER, AMNESIA -> throw new IllegalArgumentException(next.toString());
        };
    if (before == null) {
      boolean isBelowAll =
          next.kind() == GuardRecord.Kind.LANE
              && lanes.size() == SLOTS_MAX
              && next.height() < lanes.firstKey();
      if (isBelowAll) {
        throw conflict(next, lanes.firstEntry().getValue());
      }
      return true;
    }
    if (next.isSamePlace(before)) {
      if (!next.isSameContent(before)) {
        throw conflict(next, before);
      }
      return false;
    }
    if (!isAfter(next, before)) {
      throw conflict(next, before);
    }
    return true;
  }

  private StoreException conflict(GuardRecord next, GuardRecord before) {
    return new StoreException(
        Why.SIGNED_BEFORE,
        "asked to sign "
            + place(next)
            + " after "
            + place(before)
            + " in "
            + file
            + ": is another process running with this key?");
  }

  private static String place(GuardRecord record) {
    return record.kind()
        + " height="
        + record.height()
        + " round="
        + record.round()
        + " step="
        + record.step()
        + " value="
        + record.value();
  }

  private static boolean isAfter(GuardRecord next, GuardRecord before) {
    if (next.epoch() != before.epoch()) {
      return next.epoch() > before.epoch();
    }
    if (next.height() != before.height()) {
      return next.height() > before.height();
    }
    return next.round() != before.round()
        ? next.round() > before.round()
        : next.step() > before.step();
  }

  private void take(GuardRecord record) {
    sequence = record.sequence();
    newest = Hashes.sha256(record.encode());
    switch (record.kind()) {
      case VOTE -> vote = record;
      case PROPOSAL -> proposal = record;
      case LANE -> {
        lanes.put(record.height(), record);
        if (lanes.size() > SLOTS_MAX) {
          lanes.pollFirstEntry();
        }
      }
      case OWNER, AMNESIA -> {}
    }
  }

  private void write(List<GuardRecord> fresh) throws IOException {
    if (position + (long) fresh.size() * GuardRecord.SIZE > bytesMax) {
      rewrite();
      return;
    }
    ByteBuffer out = ByteBuffer.allocate(fresh.size() * GuardRecord.SIZE);
    fresh.forEach(record -> out.put(record.encode()));
    reserve(position + out.capacity());
    out.flip();
    long at = position;
    while (out.hasRemaining()) {
      at += channel.write(out, at);
    }
    channel.force(false);
    position = at;
  }

  /** Zeros ahead of the end, so that forcing a record need not change the file's size. */
  private void reserve(long end) throws IOException {
    if (end <= reserved) {
      return;
    }
    ByteBuffer zeros = ByteBuffer.allocate(RESERVE_BYTES);
    long at = Math.max(position, reserved);
    while (reserved < end) {
      zeros.clear();
      while (zeros.hasRemaining()) {
        at += channel.write(zeros, at);
      }
      reserved = at;
    }
    channel.force(true);
  }

  /** Replaces the file by one that holds only the newest signature of each kind and slot. */
  private void rewrite() throws IOException {
    List<GuardRecord> newestOnes = new ArrayList<>(lanes.values());
    Optional.ofNullable(vote).ifPresent(newestOnes::add);
    Optional.ofNullable(proposal).ifPresent(newestOnes::add);
    newestOnes.sort(Comparator.comparingLong(GuardRecord::sequence));
    List<GuardRecord> kept = new ArrayList<>();
    kept.add(GuardRecord.owner(owner));
    for (GuardRecord record : newestOnes) {
      kept.add(record.at(record.sequence(), Hashes.sha256(kept.getLast().encode())));
    }
    replace(kept);
  }

  private void replace(List<GuardRecord> kept) throws IOException {
    channel.close();
    writeNew(file, kept);
    channel = channel(file);
    kept.forEach(this::take);
    position = (long) kept.size() * GuardRecord.SIZE;
    reserved = position;
  }

  /** Reads the file and decides what is known of the key's past. */
  private void recall(long storeSequence, Unfinished unfinished) throws IOException {
    Optional<String> unreadable = read();
    if (unreadable.isPresent()) {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".unreadable"),
          StandardCopyOption.REPLACE_EXISTING);
      vote = null;
      proposal = null;
      lanes.clear();
      replace(List.of(GuardRecord.owner(owner)));
      forget(unreadable.get(), storeSequence);
    } else if (sequence != storeSequence && !isFinished(storeSequence, unfinished)) {
      // ahead: the database lost its end or is a backup; behind: the guard is
      forget(
          "the guard ends at signature "
              + sequence
              + " and the database at "
              + storeSequence
              + ", so one of them lost some",
          storeSequence);
    }
  }

  /**
   * Whether nothing but the guard's part of the database's newest group was missing: then the node
   * died between the two writes, nothing of the group left it, and the part is written now.
   */
  private boolean isFinished(long storeSequence, Unfinished unfinished) throws IOException {
    List<GuardRecord> group = unfinished.after(sequence);
    if (group.isEmpty() || sequence + group.size() != storeSequence) {
      return false;
    }
    for (GuardRecord signed : group) {
      if (!isNew(signed)) {
        return false;
      }
      number(signed);
    }
    write();
    return true;
  }

  /** Empty if every record is good; else what is wrong. */
  private Optional<String> read() throws IOException {
    long records = channel.size() / GuardRecord.SIZE;
    reserved = channel.size();
    for (long i = 0; i < records; i++) {
      byte[] bytes = new byte[GuardRecord.SIZE];
      readFully(bytes, i * GuardRecord.SIZE);
      if (Arrays.equals(bytes, NOTHING)) {
        break;
      }
      Optional<GuardRecord> record = GuardRecord.decode(bytes);
      if (record.isEmpty()) {
        if (i > 0 && isNothingAfter(i + 1, records)) {
          break; // torn: it was never forced, so its signature never left
        }
        return Optional.of("record " + i + " of the guard is damaged");
      }
      Optional<String> wrong = i == 0 ? checkFirst(record.get()) : checkNext(record.get(), i);
      if (wrong.isPresent()) {
        return wrong;
      }
      position = (i + 1) * GuardRecord.SIZE;
    }
    return position == 0 ? Optional.of("the guard file is empty") : Optional.empty();
  }

  private Optional<String> checkFirst(GuardRecord record) throws StoreException {
    if (record.kind() != GuardRecord.Kind.OWNER) {
      return Optional.of("the guard does not begin with its owner");
    }
    if (!record.value().equals(owner.chainId())
        || !record.previous().bytes().equals(owner.node().bytes())) {
      throw new StoreException(
          Why.WRONG_CHAIN,
          file + " belongs to another node or chain: name another data folder, or move it away");
    }
    take(record);
    return Optional.empty();
  }

  private Optional<String> checkNext(GuardRecord record, long index) {
    if (record.sequence() <= sequence || !record.previous().equals(newest)) {
      return Optional.of("record " + index + " of the guard does not follow the one before");
    }
    take(record);
    memory =
        record.kind() == GuardRecord.Kind.AMNESIA
            ? new Memory.Amnesia("the node had forgotten before and has signed nothing since")
            : new Memory.Whole(sequence);
    return Optional.empty();
  }

  /**
   * Notes it in the file, so that a second restart does not take an empty guard for a fresh one.
   */
  private void forget(String why, long storeSequence) throws IOException {
    long next = Math.max(sequence, storeSequence) + 1;
    GuardRecord record = GuardRecord.amnesia().at(next, newest);
    write(List.of(record));
    take(record);
    memory = new Memory.Amnesia(why);
  }

  private boolean isNothingAfter(long index, long records) throws IOException {
    for (long i = index; i < records; i++) {
      byte[] bytes = new byte[GuardRecord.SIZE];
      readFully(bytes, i * GuardRecord.SIZE);
      if (!Arrays.equals(bytes, NOTHING)) {
        return false;
      }
    }
    return true;
  }

  private void readFully(byte[] bytes, long at) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    while (in.hasRemaining()) {
      if (channel.read(in, at + in.position()) < 0) {
        throw new IOException("ends at " + (at + in.position()));
      }
    }
  }

  private static void writeNew(Path file, List<GuardRecord> records) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel out =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      for (GuardRecord record : records) {
        ByteBuffer bytes = ByteBuffer.wrap(record.encode());
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      }
      out.force(true);
    }
    try {
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException notHere) {
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    }
    try (FileChannel folder = FileChannel.open(parent, StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  private static FileChannel channel(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** The lock is a file of its own, which is never replaced. */
  private static FileChannel lock(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    FileChannel channel =
        FileChannel.open(
            file.resolveSibling(file.getFileName() + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException heldByThisProcess) {
      // the same refusal as for another process
    }
    channel.close();
    throw new StoreException(
        Why.IN_USE,
        file
            + " is in use by another process: one key must never sign in two places;"
            + " stop that node first");
  }
}
