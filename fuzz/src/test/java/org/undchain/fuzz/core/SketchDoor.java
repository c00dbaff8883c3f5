package org.undchain.fuzz.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.message.ReconSketch;
import org.undchain.core.reconciliation.SaltedIds;
import org.undchain.core.reconciliation.Sketch;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.fuzz.Door;

/**
 * Sketches of another validator's ids, symbols and lists: what is found missing is of our own, and
 * never more than there is.
 */
public final class SketchDoor implements Door {
  private static final Bytes SALT = Hashes.tagged("salt").bytes();

  private final List<Hash> own = ids(0, 30);

  private static List<Hash> ids(int from, int to) {
    List<Hash> ids = new ArrayList<>();
    for (int i = from; i < to; i++) {
      ids.add(Hashes.tagged("id", Bytes.wrap(Hashes.u32(i))));
    }
    return ids;
  }

  @Override
  public boolean enter(byte[] bytes) {
    Optional<ReconSketch> sketch = Canonical.decode(ReconSketch.parser(), Bytes.wrap(bytes));
    if (sketch.isEmpty()) {
      return false;
    }
    return switch (Sketch.read(sketch.get(), own)) {
      case Sketch.Answer.Found(List<Long> theirs, int bits, List<Hash> mine) -> {
        Door.require(bits >= 1 && bits <= Long.SIZE, "short ids of " + bits + " bits");
        Door.require(own.containsAll(mine), "an id of nobody is missing");
        Door.require(mine.stream().distinct().count() == mine.size(), "an id is missing twice");
        Door.require(theirs.size() <= 8 * bytes.length, "more ids than the bytes can have named");
        yield true;
      }
      case Sketch.Answer.Unclear unclear -> false;
      case Sketch.Answer.Malformed malformed -> false;
    };
  }

  @Override
  public List<byte[]> honest() {
    return List.of(
        symbols(ids(2, 31), 3),
        symbols(own, 0),
        list(ids(0, 30)),
        list(ids(10, 60)),
        list(List.of()));
  }

  private static byte[] symbols(Collection<Hash> ids, int estimate) {
    return Canonical.encode(Sketch.of(new SaltedIds(SALT, ids), estimate)).toByteArray();
  }

  private static byte[] list(Collection<Hash> ids) {
    return Canonical.encode(Sketch.list(new SaltedIds(SALT, ids))).toByteArray();
  }
}
