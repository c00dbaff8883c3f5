package org.undchain.node.cli;

import org.undchain.node.config.ConfigException;

/** Failures of other packages in the words of the command line. */
final class Failures {
  private Failures() {}

  static Failure of(ConfigException refused) {
    return of(refused, "CONFIG");
  }

  static Failure of(ConfigException refused, String reason) {
    return new Failure(
        refused.code(), reason, refused.what(), refused.why(), refused.tries(), false, "local");
  }
}
