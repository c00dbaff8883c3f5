package org.undchain.node.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.store.GuardRecord;

/**
 * Everything that some disk says some validator signed, joined by the place it was signed for. Two
 * contents for one place convict the signer whoever holds them; and what others hold must stand in
 * the signer's own log, since nothing leaves before it is written down (I20).
 */
final class SignatureBook {
  private final Map<Place, Signed> places = new HashMap<>();

  /** Who holds a signature. */
  enum Holder {
    OWN_LOG,
    OWN_GUARD,
    OTHER
  }

  private record Place(
      NodeId signer, GuardRecord.Kind kind, int step, long epoch, long height, long round) {}

  private record Content(Hash value, int polRoundPlusOne) {}

  private static final class Signed {
    private final Map<Content, String> where = new LinkedHashMap<>();
    private boolean isInOwnLog;
    private String other = "";
  }

  /**
   * @param where in words, for whoever looks it up
   */
  void add(NodeId signer, GuardRecord what, Holder holder, String where) {
    Place place =
        new Place(signer, what.kind(), what.step(), what.epoch(), what.height(), what.round());
    Signed signed = places.computeIfAbsent(place, any -> new Signed());
    signed.where.putIfAbsent(new Content(what.value(), what.polRoundPlusOne()), where);
    switch (holder) {
      case OWN_LOG -> signed.isInOwnLog = true;
      case OWN_GUARD -> {}
      case OTHER -> signed.other = where;
    }
  }

  /**
   * @param names of those whose logs were read, by identity
   */
  List<Finding> findings(Function<NodeId, String> nameOf) {
    List<Finding> findings = new ArrayList<>();
    places.forEach((place, signed) -> {
      String name = nameOf.apply(place.signer());
      if (signed.where.size() > 1) {
        findings.add(new Finding("signed-twice", name, words(place) + ": " + words(signed)));
      }
      if (!signed.isInOwnLog && !signed.other.isEmpty()) {
        findings.add(
            new Finding(
                "not-in-own-log",
                name,
                words(place) + " is held by " + signed.other + " and not by the signer's log"));
      }
    });
    findings.sort(java.util.Comparator.comparing(Finding::toString));
    return findings;
  }

  private static String words(Place place) {
    return switch (place.kind()) {
      case VOTE ->
          (place.step() == 1 ? "prevote" : "precommit")
              + " of height "
              + place.height()
              + " round "
              + place.round();
      case PROPOSAL -> "proposal of height " + place.height() + " round " + place.round();
      case LANE -> "lane header " + place.round() + " of slot " + place.height();
      case OWNER, AMNESIA -> throw new IllegalArgumentException(place.toString());
    };
  }

  private static String words(Signed signed) {
    List<String> parts = new ArrayList<>();
    signed.where.forEach((content, where) ->
        parts.add(
            (content.value().equals(Hash.ZERO) ? "nil" : content.value().hex().substring(0, 16))
                + (content.polRoundPlusOne() == 0
                    ? ""
                    : " by the POL of round " + (content.polRoundPlusOne() - 1))
                + " in "
                + where));
    return String.join("; ", parts);
  }
}
