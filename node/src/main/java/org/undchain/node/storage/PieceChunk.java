package org.undchain.node.storage;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.ArrayList;
import java.util.List;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.node.transport.grpc.v1.ShardChunk;
import org.undchain.utilities.storage.ProvenPiece;
import org.undchain.utilities.storage.ShardTree;
import org.undchain.utilities.storage.StorageException;
import org.undchain.utilities.storage.StorageReason;

/** A piece with its proof as one chunk of a {@code Fetch}. */
public final class PieceChunk {
  private PieceChunk() {}

  /**
   * @param index of the piece
   */
  public static ShardChunk of(ProvenPiece piece, int index) {
    ByteString path = ByteString.EMPTY;
    for (Hash sibling : piece.path()) {
      path = path.concat(sibling.toByteString());
    }
    return ShardChunk.newBuilder()
        .setSize(piece.shardBytes())
        .setOffset((long) index * ShardTree.PIECE_BYTES)
        .setData(UnsafeByteOperations.unsafeWrap(piece.bytes()))
        .setPath(path)
        .setLast(index == ShardTree.pieces(piece.shardBytes()) - 1)
        .build();
  }

  /** What a partner claims to be piece {@code index}; whether it is, its proof has to show. */
  public static ProvenPiece read(ShardChunk chunk, int index) throws StorageException {
    int pathBytes = chunk.getPath().size();
    if (chunk.getOffset() != (long) index * ShardTree.PIECE_BYTES
        || chunk.getSize() < 1
        || chunk.getData().size() > ShardTree.PIECE_BYTES
        || pathBytes % Hash.SIZE != 0
        || pathBytes / Hash.SIZE > ShardTree.PATH_MAX) {
      throw new StorageException(StorageReason.LYING, "the chunk is no piece " + index);
    }
    List<Hash> path = new ArrayList<>(pathBytes / Hash.SIZE);
    for (int at = 0; at < pathBytes; at += Hash.SIZE) {
      path.add(Hash.of(chunk.getPath().substring(at, at + Hash.SIZE)));
    }
    return new ProvenPiece(chunk.getSize(), Bytes.of(chunk.getData()).unsafeArray(), path);
  }
}
