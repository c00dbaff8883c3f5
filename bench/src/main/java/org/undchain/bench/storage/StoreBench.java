package org.undchain.bench.storage;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.undchain.node.client.ClientException;
import org.undchain.node.client.ClientNode;
import org.undchain.node.client.JobFolder;
import org.undchain.node.client.JobProgress;
import org.undchain.node.client.StoreJob;
import org.undchain.node.client.StoreWish;
import org.undchain.node.config.ConfigException;
import org.undchain.node.devnet.Folders;
import org.undchain.utilities.storage.FileSource;
import org.undchain.utilities.storage.Patience;
import org.undchain.utilities.storage.StorageException;

/**
 * One object stored over eight partners on loopback, and what its parts allow (target 10). What is
 * compared is the upload: read, seal, code, send, write; the slots that pass for promise, contracts
 * and receipts are told beside it.
 */
public final class StoreBench {
  private static final int NEEDED = 4;
  private static final int TOTAL = 8;
  private static final int BLOCK = 1_000_000;
  private static final int LIMIT_MILLIS = 1500;
  private static final String CONTRACTS = "contracts";
  private static final String UPLOAD = "upload";

  private StoreBench() {}

  /**
   * @param uploadSeconds from the last contract to the last acknowledged byte
   * @param cpuSeconds that all threads of client, partners and validators took meanwhile
   * @param allSeconds of the whole command
   */
  public record Result(
      long bytes,
      double uploadSeconds,
      double cpuSeconds,
      double allSeconds,
      StorageLimits limits) {
    /** Of the slowest part (target 10). */
    public static final double SHARE_ASKED = 0.5;

    public double bytesPerSecond() {
      return bytes / uploadSeconds;
    }

    public double share() {
      return bytesPerSecond() / limits.slowest();
    }

    public List<String> lines() {
      return Stream.concat(
              limits.lines().stream(),
              Stream.of(
                  String.format(
                      Locale.ROOT,
                      "stored %.0f MB over %d partners: upload %.1f s, %.0f MB/s, %.2f of the"
                          + " slowest part (asked: %.1f), %.2f of all on the same cores; %.1f ns of"
                          + " a core a byte; whole command %.1f s",
                      bytes / 1e6,
                      TOTAL,
                      uploadSeconds,
                      bytesPerSecond() / 1e6,
                      share(),
                      SHARE_ASKED,
                      bytesPerSecond() / limits.together(),
                      cpuSeconds * 1e9 / bytes,
                      allSeconds)))
          .toList();
    }
  }

  /** When each step was done, and what processor time the process had taken. */
  private static final class Steps implements JobProgress {
    private final Map<String, Mark> marks = new ConcurrentHashMap<>();

    private record Mark(long nanos, long cpuNanos) {}

    @Override
    public void step(String name, String detail) {
      marks.put(
          name,
          new Mark(
              System.nanoTime(),
              ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                  .getProcessCpuTime()));
    }

    Mark at(String name) {
      return Optional.ofNullable(marks.get(name))
          .orElseThrow(() -> new IllegalStateException("the store did not tell of " + name));
    }
  }

  /**
   * The data folder is removed at the end.
   *
   * @param warmUpBytes of an object that is stored before and not counted, for the compiler: the
   *     limits are those of compiled code too; none if 0
   */
  public static Result run(long bytes, long warmUpBytes)
      throws ConfigException, IOException, InterruptedException {
    Path folder = Files.createTempDirectory("undchain-store-");
    try {
      StorageLimits limits = StorageLimits.measure(folder, NEEDED, TOTAL, LIMIT_MILLIS);
      try (StoreNetwork network = StoreNetwork.start(folder);
          ClientNode client = network.client()) {
        if (warmUpBytes > 0) {
          store(network, client, filled(folder.resolve("warm-up"), warmUpBytes), limits);
        }
        return store(network, client, filled(folder.resolve("object"), bytes), limits);
      }
    } catch (ClientException | StorageException failed) {
      throw new IOException("the object was not stored: " + failed.getMessage(), failed);
    } finally {
      Folders.delete(folder);
    }
  }

  private static Result store(
      StoreNetwork network, ClientNode client, Path file, StorageLimits limits)
      throws ClientException, StorageException, IOException, InterruptedException {
    try (FileSource source = FileSource.open(file)) {
      return store(network, client, source, limits);
    }
  }

  private static Result store(
      StoreNetwork network, ClientNode client, FileSource source, StorageLimits limits)
      throws ClientException, StorageException, IOException, InterruptedException {
    Steps steps = new Steps();
    StoreWish wish =
        new StoreWish(
            Optional.of(new StoreWish.Shards(NEEDED, TOTAL)),
            OptionalLong.empty(),
            StoreWish.Until.COMMITTED);
    long begin = System.nanoTime();
    StoreJob.Stored stored =
        new StoreJob(
                client, new JobFolder(network.clientHome()), source, wish, Patience.USUAL, steps)
            .run();
    if (stored.holders().size() != TOTAL) {
      throw new IllegalStateException("only " + stored.holders().size() + " partners hold it");
    }
    return new Result(
        source.size(),
        (steps.at(UPLOAD).nanos() - steps.at(CONTRACTS).nanos()) / 1e9,
        (steps.at(UPLOAD).cpuNanos() - steps.at(CONTRACTS).cpuNanos()) / 1e9,
        (System.nanoTime() - begin) / 1e9,
        limits);
  }

  private static Path filled(Path file, long bytes) throws IOException {
    Random random = new Random(9);
    byte[] block = new byte[BLOCK];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long done = 0; done < bytes; done += BLOCK) {
        random.nextBytes(block);
        out.write(block, 0, (int) Math.min(BLOCK, bytes - done));
      }
    }
    return file;
  }
}
