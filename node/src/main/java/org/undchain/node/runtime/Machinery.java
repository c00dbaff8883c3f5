package org.undchain.node.runtime;

import java.security.Provider;
import java.util.Optional;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.value.Bytes;
import org.undchain.node.crypto.FastProvider;
import org.undchain.node.crypto.RememberingSignatureCheck;
import org.undchain.node.crypto.SignaturePool;
import org.undchain.node.transport.grpc.GrpcThreads;

/**
 * What all nodes of one process share: the threads that move bytes, those that check signatures,
 * and the memory of checked signatures. Made once by {@code main}, closed last.
 */
public final class Machinery implements AutoCloseable {
  private static final int THREADS_MAX = 4;

  private final Optional<Provider> provider;
  private final SignatureCheck signatures;
  private final SignaturePool pool;
  private final GrpcThreads threads;

  private Machinery(int threadCount) {
    this.provider = FastProvider.load();
    this.signatures = new RememberingSignatureCheck(Ed25519.check(provider));
    this.pool = new SignaturePool(signatures, threadCount);
    this.threads = new GrpcThreads(threadCount);
  }

  /** As many threads of each kind as there are processors, at most four. */
  public static Machinery start() {
    return new Machinery(Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors()));
  }

  /** The one check of all chains and nodes of the process; it remembers. */
  public SignatureCheck signatures() {
    return signatures;
  }

  public Signer signer(Bytes seed) {
    return Ed25519.signer(seed, provider);
  }

  public SignaturePool pool() {
    return pool;
  }

  public GrpcThreads threads() {
    return threads;
  }

  @Override
  public void close() {
    threads.close();
    pool.close();
  }
}
