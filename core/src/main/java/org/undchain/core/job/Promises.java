package org.undchain.core.job;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.undchain.core.job.LaneHeaders.OpenedStamp;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** The stamps of others for some slots, kept after their files are closed: what E4 is proven by. */
public final class Promises {
  private final TreeMap<Long, JobFile> files;

  Promises(SortedMap<Long, JobFile> files) {
    this.files = new TreeMap<>(files);
  }

  /** Stamps for a slot whose ids are not among these, ascending by id. */
  public List<OpenedStamp> outside(long slot, List<Hash> ids) {
    JobFile file = files.get(slot);
    return file == null ? List.of() : file.stampsOutside(new LinkedHashSet<>(ids));
  }

  /** A stamp of one lane for a slot between two others, both excluded. */
  public Optional<OpenedStamp> between(long before, long after, NodeId lane) {
    return before + 1 >= after
        ? Optional.empty()
        : files.subMap(before, false, after, false).values().stream()
            .flatMap(file -> file.stampOf(lane).stream())
            .findFirst();
  }
}
