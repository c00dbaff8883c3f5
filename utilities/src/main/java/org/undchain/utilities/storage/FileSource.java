package org.undchain.utilities.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;

/** A file to be stored; that it shrinks, grows, changes or vanishes meanwhile is noticed. */
public final class FileSource implements ObjectSource, AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final long size;
  private final FileTime modified;

  private FileSource(Path file, FileChannel channel, long size, FileTime modified) {
    this.file = file;
    this.channel = channel;
    this.size = size;
    this.modified = modified;
  }

  public static FileSource open(Path file) throws StorageException {
    try {
      if (!Files.isRegularFile(file)) {
        throw new StorageException(StorageReason.SOURCE_UNREADABLE, file + " is no file");
      }
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      long size = channel.size();
      if (size > ObjectLayout.OBJECT_MAX) {
        channel.close();
        throw new StorageException(
            StorageReason.TOO_LARGE, file + " is larger than " + ObjectLayout.OBJECT_MAX);
      }
      return new FileSource(file, channel, size, Files.getLastModifiedTime(file));
    } catch (IOException failure) {
      throw unreadable(file, failure);
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long at, byte[] into, int length) throws StorageException {
    ByteBuffer bytes = ByteBuffer.wrap(into, 0, length);
    try {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, at + bytes.position()) < 0) {
          throw new StorageException(StorageReason.SOURCE_CHANGED, file + " became shorter");
        }
      }
    } catch (ClosedByInterruptException cancelled) {
      Thread.currentThread().interrupt();
      throw new StorageException(StorageReason.CANCELLED, "reading " + file, cancelled);
    } catch (IOException failure) {
      throw unreadable(file, failure);
    }
  }

  @Override
  public void checkUnchanged() throws StorageException {
    try {
      if (Files.size(file) != size || !Files.getLastModifiedTime(file).equals(modified)) {
        throw new StorageException(StorageReason.SOURCE_CHANGED, file + " was written to");
      }
    } catch (IOException failure) {
      throw unreadable(file, failure);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static StorageException unreadable(Path file, IOException failure) {
    return new StorageException(
        StorageReason.SOURCE_UNREADABLE, "cannot read " + file + ": " + failure, failure);
  }
}
