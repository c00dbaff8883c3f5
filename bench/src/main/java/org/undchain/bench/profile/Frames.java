package org.undchain.bench.profile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;

/**
 * The methods of a stack, the innermost first.
 *
 * @param all short for reading: our package without its first words
 * @param own those of ours
 */
record Frames(List<String> all, List<String> own) {
  private static final String OURS = "org.undchain.";

  static Frames of(RecordedEvent event) {
    RecordedStackTrace stack = event.getStackTrace();
    List<String> all = new ArrayList<>();
    List<String> own = new ArrayList<>();
    if (stack != null) { // a sample may come without
      for (RecordedFrame frame : stack.getFrames()) {
        RecordedMethod method = frame.getMethod();
        String type = method.getType().getName();
        boolean isOurs = type.startsWith(OURS);
        String name = (isOurs ? type.substring(OURS.length()) : type) + '.' + method.getName();
        all.add(name);
        if (isOurs) {
          own.add(name);
        }
      }
    }
    return new Frames(all, own);
  }

  Optional<String> innermost() {
    return all.stream().findFirst();
  }

  /** What is called from here, in libraries too, is its work. */
  Optional<String> innermostOwn() {
    return own.stream().findFirst();
  }

  /** Each of ours once, however deep it called itself. */
  Set<String> ownOnce() {
    return new LinkedHashSet<>(own);
  }
}
