package org.undchain.node.config;

import java.util.List;
import java.util.Optional;

/** Guesses the word that was meant, in a file or on the command line, by edit distance. */
public final class Spelling {
  private static final int DISTANCE_MAX = 2;

  private Spelling() {}

  public static Optional<String> nearest(String word, List<String> known) {
    Optional<String> best = Optional.empty();
    int bestDistance = DISTANCE_MAX + 1;
    for (String candidate : known) {
      int distance = distance(word, candidate);
      if (distance < bestDistance || (candidate.startsWith(word) && bestDistance > 1)) {
        best = Optional.of(candidate);
        bestDistance = Math.min(distance, 1);
      }
    }
    return best;
  }

  private static int distance(String a, String b) {
    if (Math.abs(a.length() - b.length()) > DISTANCE_MAX) {
      return DISTANCE_MAX + 1;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
