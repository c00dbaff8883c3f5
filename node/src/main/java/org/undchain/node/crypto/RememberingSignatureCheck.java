package org.undchain.node.crypto;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * A {@link SignatureCheck} that remembers its answers. Checking is a pure function of key, message
 * and signature, so a remembered answer is as good as a new one: the node checks in parallel before
 * its machines, and the machines' own checks, which they never leave out, become look-ups.
 *
 * <p>Good and bad answers are kept apart, each within its own bound, so a flood of bad signatures
 * cannot push out the good ones. A memory is two generations: when the young one is full it becomes
 * the old one, and what is asked for again moves back.
 */
public final class RememberingSignatureCheck implements SignatureCheck {
  /** Good answers kept: two generations of this many. */
  public static final int GOOD_MAX = 1 << 15;

  /** Bad answers kept: two generations of this many. */
  public static final int BAD_MAX = 1 << 11;

  private static final int SIGNATURE_SIZE = 64;

  private final SignatureCheck library;
  private final Memory good;
  private final Memory bad;
  private final LongAdder checked = new LongAdder();
  private final LongAdder remembered = new LongAdder();

  public RememberingSignatureCheck(SignatureCheck library) {
    this(library, GOOD_MAX, BAD_MAX);
  }

  RememberingSignatureCheck(SignatureCheck library, int goodMax, int badMax) {
    this.library = library;
    this.good = new Memory(goodMax);
    this.bad = new Memory(badMax);
  }

  @Override
  public boolean verify(NodeId key, Bytes message, Bytes signature) {
    if (signature.size() != SIGNATURE_SIZE) {
      return false;
    }
    // key and signature have fixed sizes, so the three cannot be split in two ways
    Hash question =
        Hashes.sha256(key.bytes().unsafeArray(), signature.unsafeArray(), message.unsafeArray());
    if (good.holds(question)) {
      remembered.increment();
      return true;
    }
    if (bad.holds(question)) {
      remembered.increment();
      return false;
    }
    checked.increment();
    boolean isGood = library.verify(key, message, signature);
    (isGood ? good : bad).add(question);
    return isGood;
  }

  /** Signatures that the library had to check. */
  public long checkedCount() {
    return checked.sum();
  }

  /** Questions that were answered from memory. */
  public long rememberedCount() {
    return remembered.sum();
  }

  /** At most two generations of questions; safe for any number of threads. */
  private static final class Memory {
    private final int max;
    private volatile ConcurrentMap<Hash, Boolean> young = new ConcurrentHashMap<>();
    private volatile ConcurrentMap<Hash, Boolean> old = new ConcurrentHashMap<>();

    Memory(int max) {
      this.max = max;
    }

    boolean holds(Hash question) {
      if (young.containsKey(question)) {
        return true;
      }
      if (!old.containsKey(question)) {
        return false;
      }
      add(question);
      return true;
    }

    void add(Hash question) {
      young.put(question, Boolean.TRUE);
      if (young.size() >= max) {
        turn();
      }
    }

    private synchronized void turn() {
      if (young.size() >= max) {
        old = young;
        young = new ConcurrentHashMap<>();
      }
    }
  }
}
