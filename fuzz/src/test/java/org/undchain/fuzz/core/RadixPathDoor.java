package org.undchain.fuzz.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.RadixTree;
import org.undchain.core.message.RadixPaths;
import org.undchain.core.message.RadixProof;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Parts;

/** Paths in a radix tree: they show what is in the tree and nothing else. First byte: the key. */
public final class RadixPathDoor implements Door {
  private static final int KEYS = 40;
  private static final int MEMBERS = 23;

  private final RadixTree<Integer> tree;
  private final Hash root;

  public RadixPathDoor() {
    RadixTree<Integer> grown = RadixTree.empty();
    for (int i = 0; i < MEMBERS; i++) {
      grown = grown.with(key(i), RadixPathDoor::value, i);
    }
    tree = grown;
    root = grown.root();
  }

  private static Hash key(int i) {
    return Hashes.tagged("key", Bytes.wrap(Hashes.u32(i)));
  }

  private static Hash value(int i) {
    return Hashes.tagged("value", Bytes.wrap(Hashes.u32(i)));
  }

  @Override
  public boolean enter(byte[] bytes) {
    if (bytes.length == 0) {
      return false;
    }
    int asked = Parts.place(bytes[0], KEYS);
    Bytes body = Bytes.wrap(Parts.rest(bytes, 1));
    Optional<RadixProof> proof = Canonical.decode(RadixProof.parser(), body);
    Optional<RadixTree.Proof> path = proof.flatMap(RadixPaths::decode);
    if (path.isEmpty()) {
      return false;
    }
    Door.require(RadixPaths.encode(path.get()).equals(proof.get()), "a path comes back changed");
    boolean isMember = path.get().showsMember(root, key(asked), value(asked));
    boolean isAbsent = path.get().showsAbsent(root, key(asked));
    Door.require(!isMember || asked < MEMBERS, "a path shows what is not there");
    Door.require(!isAbsent || asked >= MEMBERS, "a path hides what is there");
    Door.require(
        !path.get().showsMember(root, key(asked), value(asked + 1)), "a path shows another value");
    return isMember || isAbsent;
  }

  @Override
  public List<byte[]> honest() {
    List<byte[]> honest = new ArrayList<>();
    for (int i = 0; i < KEYS; i += 5) {
      honest.add(
          Parts.join(
              Parts.one(i), Canonical.encode(RadixPaths.encode(tree.prove(key(i)))).toByteArray()));
    }
    return honest;
  }
}
