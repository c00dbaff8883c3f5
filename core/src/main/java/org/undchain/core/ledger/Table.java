package org.undchain.core.ledger;

import org.undchain.core.crypto.Hashes;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/** The tables of the state tree with their numbers (R0.7). */
public enum Table {
  ACCOUNT(1),
  JOB(2),
  SEAT(3),
  ALIAS(4),
  SEEN(5),
  VALIDATOR(6),
  PARAMS(11),
  POOLS(12),
  EVIDENCE(13);

  private static final byte[] KEY_TAG = {6};
  private final int number;

  Table(int number) {
    this.number = number;
  }

  /**
   * The table with this number.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Table of(int number) {
    for (Table table : values()) {
      if (table.number == number) {
        return table;
      }
    }
    throw new IllegalArgumentException("no table has the number " + number);
  }

  public int number() {
    return number;
  }

  /** H(06 ‖ table ‖ canonical key). */
  public Hash key(Bytes canonicalKey) {
    return keyOf(number, canonicalKey);
  }

  public static Hash keyOf(int table, Bytes canonicalKey) {
    return Hashes.sha256(KEY_TAG, new byte[] {(byte) table}, canonicalKey.unsafeArray());
  }
}
