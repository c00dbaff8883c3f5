package org.undchain.node.audit;

/**
 * Something that must not be.
 *
 * @param check what was looked at, for programs
 * @param who the node it is about, or whatever else has a name
 */
public record Finding(String check, String who, String detail) {
  @Override
  public String toString() {
    return check + " " + who + ": " + detail;
  }
}
