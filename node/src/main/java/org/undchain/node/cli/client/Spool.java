package org.undchain.node.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.undchain.node.store.OwnerOnly;

/** A stream kept in a file that nobody else reads, since an object may have to be read twice. */
record Spool(Path file) implements AutoCloseable {
  static Spool of(InputStream in, Path folder) throws IOException {
    OwnerOnly.folder(folder);
    Path file = folder.resolve("spool-" + UUID.randomUUID());
    try (FileChannel channel = OwnerOnly.create(file);
        OutputStream out = Channels.newOutputStream(channel)) {
      in.transferTo(out);
    }
    return new Spool(file);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
