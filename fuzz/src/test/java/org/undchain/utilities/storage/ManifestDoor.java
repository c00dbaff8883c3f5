package org.undchain.utilities.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;
import org.undchain.fuzz.Door;

/**
 * Manifests whose key is known, so that anything can be sealed: what opens is sealed again to the
 * same bytes.
 */
public final class ManifestDoor implements Door {
  private static final Bytes KEY = Hashes.tagged("manifest key").bytes();

  @Override
  public boolean enter(byte[] bytes) {
    byte[] sealed =
        new SegmentCipher(KEY)
            .seal(0, bytes, bytes.length, bytes.length + SegmentCipher.SEAL_BYTES);
    Optional<Manifest> manifest = Manifest.opened(Bytes.wrap(sealed), KEY);
    manifest.ifPresent(found ->
        Door.require(found.sealed(KEY).equals(Bytes.wrap(sealed)), "a manifest has two encodings"));
    Door.require(Manifest.opened(Bytes.wrap(bytes), KEY).isEmpty(), "a manifest nobody sealed");
    return manifest.isPresent();
  }

  @Override
  public List<byte[]> honest() {
    List<Manifest.Shard> shards = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      NodeId partner = new NodeId(Hashes.tagged("partner " + i).bytes());
      shards.add(new Manifest.Shard(2 * i, partner, Hashes.tagged("root " + i)));
    }
    Bytes objectKey = Hashes.tagged("object key").bytes();
    Bytes sealed = new Manifest(new ObjectLayout(3_000_000, 2), objectKey, shards).sealed(KEY);
    byte[] plain =
        new SegmentCipher(KEY).open(0, sealed.unsafeArray(), sealed.size()).orElseThrow();
    return List.of(plain);
  }
}
