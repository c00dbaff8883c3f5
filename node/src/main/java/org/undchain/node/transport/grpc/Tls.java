package org.undchain.node.transport.grpc;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
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
    return build(SslContextBuilder.forServer(new OwnKey(identity)).clientAuth(ClientAuth.OPTIONAL));
  }

  static SslContext client(TransportIdentity identity) {
    return build(SslContextBuilder.forClient().keyManager(new OwnKey(identity)));
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

  /**
   * The one key of a node, whoever asks. A key store would be made for it otherwise, which encrypts
   * the key and decrypts it again with ten thousand hashes each: a tenth of a second at a start.
   */
  private static final class OwnKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "own";

    private final TransportIdentity identity;

    OwnKey(TransportIdentity identity) {
      this.identity = identity;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return Arrays.stream(types).anyMatch(this::isOurs) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return Arrays.stream(types).anyMatch(this::isOurs) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return isOurs(type) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return isOurs(type) ? ALIAS : null;
    }

    @Override
    public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
      return isOurs(type) ? new String[] {ALIAS} : new String[0];
    }

    @Override
    public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
      return isOurs(type) ? new String[] {ALIAS} : new String[0];
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {identity.certificate()};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return identity.key();
    }

    private boolean isOurs(String type) {
      return type.equals(identity.key().getAlgorithm());
    }
  }
}
