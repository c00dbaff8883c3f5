package org.undchain.node.client;

/** Ends a job at one of its steps as a crash does: with nothing said and nothing put in order. */
final class Crash implements JobProgress {
  private final String step;

  /** What the job dies of. */
  static final class Died extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  Crash(String step) {
    this.step = step;
  }

  @Override
  public void step(String name, String detail) {
    if (name.equals(step)) {
      throw new Died();
    }
  }
}
