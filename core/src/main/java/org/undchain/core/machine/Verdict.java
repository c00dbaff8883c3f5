package org.undchain.core.machine;

import org.undchain.core.message.RejectCode;

/**
 * Answer of a check that changes nothing. Only {@link Reject} is what no honest peer sends, so only
 * it may cost a peer its connection.
 */
public sealed interface Verdict {
  Accept ACCEPT = new Accept();

  record Accept() implements Verdict {}

  /** Honest but early: good from this slot on. */
  record Later(long slot) implements Verdict {}

  /** What honest peers may send too: duplicates, things that came too late. */
  record Ignore(RejectCode why) implements Verdict {}

  /** Refused; the reason reaches the sender. */
  record Reject(RejectCode why, String detail) implements Verdict {}

  default boolean isAccept() {
    return this instanceof Accept;
  }

  static Verdict reject(RejectCode why, String detail) {
    return new Reject(why, detail);
  }
}
