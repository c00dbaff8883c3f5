package org.undchain.node.json;

/** Text that is no JSON, or more of it than the reader takes; the message names the offset. */
public final class MalformedJson extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedJson(int offset, String why) {
    super(why + " at character " + offset);
  }
}
