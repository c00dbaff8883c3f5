package org.undchain.core.partner;

import java.util.List;
import org.undchain.core.message.Contacts;
import org.undchain.core.message.Filter;
import org.undchain.core.message.Route;
import org.undchain.core.message.UtilityClass;

/**
 * What a partner offers and on which terms: its price list, its filter, and where it is reached.
 *
 * @param filter jobs the partner wants to hear of (R6.1)
 * @param unit what is counted; storage: "MiB"
 * @param unitPrice grains per unit, 1 or more; storage: for the whole keeping time
 * @param creditUnitsMax units it works ahead of payment at most; 1 or more
 * @param keepSlotsMax slots from now a shard is kept at most; 0 where nothing is kept
 * @param routes where clients reach it, at most {@link Contacts#ROUTES_MAX}
 * @param contactSerial grows with each change of routes: the newest contact record wins
 */
public record PartnerProfile(
    UtilityClass utility,
    Filter filter,
    String unit,
    long unitPrice,
    long creditUnitsMax,
    long keepSlotsMax,
    List<Route> routes,
    long contactSerial) {

  public PartnerProfile {
    routes = List.copyOf(routes);
    if (unitPrice < 1 || creditUnitsMax < 1 || keepSlotsMax < 0) {
      throw new IllegalArgumentException("unitPrice and creditUnitsMax are 1 or more");
    }
    if (!Contacts.areRoutes(routes)) {
      throw new IllegalArgumentException("at most 4 well-formed routes");
    }
  }
}
