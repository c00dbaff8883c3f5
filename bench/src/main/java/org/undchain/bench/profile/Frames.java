package org.undchain.bench.profile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
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
  private static final String HIDDEN = "$$Lambda";

  /** The body of a lambda is called after the method that it stands in. */
  private static final Pattern LAMBDA = Pattern.compile("lambda\\$(.*)\\$[0-9]+");

  static Frames of(RecordedEvent event) {
    RecordedStackTrace stack = event.getStackTrace();
    List<String> all = new ArrayList<>();
    List<String> own = new ArrayList<>();
    if (stack != null) { // a sample may come without
      for (RecordedFrame frame : stack.getFrames()) {
        RecordedMethod method = frame.getMethod();
        String type = method.getType().getName();
        if (type.contains(HIDDEN)) {
          continue; // calls the body of a lambda, which is the frame within
        }
        boolean isOurs = type.startsWith(OURS);
        String name =
            (isOurs ? type.substring(OURS.length()) : type)
                + '.'
                + LAMBDA.matcher(method.getName()).replaceAll("$1");
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

  /** The first of ours in another class than the innermost: who wanted it. */
  Optional<String> caller() {
    return own.stream().filter(name -> !typeOf(name).equals(typeOf(own.getFirst()))).findFirst();
  }

  private static String typeOf(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }

  /** Each of ours once, however deep it called itself. */
  Set<String> ownOnce() {
    return new LinkedHashSet<>(own);
  }
}
