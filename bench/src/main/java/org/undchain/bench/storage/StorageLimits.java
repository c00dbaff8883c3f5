package org.undchain.bench.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.undchain.utilities.storage.ErasureCode;
import org.undchain.utilities.storage.ShardTree;

/**
 * How many bytes of an object a second each part of storing alone could do with all cores: sealing,
 * coding, hashing, TLS over loopback (both ends on these cores) and disk. Each shard byte is sent
 * and written, so TLS and disk have {@code total / needed} bytes to do for one of the object.
 *
 * @param hashing SHA-256 for the nonces at the client and for the trees of all shards at both ends
 * @param disk with all of it forced
 */
record StorageLimits(double sealing, double coding, double hashing, double tls, double disk) {
  private static final int SEGMENT = 256 << 10;
  private static final int STRIDE = 8 << 10;
  private static final int ROUNDS = 3;

  /** A segment of the work that is timed. */
  private interface Piece {
    void run() throws GeneralSecurityException;
  }

  /**
   * @param millis of each measurement; the best of some counts
   */
  static StorageLimits measure(Path folder, int needed, int total, int millis)
      throws IOException, InterruptedException {
    double spread = (double) total / needed;
    return new StorageLimits(
        onAllCores(StorageLimits::sealer, millis),
        onAllCores(() -> coder(needed, total), millis),
        onAllCores(() -> hasher(needed, total), millis),
        TlsSpeed.measure(millis, ROUNDS) / spread,
        DiskSpeed.measure(folder, ROUNDS) / spread);
  }

  /** The one that target 10 is measured by. */
  double slowest() {
    return Math.min(Math.min(sealing, coding), Math.min(tls, disk));
  }

  /**
   * If client and all partners share these cores, so that all parts but the disk take turns: what
   * can be reached at most.
   */
  double together() {
    double seconds = 1 / sealing + 1 / coding + 1 / hashing + 1 / tls;
    return Math.min(disk, 1 / seconds);
  }

  List<String> lines() {
    return List.of(
        text("limits in MB/s of the object on these cores: AES-256-GCM %.0f", sealing)
            + text(", Reed-Solomon %.0f, TLS over loopback %.0f", coding, tls)
            + text(", disk %.0f", disk),
        text("  slowest of these %.0f; SHA-256 of both ends %.0f", slowest(), hashing)
            + text("; all on the same cores %.0f", together()));
  }

  private static String text(String format, double... bytes) {
    Object[] megabytes = new Object[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      megabytes[i] = bytes[i] / 1e6;
    }
    return String.format(Locale.ROOT, format, megabytes);
  }

  private static Piece sealer() throws GeneralSecurityException {
    byte[] plain = random();
    byte[] sealed = new byte[SEGMENT + 16];
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    SecretKeySpec key = new SecretKeySpec(new byte[32], "AES");
    ByteBuffer nonce = ByteBuffer.allocate(12);
    return () -> {
      nonce.putLong(0, nonce.getLong(0) + 1);
      cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce.array()));
      int to = 0;
      for (int done = 0; done < SEGMENT - STRIDE; done += STRIDE) {
        to += cipher.update(plain, done, STRIDE, sealed, to);
      }
      cipher.doFinal(plain, SEGMENT - STRIDE, STRIDE, sealed, to);
    };
  }

  private static Piece coder(int needed, int total) {
    ErasureCode code = new ErasureCode(needed, total);
    byte[] data = random();
    int size = SEGMENT / needed;
    return () -> {
      for (int i = needed; i < total; i++) {
        if (code.piece(i, data, size).length != size) {
          throw new IllegalStateException("a piece has a wrong size");
        }
      }
    };
  }

  /** The nonce of a segment, and each of its pieces once at the client and once at a partner. */
  private static Piece hasher(int needed, int total) throws GeneralSecurityException {
    byte[] plain = random();
    byte[] piece = Arrays.copyOf(plain, SEGMENT / needed);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(new byte[32], "HmacSHA256"));
    return () -> {
      mac.update(plain);
      mac.doFinal();
      for (int i = 0; i < 2 * total; i++) {
        ShardTree.hash(piece);
      }
    };
  }

  /** Bytes a second of one segment after the other on every core. */
  private static double onAllCores(Callable<Piece> make, int millis) throws InterruptedException {
    int cores = Runtime.getRuntime().availableProcessors();
    double best = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(cores)) {
      for (int round = 0; round < ROUNDS; round++) {
        List<Future<Double>> running = new ArrayList<>();
        for (int core = 0; core < cores; core++) {
          running.add(threads.submit(() -> speed(make.call(), millis)));
        }
        double sum = 0;
        for (Future<Double> one : running) {
          sum += one.get();
        }
        best = Math.max(best, sum);
      }
      return best;
    } catch (ExecutionException bug) {
      throw new IllegalStateException("a part of storing cannot be timed", bug);
    }
  }

  private static double speed(Piece piece, int millis) throws GeneralSecurityException {
    long begin = System.nanoTime();
    long end = begin + TimeUnit.MILLISECONDS.toNanos(millis);
    long done = 0;
    while (System.nanoTime() < end) {
      piece.run();
      done += SEGMENT;
    }
    return done * 1e9 / (System.nanoTime() - begin);
  }

  private static byte[] random() {
    byte[] bytes = new byte[SEGMENT];
    new Random(1).nextBytes(bytes);
    return bytes;
  }
}
