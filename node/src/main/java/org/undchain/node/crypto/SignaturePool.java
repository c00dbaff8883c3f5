package org.undchain.node.crypto;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;

/**
 * Checks all signatures of arriving messages on a fixed number of platform threads before the
 * machine sees them. The answers stay in the {@link RememberingSignatureCheck}; nothing is decided
 * here. When the pool is full the caller checks by itself, which slows that caller down and nobody
 * else.
 */
public final class SignaturePool implements AutoCloseable {
  private static final int QUEUE_MAX = 256;

  /** Signatures in one piece of work: large enough to pay for the hand-over. */
  private static final int PIECE = 8;

  private final SignatureCheck memory;
  private final ThreadPoolExecutor threads;

  public SignaturePool(SignatureCheck memory, int threadCount) {
    this.memory = memory;
    AtomicInteger names = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            threadCount,
            threadCount,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE_MAX),
            task ->
                Thread.ofPlatform()
                    .name("signatures-" + names.getAndIncrement())
                    .daemon()
                    .unstarted(task),
            new ThreadPoolExecutor.CallerRunsPolicy());
  }

  /** Returns when every signature in these envelopes was checked. */
  public void check(ChainContext chain, List<ValidatorSet> sets, List<Envelope> envelopes)
      throws InterruptedException {
    LinkedHashSet<Claims.Claim> claims = new LinkedHashSet<>();
    for (Envelope envelope : envelopes) {
      claims.addAll(Claims.in(chain, sets, envelope));
    }
    List<Claims.Claim> all = new ArrayList<>(claims);
    if (all.size() <= PIECE) {
      run(all);
      return;
    }
    CountDownLatch open = new CountDownLatch(Math.ceilDiv(all.size(), PIECE));
    for (int from = 0; from < all.size(); from += PIECE) {
      List<Claims.Claim> piece = all.subList(from, Math.min(all.size(), from + PIECE));
      threads.execute(() -> {
        try {
          run(piece);
        } finally {
          open.countDown();
        }
      });
    }
    open.await();
  }

  private void run(List<Claims.Claim> claims) {
    for (Claims.Claim claim : claims) {
      memory.verify(claim.key(), claim.message(), claim.signature());
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
