package org.undchain.node.partner;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.Contract;
import org.undchain.core.partner.PartnerCommand;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Parts;
import org.undchain.fuzz.Scratch;
import org.undchain.node.runtime.Metrics;
import org.undchain.node.transport.grpc.v1.ShardAck;
import org.undchain.node.transport.grpc.v1.ShardChunk;
import org.undchain.node.transport.grpc.v1.ShardQuery;
import org.undchain.utilities.storage.ShardReader;
import org.undchain.utilities.storage.ShardStore;
import org.undchain.utilities.storage.ShardTree;
import org.undchain.utilities.storage.StorageException;

/**
 * Whole uploads at a partner's door, broken off, gone on with and read back, over a real folder. An
 * acknowledged shard is there, byte for byte (S21); nothing comes beyond credit, contract and quota
 * (S11, S20); once its seat is over no room is lost.
 *
 * <p>Bytes: contract and caller, then steps; see {@link #step}.
 */
public final class UploadDoor implements Door {
  private static final Hash CONTRACT = Hashes.tagged("contract of the door");
  private static final NodeId CLIENT = new NodeId(Hashes.tagged("client of the door").bytes());
  private static final NodeId OTHER = new NodeId(Hashes.tagged("somebody else").bytes());
  private static final long QUOTA = 8L << 20;
  private static final long READ_BYTES_A_SECOND = 1L << 40;
  private static final int STEPS_MAX = 40;
  private static final int WHOLE_PIECES_MAX = 6;

  /** Largest amounts of a contract, at a price of one for each MiB. */
  private static final long[] AMOUNTS = {4, (1L << 62) - 1, 1, 64};

  private static final int PIECE = 0;
  private static final int CHUNK = 1;
  private static final int CREDIT = 2;
  private static final int CALL = 3;
  private static final int GONE = 4;
  private static final int HALF_CLOSED = 5;
  private static final int ENDED = 6;
  private static final int FETCH = 7;

  private final Scratch scratch = new Scratch();
  private final PartnerMetrics meter = new PartnerMetrics(new Metrics());

  @Override
  public boolean enter(byte[] bytes) throws Exception {
    if (bytes.length == 0) {
      return false;
    }
    Path folder = scratch.emptied();
    try (ShardStore store = ShardStore.open(folder.resolve("storage"), QUOTA)) {
      Visit visit = new Visit(store, folder, bytes[0]);
      ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
      for (int step = 0; step < STEPS_MAX && in.hasRemaining(); step++) {
        visit.step(in);
      }
      return visit.leave();
    }
  }

  /** One partner with one seat, and its client. */
  private final class Visit {
    private final ShardStore store;
    private final StorageSeats seats;
    private final SeatNotes notes;
    private final ShardService service;
    private final Map<Hash, Long> acknowledged = new TreeMap<>();
    private final long unitsMax;
    private HeardCall<ShardAck> call = new HeardCall<>();
    private StreamObserver<ShardChunk> upload;
    private long announced;
    private long credit;
    private long delivered;
    private int wholePieces;
    private boolean isEnded;

    Visit(ShardStore store, Path folder, byte setting) throws StorageException {
      this.store = store;
      this.notes = new SeatNotes(folder.resolve("seats"));
      this.seats = new StorageSeats(store, notes);
      this.unitsMax = AMOUNTS[setting & 3];
      Optional<NodeId> caller =
          switch ((setting >> 2) & 3) {
            case 1 -> Optional.empty();
            case 2 -> Optional.of(OTHER);
            default -> Optional.of(CLIENT);
          };
      seats.opened(
          CONTRACT,
          Contract.newBuilder()
              .setClient(CLIENT.toByteString())
              .setUnitPrice(1)
              .setMaxAmount(unitsMax)
              .setKeepUntilSlot(1000)
              .build());
      this.service =
          new ShardService(
              new ShardService.Setting(
                  store,
                  seats,
                  new ReadBudget(READ_BYTES_A_SECOND),
                  () -> caller,
                  this::onCommand,
                  taken -> {},
                  meter));
      this.upload = service.put(call);
    }

