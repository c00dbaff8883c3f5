package org.undchain.node.cli;

import org.undchain.node.config.ConfigException;

/** Failures of other packages in the words of the command line. */
final class Failures {
  private Failures() {}

  static Failure of(ConfigException refused) {
    return new Failure(
        refused.code(), "CONFIG", refused.what(), refused.why(), refused.tries(), false, "local");
  }
}
