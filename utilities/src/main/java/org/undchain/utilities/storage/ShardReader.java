package org.undchain.utilities.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.undchain.core.value.Hash;

/** A shard on disk, read piece by piece; no byte leaves that does not match the root. */
public final class ShardReader implements AutoCloseable {
  private final FileChannel channel;
  private final long size;
  private final ShardTree tree;

  private ShardReader(FileChannel channel, long size, ShardTree tree) {
    this.channel = channel;
    this.size = size;
    this.tree = tree;
  }

  static ShardReader open(Hash root, ShardStore.Kept kept, TreeCache trees)
      throws StorageException {
    try {
      FileChannel channel = FileChannel.open(kept.file(), StandardOpenOption.READ);
      try {
        Optional<ShardTree> known = trees.get(root);
        ShardTree tree = known.isPresent() ? known.get() : tree(channel, root, kept.size());
        trees.put(tree);
        return new ShardReader(channel, kept.size(), tree);
      } catch (IOException | StorageException failure) {
        channel.close();
        throw failure;
      }
    } catch (NoSuchFileException gone) {
      throw new StorageException(StorageReason.NOT_FOUND, "no shard " + root, gone);
    } catch (IOException failure) {
      throw new StorageException(StorageReason.DISK, "cannot read " + root, failure);
    }
  }

  public long size() {
    return size;
  }

  public int pieces() {
    return ShardTree.pieces(size);
  }

  /** Piece {@code index} with its proof. */
  public ProvenPiece piece(int index) throws StorageException {
    if (index < 0 || index >= pieces()) {
      throw new StorageException(StorageReason.NOT_FOUND, "no piece " + index);
    }
    try {
      long at = (long) index * ShardTree.PIECE_BYTES;
      byte[] bytes = read(channel, at, ShardTree.pieceLength(size, index));
      if (!ShardTree.hash(bytes).equals(tree.piece(index))) {
        throw new StorageException(
            StorageReason.DAMAGED, "piece " + index + " of " + tree.root() + " has changed");
      }
      return new ProvenPiece(size, bytes, tree.path(index));
    } catch (IOException failure) {
      throw new StorageException(StorageReason.DISK, "cannot read " + tree.root(), failure);
    }
  }

  @Override
  public void close() throws StorageException {
    try {
      channel.close();
    } catch (IOException failure) {
      throw new StorageException(StorageReason.DISK, "cannot close " + tree.root(), failure);
    }
  }

  /** Bytes of the shard in a file of {@code fileBytes}; the rest are hashes. */
  static long shardBytes(long fileBytes) {
    long pieces = Math.ceilDiv(fileBytes, (long) ShardTree.PIECE_BYTES + Hash.SIZE);
    return Math.max(0, fileBytes - pieces * Hash.SIZE);
  }

  private static ShardTree tree(FileChannel channel, Hash root, long size)
      throws IOException, StorageException {
    if (size > 0 && size <= ObjectLayout.SHARD_MAX) {
      int pieces = ShardTree.pieces(size);
      byte[] hashes = read(channel, size, pieces * Hash.SIZE);
      List<Hash> nodes = new ArrayList<>(pieces);
      for (int i = 0; i < pieces; i++) {
        nodes.add(Hash.wrap(Arrays.copyOfRange(hashes, i * Hash.SIZE, (i + 1) * Hash.SIZE)));
      }
      ShardTree tree = new ShardTree(nodes, size);
      if (tree.root().equals(root)) {
        return tree;
      }
    }
    throw new StorageException(StorageReason.DAMAGED, "the hashes of " + root + " have changed");
  }

  private static byte[] read(FileChannel channel, long from, int length)
      throws IOException, StorageException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, from + bytes.position()) < 0) {
        throw new StorageException(StorageReason.DAMAGED, "the file of a shard is too short");
      }
    }
    return bytes.array();
  }
}