    private void onCommand(PartnerCommand command) {
      if (command instanceof PartnerCommand.Delivered(Hash contract, long units)) {
        require(units > delivered && units <= credit, "units are told that nobody pays for");
        delivered = units;
      }
    }

    void step(ByteBuffer in) throws StorageException {
      switch (in.get() & 7) {
        case PIECE -> piece(in);
        case CHUNK -> chunk(counted(in));
        case CREDIT -> credit(in.hasRemaining() ? in.get() & 0xff : 0);
        case CALL -> {
          call = new HeardCall<>();
          announced = 0;
          upload = service.put(call);
        }
        case GONE -> {
          call.cancel();
          upload.onError(new IllegalStateException("the client is gone"));
        }
        case HALF_CLOSED -> {
          if (!call.isOver()) {
            upload.onCompleted();
          }
        }
        case ENDED -> end(true);
        case FETCH -> fetch(counted(in));
        default -> throw new IllegalStateException("there are eight steps");
      }
      require(store.usedBytes() <= QUOTA && store.freeBytes() >= 0, "more is kept than the quota");
    }

    /** The next piece of what was announced, whole: too long to stand in an input. */
    private void piece(ByteBuffer in) {
      byte filling = in.hasRemaining() ? in.get() : 0;
      long taken = call.heard().isEmpty() ? 0 : call.heard().getLast().getDurableBytes();
      long length = Math.min(ShardTree.PIECE_BYTES, announced - taken);
      if (length > 0 && wholePieces++ < WHOLE_PIECES_MAX) {
        byte[] data = new byte[(int) length];
        Arrays.fill(data, filling);
        chunk(
            ShardChunk.newBuilder()
                .setOffset(taken)
                .setData(ByteString.copyFrom(data))
                .build()
                .toByteArray());
      }
    }

    private void chunk(byte[] message) {
      if (!call.takeRequest()) {
        return; // waits in the client's own window
      }
      int before = call.heard().size();
      try {
        ShardChunk chunk = ShardChunk.parseFrom(message);
        if (announced == 0) {
          announced = chunk.getSize();
        }
        upload.onNext(chunk);
      } catch (InvalidProtocolBufferException malformed) {
        call.cancel();
        upload.onError(malformed);
      }
      for (ShardAck ack : call.heard().subList(before, call.heard().size())) {
        require(
            ack.getDurableBytes() >= 0 && ack.getDurableBytes() <= announced,
            "more is acknowledged than was announced");
        if (!ack.getRoot().isEmpty()) {
          require(ack.getDurableBytes() == announced, "a part of a shard is called the whole");
          acknowledged.put(Hash.of(ack.getRoot()), ack.getDurableBytes());
        }
      }
    }

    private void credit(long units) {
      credit = Math.min(unitsMax, credit + units);
      seats.credited(CONTRACT, credit);
    }

    private void fetch(byte[] message) throws StorageException {
      HeardCall<ShardChunk> reading = new HeardCall<>();
      ShardQuery query;
      try {
        query = ShardQuery.parseFrom(message);
      } catch (InvalidProtocolBufferException malformed) {
        return;
      }
      service.fetch(query, reading);
      reading.ready();
      require(reading.isOver(), "a call for pieces has no end");
      long at = query.getOffset();
      for (ShardChunk chunk : reading.heard()) {
        require(chunk.getOffset() == at, "another piece is served than the next");
        at += chunk.getData().size();
      }
    }

    private void end(boolean isPaid) throws StorageException {
      if (!isEnded) {
        isEnded = true;
        judgeKept();
        seats.ended(CONTRACT, isPaid);
        require(isPaid || store.usedBytes() == 0, "an unpaid shard stays");
        require(store.freeBytes() + store.usedBytes() == QUOTA, "room is lost");
      }
    }

    private void judgeKept() throws StorageException {
      for (Map.Entry<Hash, Long> shard : acknowledged.entrySet()) {
        try (ShardReader reader = store.read(shard.getKey())) {
          require(reader.size() == shard.getValue(), "a shard has another size than acknowledged");
          for (int i = 0; i < reader.pieces(); i++) {
            var piece = reader.piece(i);
            require(
                ShardTree.proves(shard.getKey(), reader.size(), i, piece.bytes(), piece.path()),
                "other bytes are kept than were acknowledged");
          }
        }
      }
      Map<Hash, Long> noted = new TreeMap<>();
      notes.read(CONTRACT).forEach((root, shard) -> noted.put(root, shard.bytes()));
      require(noted.equals(acknowledged), "the notes of the seat say otherwise");
    }

