package org.undchain.node.client;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.undchain.core.ledger.Table;
import org.undchain.core.message.Contract;
import org.undchain.core.message.SeatLeaf;
import org.undchain.core.message.SeatState;
import org.undchain.core.message.SessionRecord;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The seats of one job that an earlier process opened.
 *
 * @param all that were not refused, oldest first
 * @param running those that may still take a shard
 */
record EarlierSeats(List<Seat> all, List<Seat> running) {
  /**
   * A seat with a contract.
   *
   * @param isClosing whether the client has signed its close
   */
  record Seat(NodeId partner, Hash contractId, int seatNo, boolean isClosing) {}

  static final EarlierSeats NONE = new EarlierSeats(List.of(), List.of());

  EarlierSeats {
    all = List.copyOf(all);
    running = List.copyOf(running);
  }

  /** As the client's log knows them; whether a partner closed one meanwhile, the chain tells. */
  static EarlierSeats of(ClientNode node, Hash jobId) throws ClientException, InterruptedException {
    List<Seat> all = new ArrayList<>();
    List<Seat> running = new ArrayList<>();
    for (SessionRecord record : node.recovered()) {
      if (!Hash.of(record.getJobId()).equals(jobId) || record.getFailed()) {
        continue;
      }
      Contract contract = node.contractOf(record);
      Seat seat =
          new Seat(
              NodeId.of(contract.getPartner()),
              Hash.of(record.getContractId()),
              contract.getSeatNo(),
              record.hasClose());
      all.add(seat);
      boolean isOver = record.getCompleted() || record.hasComplete() || record.hasClose();
      if (!isOver
          && state(node, jobId, seat.seatNo())
              .map(SeatState.SEAT_STATE_STARTED::equals)
              .orElse(true)) {
        running.add(seat);
      }
    }
    return new EarlierSeats(all, running);
  }

  Optional<Seat> of(NodeId partner) {
    return all.stream().filter(seat -> seat.partner().equals(partner)).findFirst();
  }

  Set<Integer> numbers() {
    Set<Integer> numbers = new TreeSet<>();
    all.forEach(seat -> numbers.add(seat.seatNo()));
    return numbers;
  }

  /** What the chain says of a seat; empty if its START is in no block. */
  static Optional<SeatState> state(ClientNode node, Hash jobId, int seatNo)
      throws ClientException, InterruptedException {
    byte[] number = ByteBuffer.allocate(Integer.BYTES).putInt(seatNo).array();
    Bytes key = Bytes.of(jobId.toByteString().concat(ByteString.copyFrom(number)));
    return node.leaf(Table.SEAT, key, SeatLeaf.parser()).map(SeatLeaf::getState);
  }
}
