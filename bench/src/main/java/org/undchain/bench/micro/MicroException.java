package org.undchain.bench.micro;

/** A part could not be timed, or its history not be kept. */
public final class MicroException extends Exception {
  private static final long serialVersionUID = 1;

  MicroException(String message, Throwable cause) {
    super(message, cause);
  }
}
