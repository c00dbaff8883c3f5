package org.undchain.utilities.storage;

/** The bytes of an object to be stored, which may be read twice. */
public interface ObjectSource {
  long size();

  /** Fills the first {@code length} bytes of {@code into} from position {@code at}. */
  void read(long at, byte[] into, int length) throws StorageException;

  /** Fails if the bytes may have changed since the source was opened. */
  void checkUnchanged() throws StorageException;
}
