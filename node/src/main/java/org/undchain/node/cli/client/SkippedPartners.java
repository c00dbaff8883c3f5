package org.undchain.node.cli.client;

import java.util.List;
import org.undchain.node.json.Json;
import org.undchain.utilities.storage.Skipped;

/** How partners that were left out are shown. */
final class SkippedPartners {
  private SkippedPartners() {}

  static List<Json> json(Actor actor, List<Skipped> skipped) {
    return skipped.stream().<Json>map(one -> json(actor, one)).toList();
  }

  static String text(Skipped skipped) {
    return skipped.partner() + " " + skipped.reason() + ": " + skipped.detail();
  }

  private static Json.Obj json(Actor actor, Skipped skipped) {
    return Json.object()
        .put("partner", actor.nameOf(skipped.partner()))
        .put("reason", skipped.reason().name())
        .put("detail", skipped.detail())
        .build();
  }
}
