package org.undchain.core.validator;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.DamagedRecords;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.Event;
import org.undchain.core.message.Block;
import org.undchain.core.message.Header;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Role;
import org.undchain.core.sync.Archive;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Parts;
import org.undchain.fuzz.Town;
import org.undchain.sim.FakeSignatures;
import org.undchain.sim.NamedKeys;

/**
 * A validator's own records, damaged, at its start (R4.40): it refuses them as damaged, or goes on
 * from a state that the town really had, and runs.
 *
 * <p>Bytes: how much of the log there is and whether the guard is lost; then changes of it, each
 * what is done (put in the place of, put before, taken out, cut off), a place, a length, a record.
 */
public final class RecordsDoor implements Door {
  private static final int CHANGES_MAX = 4;
  private static final int CHANGE_HEAD = 5;

  /** Heights before the boundary at which a short log ends. */
  private static final int SHORT_HEIGHT = 8;

  private static final int TIMERS_MAX = 12;

  /** Longer ones leave a fuzzer no room: payout files, which no restart reads. */
  private static final int RECORD_MAX = 8 << 10;

  private static final int INSTEAD = 0;
  private static final int BEFORE = 1;
  private static final int OUT = 2;

  private final Town town = Town.ofForgeable();
  private final Chain chain = town.chain();
  private final NamedKeys keys =
      new NamedKeys(new FakeSignatures(), "validator 0", chain.rules().periodSlots());
  private final NodeId self = keys.identity().id();
  private final List<LogRecord> whole = town.log(self);
  private final List<LogRecord> start = whole.subList(0, endOf(SHORT_HEIGHT));
  private final BlockTime now;

  /** Root of the state behind each block, as the next header says. */
  private final Map<Long, Hash> states = new TreeMap<>();

  public RecordsDoor() {
    List<Block> blocks = town.blocks();
    for (Block block : blocks) {
      Header header = block.getHead().getHeader();
      states.put(header.getHeight() - 1, Hash.of(header.getPrevStateRoot()));
    }
    now = chain.calendar().startOf(blocks.getLast().getHead().getHeader().getSlot() + 1);
  }

  private int endOf(long height) {
    int at = 0;
    while (whole.get(at).getBlock().getHead().getHeader().getHeight() < height) {
      at++;
    }
    return at + 1;
  }

  @Override
  public boolean enter(byte[] bytes) {
    if (bytes.length == 0) {
      return false;
    }
    boolean isAmnesiac = (bytes[0] & 2) != 0;
    Optional<List<LogRecord>> log =
        changed((bytes[0] & 1) == 0 ? whole : start, ByteBuffer.wrap(Parts.rest(bytes, 1)));
    if (log.isEmpty()) {
      return false;
    }
    try {
      judgeCheckpoint(log.get());
      run(new Validator(chain, keys, Archive.EMPTY, log.get(), isAmnesiac));
      return true;
    } catch (DamagedRecords refused) {
      Door.require(!String.valueOf(refused.getMessage()).isEmpty(), "a refusal says no why");
      return false;
    }
  }

  private static Optional<List<LogRecord>> changed(List<LogRecord> log, ByteBuffer in) {
    List<LogRecord> changed = new ArrayList<>(log);
    for (int i = 0; i < CHANGES_MAX && in.remaining() >= CHANGE_HEAD && !changed.isEmpty(); i++) {
      int how = in.get() & 3;
      int place = (in.getShort() & 0xffff) % changed.size();
      byte[] record = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
      in.get(record);
      try {
        switch (how) {
          case INSTEAD -> changed.set(place, LogRecord.parseFrom(record));
          case BEFORE -> changed.add(place, LogRecord.parseFrom(record));
          case OUT -> changed.remove(place);
          default -> changed.subList(place, changed.size()).clear();
        }
      } catch (InvalidProtocolBufferException malformed) {
        return Optional.empty(); // the store refuses it before anybody else sees it
      }
    }
    return Optional.of(changed);
  }

  /** A checkpoint that is taken says the same when it is written again. */
  private static void judgeCheckpoint(List<LogRecord> log) {
    Optional<Checkpoint> read = Checkpoint.newest(log);
    if (read.isPresent()) {
      List<LogRecord> written = read.get().records();
      Door.require(
          Checkpoint.newest(written).map(Checkpoint::records).equals(Optional.of(written)),
          "a checkpoint changes when it is written again");
    }
  }

  private void run(Validator validator) {
    ValidatorNotice.Began began = validator.began();
    Door.require(
        states.getOrDefault(began.height(), began.state().root()).equals(began.state().root()),
        "it goes on from a state of block " + began.height() + " that nobody had");
    List<Effect.SetTimer> timers = new ArrayList<>();
    note(validator.on(now, new Event.Started()), timers);
    for (NodeId member : town.story().validators()) {
      if (!member.equals(self)) {
        note(validator.on(now, new Event.PeerUp(member, Role.ROLE_VALIDATOR)), timers);
      }
    }
    for (int i = 0; i < TIMERS_MAX && !timers.isEmpty(); i++) {
      Effect.SetTimer next = timers.removeFirst();
      BlockTime at = next.at().isBefore(now) ? now : next.at();
      note(validator.on(at, new Event.TimerFired(next.id())), timers);
    }
  }

  private static void note(List<Effect> effects, List<Effect.SetTimer> timers) {
    for (Effect effect : effects) {
      if (effect instanceof Effect.SetTimer timer) {
        timers.add(timer);
      }
    }
  }

  /** The log as it is, with a record of each kind in its own place. */
  @Override
  public List<byte[]> honest() {
    List<byte[]> honest = new ArrayList<>();
    honest.add(new byte[] {0});
    honest.add(new byte[] {2});
    honest.add(new byte[] {1});
    for (List<LogRecord> log : List.of(start, whole)) {
      Set<LogRecord.RecordCase> seen = EnumSet.noneOf(LogRecord.RecordCase.class);
      for (int at = log.size() - 1; at >= 0; at--) {
        byte[] record = log.get(at).toByteArray();
        if (record.length <= RECORD_MAX && seen.add(log.get(at).getRecordCase())) {
          honest.add(
              Parts.join(
                  Parts.one(log == whole ? 0 : 1),
                  Parts.one(INSTEAD),
                  Parts.one(at >> 8),
                  Parts.one(at),
                  Parts.one(record.length >> 8),
                  Parts.one(record.length),
                  record));
        }
      }
    }
    return honest;
  }

  @Override
  public long allocationMax(int length) {
    return (64L << 20) + 4096L * length;
  }
}
