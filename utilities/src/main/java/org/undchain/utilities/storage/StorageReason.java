package org.undchain.utilities.storage;

/** Why storage failed or a partner was skipped, and what to do about it. */
public enum StorageReason {
  NO_SPACE("the disk is full; choose another partner or free space"),
  QUOTA("the partner's storage quota is used up; choose another partner"),
  DISK("the disk does not read or write; look at the partner's log"),
  IN_USE("another process uses this folder; stop it first"),
  BAD_ROOT("the bytes do not hash to the root that was claimed; send the shard again"),
  NOT_FOUND("nothing is kept under this root; ask another partner"),
  DAMAGED("what is kept does not match its root any more; ask another partner"),
  LYING("the partner sent bytes that its proof does not cover; avoid it"),
  TRUNCATED("fewer bytes came than were announced; try again"),
  TOO_LARGE("more bytes came than were announced; announce the right size"),
  SLOW("the partner did not answer in time; try again later"),
  UNREACHABLE("the partner cannot be reached; try again later"),
  REFUSED("the partner refuses; read its words"),
  NO_HELLO("nobody said Hello on this connection; say it first"),
  NO_CONTRACT("no open contract has this id; start the session first"),
  UNPAID("more was sent than is paid for; send a micro-receipt"),
  SOURCE_CHANGED("the file changed while it was stored; store it again"),
  SOURCE_UNREADABLE("the file cannot be read; look at its name and rights"),
  TOO_FEW_PARTNERS("too few partners took a shard; try again with more partners"),
  TOO_FEW_SHARDS("too few partners have a good shard; try again when more are up"),
  BAD_MANIFEST("the id does not open what is kept under its root; check the id"),
  CANCELLED("it was cancelled");

  private final String meaning;

  StorageReason(String meaning) {
    this.meaning = meaning;
  }

  /** What happened and what to do next, in a sentence without its first capital. */
  public String meaning() {
    return meaning;
  }

  /** Whether the same partner may do better in a moment. */
  public boolean isPassing() {
    return this == SLOW || this == UNREACHABLE;
  }
}
