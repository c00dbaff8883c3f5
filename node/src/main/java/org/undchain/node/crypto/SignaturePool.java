package org.undchain.node.crypto;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Opening;

/**
 * Checks all signatures of arriving messages on a fixed number of platform threads before the
 * machine sees them; the answers stay in the {@link RememberingSignatureCheck}. What validators say
 * goes before what others bring, as in the inbox of the machine: a batch of a lane must not wait
 * behind a flood of requests. When the pool is full the caller checks by itself, which slows that
 * caller down and nobody else.
 */
public final class SignaturePool implements AutoCloseable {
  private static final int QUEUE_MAX = 256;

  /** Signatures in one piece of work: large enough to pay for the hand-over. */
  private static final int PIECE = 8;

  private final SignatureCheck memory;
  private final ThreadPoolExecutor threads;
  private final Semaphore room = new Semaphore(QUEUE_MAX);
  private final AtomicLong pieces = new AtomicLong();

  /** Some claims of one frame; the lower number goes first among those of equal right. */
  private final class Piece implements Runnable, Comparable<Piece> {
    private final long number = pieces.getAndIncrement();
    private final boolean isOfValidator;
    private final Runnable work;

    Piece(boolean isOfValidator, Runnable work) {
      this.isOfValidator = isOfValidator;
      this.work = work;
    }

    @Override
    public void run() {
      room.release();
      work.run();
    }

    @Override
    public int compareTo(Piece other) {
      return isOfValidator == other.isOfValidator
          ? Long.compare(number, other.number)
          : isOfValidator ? -1 : 1;
    }
  }

  public SignaturePool(SignatureCheck memory, int threadCount) {
    this.memory = memory;
    AtomicInteger names = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            threadCount,
            threadCount,
            0,
            TimeUnit.SECONDS,
            new PriorityBlockingQueue<>(),
            task ->
                Thread.ofPlatform()
                    .name("signatures-" + names.getAndIncrement())
                    .daemon()
                    .unstarted(task));
  }

  /**
   * Opens envelopes of one peer, with all their signatures checked in parallel; they come back in
   * the same order. Only where one of these is bad are the envelopes opened one by one, so that
   * each is judged by itself.
   *
   * @param sets those whose certificates may arrive now
   * @param isOfValidator whether they go before what others bring
   */
  public List<Opening<Opened>> open(
      ChainContext chain, List<ValidatorSet> sets, List<Envelope> envelopes, boolean isOfValidator)
      throws InterruptedException {
    List<Opening<Opened>> openings = new ArrayList<>(envelopes.size());
    Set<Claims.Claim> noted = new LinkedHashSet<>();
    boolean isCutShort = false;
    for (Envelope envelope : envelopes) {
      Claims claims = new Claims(chain, sets);
      openings.add(claims.open(envelope));
      noted.addAll(claims.noted());
      isCutShort |= claims.isCutShort();
    }
    boolean areGood = areGood(List.copyOf(noted), isOfValidator) && !isCutShort;
    return areGood
        ? openings
        : envelopes.stream().map(envelope -> Envelopes.open(chain, memory, envelope)).toList();
  }

  private boolean areGood(List<Claims.Claim> claims, boolean isOfValidator)
      throws InterruptedException {
    if (claims.size() <= PIECE) {
      return run(claims);
    }
    CountDownLatch open = new CountDownLatch(Math.ceilDiv(claims.size(), PIECE));
    AtomicBoolean areGood = new AtomicBoolean(true);
    for (int from = 0; from < claims.size(); from += PIECE) {
      List<Claims.Claim> piece = claims.subList(from, Math.min(claims.size(), from + PIECE));
      Runnable work =
          () -> {
            try {
              if (!run(piece)) {
                areGood.set(false);
              }
            } catch (RuntimeException bug) {
              areGood.set(false);
              throw bug;
            } finally {
              open.countDown();
            }
          };
      if (room.tryAcquire()) {
        threads.execute(new Piece(isOfValidator, work));
      } else {
        work.run();
      }
    }
    open.await();
    return areGood.get();
  }

  private boolean run(List<Claims.Claim> claims) {
    boolean areGood = true;
    for (Claims.Claim claim : claims) {
      areGood &= memory.verify(claim.key(), claim.message(), claim.signature());
    }
    return areGood;
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
