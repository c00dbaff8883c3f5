package org.undchain.utilities.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The two operations of a disk that fail when it is full. */
interface Disk {
  /** The disk of this machine. */
  Disk REAL =
      new Disk() {
        @Override
        public void write(FileChannel file, ByteBuffer bytes) throws IOException {
          while (bytes.hasRemaining()) {
            file.write(bytes);
          }
        }

        @Override
        public long usableBytes(Path folder) throws IOException {
          return Files.getFileStore(folder).getUsableSpace();
        }
      };

  void write(FileChannel file, ByteBuffer bytes) throws IOException;

  long usableBytes(Path folder) throws IOException;

  /** Makes names in this folder durable. */
  static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
