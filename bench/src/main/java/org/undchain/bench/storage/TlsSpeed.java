package org.undchain.bench.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.undchain.node.transport.TransportIdentity;

/** Bytes a second that TLS 1.3 of the JDK carries over loopback, with both ends on these cores. */
final class TlsSpeed {
  private static final char[] NO_PASSWORD = new char[0];
  private static final int BLOCK = 64 << 10;

  private TlsSpeed() {}

  /** The best of some rounds, with one connection for two cores. */
  static double measure(int millis, int rounds) throws IOException, InterruptedException {
    SSLContext context = context(TransportIdentity.create());
    int connections = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    double best = 0;
    for (int round = 0; round < rounds; round++) {
      best = Math.max(best, round(context, connections, millis));
    }
    return best;
  }

  private static double round(SSLContext context, int connections, int millis)
      throws IOException, InterruptedException {
    try (SSLServerSocket door =
            (SSLServerSocket)
                context
                    .getServerSocketFactory()
                    .createServerSocket(0, connections, InetAddress.getLoopbackAddress());
        ExecutorService threads = Executors.newFixedThreadPool(2 * connections)) {
      List<Future<Double>> receiving = new ArrayList<>();
      List<Future<Boolean>> sending = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        receiving.add(threads.submit(() -> receive(door)));
        sending.add(threads.submit(() -> send(context, door.getLocalPort(), millis)));
      }
      for (Future<Boolean> one : sending) {
        one.get();
      }
      double sum = 0;
      for (Future<Double> one : receiving) {
        sum += one.get();
      }
      return sum;
    } catch (ExecutionException failed) {
      throw new IOException("TLS over loopback cannot be timed", failed.getCause());
    }
  }

  private static double receive(SSLServerSocket door) throws IOException {
    try (SSLSocket socket = (SSLSocket) door.accept()) {
      InputStream in = socket.getInputStream();
      byte[] block = new byte[BLOCK];
      long bytes = Math.max(0, in.read(block)); // with the first bytes the handshake is over
      long begin = System.nanoTime();
      for (int read = in.read(block); read >= 0; read = in.read(block)) {
        bytes += read;
      }
      return bytes * 1e9 / (System.nanoTime() - begin);
    }
  }

  private static boolean send(SSLContext context, int port, int millis) throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      byte[] block = new byte[BLOCK];
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
      while (System.nanoTime() < end) {
        out.write(block);
      }
      return true;
    }
  }

  private static SSLContext context(TransportIdentity identity) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      store.setKeyEntry(
          "own", identity.key(), NO_PASSWORD, new Certificate[] {identity.certificate()});
      store.setCertificateEntry("trusted", identity.certificate());
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, NO_PASSWORD);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has TLS 1.3", impossible);
    }
  }
}
