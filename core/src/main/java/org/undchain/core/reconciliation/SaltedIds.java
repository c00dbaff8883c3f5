package org.undchain.core.reconciliation;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/**
 * A set of ids under short names: the first 64 bits of H(salt ‖ id).
 *
 * <p>The salt is not known while the ids are made, so nobody can make two whose short names collide
 * on purpose; by chance it happens once in 2^64 / n² exchanges and costs one more of them.
 */
public final class SaltedIds {
  private final Bytes salt;
  private final TreeMap<Long, Hash> byShortId = new TreeMap<>(Long::compareUnsigned);

  public SaltedIds(Bytes salt, Collection<Hash> ids) {
    this.salt = salt;
    for (Hash id : ids) {
      byShortId.put(shortId(salt, id), id);
    }
  }

  private static long shortId(Bytes salt, Hash id) {
    Hash hash = Hashes.sha256(salt.unsafeArray(), id.bytes().unsafeArray());
    return ByteBuffer.wrap(hash.bytes().unsafeArray()).getLong();
  }

  public Bytes salt() {
    return salt;
  }

  public int size() {
    return byShortId.size();
  }

  /** All short ids, ascending as unsigned numbers. */
  public long[] shortIds() {
    long[] all = new long[byShortId.size()];
    int at = 0;
    for (long shortId : byShortId.keySet()) {
      all[at++] = shortId;
    }
    return all;
  }

  /** The id whose short name begins with the upper {@code bits} of {@code shortId}. */
  public Optional<Hash> id(long shortId, int bits) {
    return Optional.ofNullable(byShortId.ceilingEntry(shortId))
        .filter(found -> cut(found.getKey(), bits) == shortId)
        .map(Map.Entry::getValue);
  }

  /** The upper {@code bits} (1 to 64) of a short id, the others zero. */
  static long cut(long shortId, int bits) {
    return shortId >>> (64 - bits) << (64 - bits);
  }

  /** All short ids cut to {@code bits}, ascending as unsigned numbers. */
  long[] cutTo(int bits) {
    return Arrays.stream(shortIds()).map(shortId -> cut(shortId, bits)).toArray();
  }
}
