package org.undchain.sim;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The observers of a simulation, by what they look at: most look at one or two things, and there
 * are thirty of them at hundreds of thousands of events.
 */
final class Audience {
  private final List<Observer> all = new ArrayList<>();
  private final Map<Sight, List<Observer>> of = new EnumMap<>(Sight.class);

  /** The methods of {@link Observer} that are called all the time. */
  enum Sight {
    EVENT("onEvent"),
    SENT("onSent"),
    SAID("onSaid"),
    DURABLE("onDurable"),
    NOTICE("onNotice");

    private final String method;

    Sight(String method) {
      this.method = method;
    }

    /** Whether the class of an observer says what to do at this sight. */
    private boolean isOf(Observer observer) {
      return Stream.of(observer.getClass().getMethods())
          .anyMatch(it -> it.getName().equals(method) && it.getDeclaringClass() != Observer.class);
    }
  }

  Audience() {
    for (Sight sight : Sight.values()) {
      of.put(sight, new ArrayList<>());
    }
  }

  void add(Observer observer) {
    all.add(observer);
    of.forEach((sight, observers) -> {
      if (sight.isOf(observer) && sight.isOf(observer.behind())) {
        observers.add(observer);
      }
    });
  }

  /** Shows something to whoever looks at such things, in the order in which they were added. */
  void show(Sight sight, Consumer<Observer> look) {
    for (Observer observer : of.getOrDefault(sight, all)) {
      look.accept(observer);
    }
  }

  /** Shows something rare. */
  void show(Consumer<Observer> look) {
    for (Observer observer : all) {
      look.accept(observer);
    }
  }
}
