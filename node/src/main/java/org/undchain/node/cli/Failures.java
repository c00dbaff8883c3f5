package org.undchain.node.cli;

import org.undchain.node.config.ConfigException;
import org.undchain.node.store.StoreException;

/** Failures of other packages in the words of the command line. */
public final class Failures {
  private Failures() {}

  public static Failure of(ConfigException refused) {
    return of(refused, "CONFIG");
  }

  public static Failure of(StoreException refused) {
    int code =
        switch (refused.why()) {
          case WRONG_CHAIN -> 1420;
          case NEWER_VERSION -> 1421;
          case IN_USE -> 1422;
          case DAMAGED -> 1423;
          case NO_SPACE -> 1424;
          case SIGNED_BEFORE -> 1425;
          case INPUT_OUTPUT -> 1426;
        };
    return Failure.local(
        code,
        refused.why().name(),
        "the node's disk cannot be used",
        String.valueOf(refused.getMessage()),
        "choose another data folder");
  }

  public static Failure of(ConfigException refused, String reason) {
    return new Failure(
        refused.code(), reason, refused.what(), refused.why(), refused.tries(), false, "local");
  }
}
