package org.undchain.core.partner;

import com.google.protobuf.ByteString;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.agent.Mail;
import org.undchain.core.message.SessionRecord;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** The seats of one partner, by contract; bounded, and those that are over give way first. */
final class SeatBook {
  /** Most seats remembered. */
  static final int SEATS_MAX = 4096;

  private final Mail mail;
  private final Map<Hash, OwnSeat> seats = new LinkedHashMap<>();
  private final Map<Long, OwnSeat> byNumber = new TreeMap<>();
  private long lastNumber;

  SeatBook(Mail mail) {
    this.mail = mail;
  }

  OwnSeat add(BlockTime now, SessionRecord record) {
    OwnSeat own = new OwnSeat(mail, ++lastNumber, record, now);
    seats.put(own.seat().contractId(), own);
    byNumber.put(own.number, own);
    return own;
  }

  /** Makes room for one more besides those that are asked for; false if every seat is busy. */
  boolean hasRoom(int asked) {
    if (seats.size() + asked < SEATS_MAX) {
      return true;
    }
    Optional<OwnSeat> over = seats.values().stream().filter(own -> own.seat().isOver()).findFirst();
    over.ifPresent(own -> {
      seats.remove(own.seat().contractId());
      byNumber.remove(own.number);
    });
    return over.isPresent();
  }

  Collection<OwnSeat> all() {
    return List.copyOf(seats.values());
  }

  Optional<OwnSeat> of(Hash contractId) {
    return Optional.ofNullable(seats.get(contractId));
  }

  Optional<OwnSeat> ofNumber(long number) {
    return Optional.ofNullable(byNumber.get(number));
  }

  /** The seat that a client speaks of on its own connection. */
  Optional<OwnSeat> of(NodeId client, ByteString contractId) {
    return contractId.size() == Hash.SIZE
        ? of(Hash.of(contractId)).filter(own -> own.seat().client().equals(client))
        : Optional.empty();
  }

  boolean hasSeatOf(Hash jobId) {
    return seats.values().stream()
        .anyMatch(own -> own.seat().jobId().equals(jobId) && !own.seat().record().getFailed());
  }

  /** Units promised and not yet taken. */
  long reservedUnits() {
    return seats.values().stream().mapToLong(OwnSeat::reservedUnits).sum();
  }
}
