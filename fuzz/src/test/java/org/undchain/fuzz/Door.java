package org.undchain.fuzz;

import java.util.List;

/**
 * A place where bytes of somebody else come in, and what must hold of any bytes there.
 *
 * <p>A door is opened over and over with the same fixtures: what one opening leaves behind must not
 * change what the next one does.
 */
public interface Door {
  /**
   * Lets bytes in. A refusal by the rules is no fault; an exception of any other kind, or a promise
   * of the door that does not hold, is thrown.
   *
   * @return whether the bytes were taken and not refused
   */
  boolean enter(byte[] bytes) throws Exception;

  /** Bytes as honest people send them: all of these are taken. */
  List<byte[]> honest() throws Exception;

  /** Bytes that any input of this length may make the door allocate. */
  default long allocationMax(int length) {
    return (1L << 20) + 256L * length;
  }

  /** Fails with these words unless something holds. */
  static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
