package org.undchain.bench.micro;

/** A part could not be timed, or the history of ratios not be read or kept. */
public final class MicroException extends Exception {
  private static final long serialVersionUID = 1;

  private final String advice;

  /**
   * @param why it failed
   * @param advice what to try
   */
  MicroException(String why, String advice, Throwable cause) {
    super(why, cause);
    this.advice = advice;
  }

  /** What to try. */
  public String advice() {
    return advice;
  }
}
