package org.undchain.fuzz.core;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.message.ListProof;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Parts;

/** Paths in a list tree: each shows its own row at its own place. First byte: the row. */
public final class ListPathDoor implements Door {
  private static final int ROWS = 11;

  private final List<Bytes> rows =
      IntStream.range(0, ROWS)
          .mapToObj(i -> Hashes.tagged("row", Bytes.wrap(Hashes.u32(i))).bytes())
          .toList();
  private final Hash root = MerkleList.root(rows);

  @Override
  public boolean enter(byte[] bytes) {
    if (bytes.length == 0) {
      return false;
    }
    int asked = Parts.place(bytes[0], ROWS);
    Optional<ListProof> proof =
        Canonical.decode(ListProof.parser(), Bytes.wrap(Parts.rest(bytes, 1)));
    if (proof.isEmpty()
        || proof.get().getPathList().stream().anyMatch(hash -> hash.size() != Hash.SIZE)) {
      return false;
    }
    List<Hash> path = new ArrayList<>();
    for (ByteString hash : proof.get().getPathList()) {
      path.add(Hash.of(hash));
    }
    int index = proof.get().getIndex();
    int count = proof.get().getCount();
    boolean isShown = MerkleList.verify(root, rows.get(asked), index, count, path);
    Door.require(!isShown || (index == asked && count == ROWS), "a row shows at another place");
    return isShown;
  }

  @Override
  public List<byte[]> honest() {
    List<byte[]> honest = new ArrayList<>();
    for (int i = 0; i < ROWS; i += 5) {
      ListProof.Builder proof = ListProof.newBuilder().setIndex(i).setCount(ROWS);
      MerkleList.path(rows, i).forEach(hash -> proof.addPath(hash.toByteString()));
      honest.add(Parts.join(Parts.one(i), Canonical.encode(proof.build()).toByteArray()));
    }
    return honest;
  }
}