    /** Whether a shard was taken. */
    boolean leave() throws StorageException {
      end(false);
      return !acknowledged.isEmpty();
    }
  }

  private static byte[] counted(ByteBuffer in) {
    int length = in.remaining() < Short.BYTES ? 0 : in.getShort() & 0xffff;
    byte[] part = new byte[Math.min(length, in.remaining())];
    in.get(part);
    return part;
  }

  private static void require(boolean holds, String what) {
    Door.require(holds, what);
  }

  /** Pieces of 256 KiB are copied some times each. */
  @Override
  public long allocationMax(int length) {
    return (24L << 20) + 256L * length;
  }

  @Override
  public List<byte[]> honest() {
    byte[] small = new byte[5000];
    Arrays.fill(small, (byte) 7);
    Hash smallRoot = ShardTree.rootOf(Bytes.wrap(small));
    byte[] large = new byte[2 * ShardTree.PIECE_BYTES + 100];
    Arrays.fill(large, (byte) 9);
    Hash largeRoot = ShardTree.rootOf(Bytes.wrap(large));
    byte[] announceSmall = sent(announcement(small.length));
    byte[] credit = {CREDIT, 1};
    byte[] wholeSmall =
        Parts.join(
            credit, announceSmall, sent(data(0, small)), sent(last(small.length, smallRoot)));
    byte[] oneOfLarge = {PIECE, 9};
    byte[] announceLarge = sent(announcement(large.length));
    byte[] endOfLarge = sent(last(large.length, largeRoot));
    byte[] wholeLarge =
        Parts.join(credit, announceLarge, oneOfLarge, oneOfLarge, oneOfLarge, endOfLarge);
    byte[] again = {GONE, CALL};
    List<byte[]> honest = new ArrayList<>();
    honest.add(Parts.join(Parts.one(0), wholeSmall));
    honest.add(Parts.join(Parts.one(0), wholeLarge, fetched(largeRoot, ShardTree.PIECE_BYTES, 0)));
    honest.add( // broken off behind a piece, gone on with
        Parts.join(
            Parts.one(0),
            credit,
            announceLarge,
            oneOfLarge,
            again,
            announceLarge,
            oneOfLarge,
            oneOfLarge,
            endOfLarge));
    honest.add( // announced again by its root: here already; then a second shard
        Parts.join(
            Parts.one(1),
            wholeLarge,
            Parts.one(CALL),
            sent(named(announcement(large.length), largeRoot)),
            Parts.one(CALL),
            wholeSmall,
            fetched(smallRoot, 0, 1)));
    return honest;
  }

  private static ShardChunk announcement(long size) {
    return ShardChunk.newBuilder().setContractId(CONTRACT.toByteString()).setSize(size).build();
  }

  private static ShardChunk named(ShardChunk first, Hash root) {
    return first.toBuilder().setRoot(root.toByteString()).build();
  }

  private static ShardChunk data(long offset, byte[] bytes) {
    return ShardChunk.newBuilder().setOffset(offset).setData(ByteString.copyFrom(bytes)).build();
  }

  private static ShardChunk last(long size, Hash root) {
    return ShardChunk.newBuilder()
        .setOffset(size)
        .setLast(true)
        .setRoot(root.toByteString())
        .build();
  }

  private static byte[] sent(ShardChunk chunk) {
    return counted(CHUNK, chunk.toByteArray());
  }

  private static byte[] fetched(Hash root, long offset, long length) {
    return counted(
        FETCH,
        ShardQuery.newBuilder()
            .setRoot(root.toByteString())
            .setOffset(offset)
            .setLength(length)
            .build()
            .toByteArray());
  }

  private static byte[] counted(int step, byte[] message) {
    return Parts.join(
        Parts.one(step), Parts.one(message.length >> 8), Parts.one(message.length), message);
  }
}
