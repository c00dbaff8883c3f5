package org.undchain.node.storage;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.undchain.core.value.Hash;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Parts;
import org.undchain.node.transport.grpc.v1.ShardChunk;
import org.undchain.utilities.storage.ProvenPiece;
import org.undchain.utilities.storage.ShardTree;
import org.undchain.utilities.storage.StorageException;

/**
 * Pieces of a shard as a partner serves them: only the shard's own bytes are ever proven (S21).
 * First byte: the piece that was asked for.
 */
public final class PieceDoor implements Door {
  private static final long SIZE = 2L * ShardTree.PIECE_BYTES + 100;

  private final List<byte[]> pieces = new ArrayList<>();
  private final ShardTree tree;

  public PieceDoor() {
    List<Hash> hashes = new ArrayList<>();
    for (int i = 0; i < ShardTree.pieces(SIZE); i++) {
      byte[] piece = new byte[ShardTree.pieceLength(SIZE, i)];
      Arrays.fill(piece, (byte) i);
      pieces.add(piece);
      hashes.add(ShardTree.hash(piece));
    }
    tree = new ShardTree(hashes, SIZE);
  }

  @Override
  public boolean enter(byte[] bytes) {
    if (bytes.length == 0) {
      return false;
    }
    int index = Parts.place(bytes[0], pieces.size());
    try {
      ProvenPiece piece = PieceChunk.read(ShardChunk.parseFrom(Parts.rest(bytes, 1)), index);
      boolean isProven =
          ShardTree.proves(tree.root(), piece.shardBytes(), index, piece.bytes(), piece.path());
      Door.require(
          !isProven || Arrays.equals(piece.bytes(), pieces.get(index)), "a false piece is proven");
      return isProven;
    } catch (InvalidProtocolBufferException | StorageException refused) {
      return false;
    }
  }

  /** The last piece only: the others are large. */
  @Override
  public List<byte[]> honest() {
    int last = pieces.size() - 1;
    ProvenPiece piece = new ProvenPiece(SIZE, pieces.get(last), tree.path(last));
    return List.of(Parts.join(Parts.one(last), PieceChunk.of(piece, last).toByteArray()));
  }
}
