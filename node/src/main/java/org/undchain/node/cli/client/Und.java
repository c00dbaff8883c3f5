package org.undchain.node.cli.client;

import java.math.BigDecimal;
import java.util.Locale;
import org.undchain.core.value.Grains;
import org.undchain.node.cli.Failure;

/** Amounts as people write them: UND with at most nine decimals. */
final class Und {
  private static final String FORM = "[0-9]{1,10}(\\.[0-9]{1,9})?";

  private Und() {}

  /** Grains, 1 or more. */
  static long grains(String text) throws Failure {
    if (text.matches(FORM)) {
      long grains =
          new BigDecimal(text).multiply(BigDecimal.valueOf(Grains.PER_UND)).longValueExact();
      if (grains > 0 && Grains.isAmount(grains)) {
        return grains;
      }
    }
    throw Failure.usage(
        "\"" + text + "\" is no amount",
        "an amount is a positive number of UND with at most nine decimals",
        "12.5");
  }

  static String text(long grains) {
    String decimals =
        String.format(Locale.ROOT, "%09d", grains % Grains.PER_UND).replaceAll("0+$", "");
    return grains / Grains.PER_UND + (decimals.isEmpty() ? "" : "." + decimals) + " UND";
  }
}
