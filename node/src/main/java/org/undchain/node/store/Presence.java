package org.undchain.node.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Whether something is there, told apart from a disk that cannot say. */
final class Presence {
  private Presence() {}

  /**
   * @throws IOException if the disk does not tell; {@link Files#exists} would say "no", and what is
   *     there would be made anew over it
   */
  static boolean of(Path place) throws IOException {
    try {
      Files.readAttributes(place, BasicFileAttributes.class);
      return true;
    } catch (NoSuchFileException absent) {
      return false;
    }
  }
}
