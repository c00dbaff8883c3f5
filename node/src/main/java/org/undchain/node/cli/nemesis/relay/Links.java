package org.undchain.node.cli.nemesis.relay;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The condition of every link, in each direction. Changes reach what is on its way already. */
public final class Links {
  private final Map<Link, Condition> disturbed = new HashMap<>(); // guarded by this

  /** One direction between two ends, by their names. */
  public record Link(String from, String to) {
    Link back() {
      return new Link(to, from);
    }

    /** Whether it is one end's, in either direction. */
    public boolean touches(String end) {
      return from.equals(end) || to.equals(end);
    }
  }

  public synchronized Condition of(Link link) {
    return disturbed.getOrDefault(link, Condition.GOOD);
  }

  public synchronized void set(Collection<Link> links, Condition condition) {
    links.forEach(link -> disturbed.put(link, condition));
    notifyAll();
  }

  /** These links are as good as new. */
  public synchronized void heal(Collection<Link> links) {
    links.forEach(disturbed::remove);
    notifyAll();
  }

  /** Waits while a link is cut. */
  synchronized void awaitOpen(Link link) throws InterruptedException {
    while (of(link).isCut()) {
      wait();
    }
  }
}
