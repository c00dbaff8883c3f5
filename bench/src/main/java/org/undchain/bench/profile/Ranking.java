package org.undchain.bench.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Weights by name, and the kinds within each name. */
final class Ranking {
  private final Map<String, Place> places = new TreeMap<>();
  private long total;

  /**
   * @param kind that weighs most within the name
   */
  record Row(String name, long weight, String kind) {}

  private static final class Place {
    long weight;
    final Map<String, Long> kinds = new TreeMap<>();

    String heaviest() {
      return kinds.entrySet().stream()
          .max(Map.Entry.comparingByValue())
          .map(Map.Entry::getKey)
          .orElse("");
    }
  }

  void add(String name, String kind, long weight) {
    Place place = places.computeIfAbsent(name, unknown -> new Place());
    place.weight += weight;
    place.kinds.merge(kind, weight, Long::sum);
    total += weight;
  }

  /** Of all that was added. */
  long total() {
    return total;
  }

  List<Row> top(int count) {
    List<Row> rows = new ArrayList<>();
    places.forEach((name, place) -> rows.add(new Row(name, place.weight, place.heaviest())));
    rows.sort(Comparator.comparingLong(Row::weight).reversed());
    return rows.subList(0, Math.min(count, rows.size()));
  }
}
