package org.undchain.core.matching;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.membership.ValidatorSet.Member;
import org.undchain.core.rules.Calendar;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The f + 1 validators that must match a job (R6.3): so many that one of them is honest, drawn by a
 * beacon that was unknown when the validators were chosen, and computed alike by everybody.
 */
public final class Matchers {
  /** Beats between the beacon and the first slot of the job: by then its block is decided. */
  private static final int BEATS_BEFORE = 2;

  private Matchers() {}

  /** The beat whose beacon draws the matchers of a job that is valid from this slot. */
  public static long beatOf(Calendar calendar, long validFrom) {
    return calendar.beatOf(validFrom) - BEATS_BEFORE;
  }

  /**
   * The members with the lowest H("match" ‖ beacon ‖ job ‖ member), the lowest first. Where both
   * classes exist and only known ones were drawn, the last gives way to the lowest unknown one.
   */
  public static List<NodeId> of(Hash beacon, Hash jobId, ValidatorSet set) {
    List<Member> drawn = new ArrayList<>(set.members());
    drawn.sort(Comparator.comparing(member -> draw(beacon, jobId, member.id())));
    int count = set.faulty() + 1;
    List<Member> matchers = new ArrayList<>(drawn.subList(0, count));
    if (matchers.stream().allMatch(Member::isKnown)) {
      drawn.stream()
          .filter(member -> !member.isKnown())
          .findFirst()
          .ifPresent(unknown -> matchers.set(count - 1, unknown));
    }
    return matchers.stream().map(Member::id).toList();
  }

  private static Hash draw(Hash beacon, Hash jobId, NodeId member) {
    return Hashes.tagged("match", beacon.bytes(), jobId.bytes(), member.bytes());
  }
}
