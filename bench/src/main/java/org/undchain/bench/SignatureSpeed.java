package org.undchain.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.value.Bytes;
import org.undchain.node.crypto.FastProvider;
import org.undchain.node.runtime.Machinery;

/**
 * What the limit is made of: nanoseconds of one core to check and to make an Ed25519 signature of
 * 256 bytes, on this machine, now.
 */
record SignatureSpeed(double checkNanos, double signNanos) {
  private static final int MESSAGES = 2000;
  private static final int ROUNDS = 5;

  /** The best of some rounds, on one thread while nothing else runs. */
  static SignatureSpeed measure(Machinery machinery) {
    SignatureCheck check = Ed25519.check(FastProvider.load());
    Signer signer = machinery.signer(Hashes.tagged("speed").bytes());
    double bestCheck = Double.MAX_VALUE;
    double bestSign = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      List<Bytes> messages = new ArrayList<>(MESSAGES);
      for (int i = 0; i < MESSAGES; i++) {
        byte[] message = new byte[256];
        message[0] = (byte) i;
        message[1] = (byte) (i >> 8);
        message[2] = (byte) round;
        messages.add(Bytes.wrap(message));
      }
      long begin = System.nanoTime();
      List<Bytes> signatures = messages.stream().map(signer::sign).toList();
      bestSign = Math.min(bestSign, (System.nanoTime() - begin) / (double) MESSAGES);
      begin = System.nanoTime();
      for (int i = 0; i < MESSAGES; i++) {
        if (!check.verify(signer.id(), messages.get(i), signatures.get(i))) {
          throw new IllegalStateException("a good signature was refused");
        }
      }
      bestCheck = Math.min(bestCheck, (System.nanoTime() - begin) / (double) MESSAGES);
    }
    return new SignatureSpeed(bestCheck, bestSign);
  }

  /**
   * Most jobs a second that n validators on these cores can check: each checks every signature
   * once, and each vote of a block of so many jobs.
   *
   * @param batch jobs that share a signature
   * @param perBlock jobs of a block
   */
  double bound(int cores, int validators, int batch, double perBlock) {
    double votes = 2 * validators * signNanos + 2.0 * validators * (validators - 1) * checkNanos;
    double nanos = validators * checkNanos / batch + votes / Math.max(1, perBlock);
    return cores * TimeUnit.SECONDS.toNanos(1) / nanos;
  }
}
