package org.undchain.node.transport.grpc;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.Socket;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.value.Hash;
import org.undchain.node.transport.TransportIdentity;

/**
 * TLS 1.3 of the JDK with self-signed certificates on both sides. Any certificate is let in here:
 * TLS proves only that both ends hold the keys of theirs, and the Hello's signature over both
 * certificates says whose they are.
 */
final class Tls {
  private static final String VERSION = "TLSv1.3";
  private static final byte[] NONE = new byte[0];

  private Tls() {}

  /** Asks the client for a certificate and goes on without one. */
  static SslContext server(TransportIdentity identity) {
    return build(
        SslContextBuilder.forServer(identity.key(), identity.certificate())
            .clientAuth(ClientAuth.OPTIONAL));
  }

  static SslContext client(TransportIdentity identity) {
    return build(SslContextBuilder.forClient().keyManager(identity.key(), identity.certificate()));
  }

  private static SslContext build(SslContextBuilder builder) {
    try {
      return GrpcSslContexts.configure(builder, SslProvider.JDK)
          .trustManager(new AnyCertificate())
          .protocols(VERSION)
          .build();
    } catch (SSLException impossible) {
      throw new IllegalStateException("the JDK speaks TLS 1.3 with P-256", impossible);
    }
  }

  /** SHA-256(client certificate | server certificate), both DER; a missing one is empty. */
  static Hash binding(SSLSession session, boolean isServer) {
    byte[] own = der(session.getLocalCertificates());
    byte[] theirs = theirs(session);
    return isServer ? Hashes.sha256(theirs, own) : Hashes.sha256(own, theirs);
  }

  /** SHA-256 of the other side's certificate as a route names it; empty if it has none. */
  static Optional<Hash> certificateOf(SSLSession session) {
    byte[] der = theirs(session);
    return der.length == 0 ? Optional.empty() : Optional.of(Hashes.sha256(der));
  }

  private static byte[] theirs(SSLSession session) {
    try {
      return der(session.getPeerCertificates());
    } catch (SSLPeerUnverifiedException without) {
      return NONE;
    }
  }

  private static byte[] der(Certificate @Nullable [] chain) {
    if (chain == null || chain.length == 0) {
      return NONE;
    }
    try {
      return chain[0].getEncoded();
    } catch (CertificateEncodingException impossible) {
      throw new IllegalStateException("a certificate that was parsed has a form", impossible);
    }
  }

  private static final class AnyCertificate extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
