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
  private final Map<Key, Signed> places = new HashMap<>();

  /** Who holds a signature. */
  enum Holder {
    OWN_LOG,
    OWN_GUARD,
    OTHER
  }

  private record Key(NodeId signer, GuardRecord.Place place) {}

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
    Signed signed = places.computeIfAbsent(new Key(signer, what.place()), any -> new Signed());
    signed.where.putIfAbsent(new Content(what.value(), what.polRoundPlusOne()), where);
    switch (holder) {
      case OWN_LOG -> signed.isInOwnLog = true;
      case OWN_GUARD -> {}
      case OTHER -> signed.other = where;
    }
  }

  /** Every contradiction, in the order of the names. */
  List<Finding> findings(Function<NodeId, String> nameOf) {
    List<Finding> findings = new ArrayList<>();
    places.forEach((key, signed) -> {
      String name = nameOf.apply(key.signer());
      if (signed.where.size() > 1) {
        findings.add(new Finding("signed-twice", name, words(key.place()) + ": " + words(signed)));
      }
      if (!signed.isInOwnLog && !signed.other.isEmpty()) {
        findings.add(
            new Finding(
                "not-in-own-log",
                name,
                words(key.place())
                    + " is held by "
                    + signed.other
                    + " and not by the signer's log"));
      }
    });
    findings.sort(java.util.Comparator.comparing(Finding::toString));
    return findings;
  }

  private static String words(GuardRecord.Place place) {
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
