package org.undchain.node.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.handshake.Greeting;
import org.undchain.core.handshake.KnownPeer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.message.Genesis;
import org.undchain.core.message.Opened;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Role;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.runtime.Machinery;
import org.undchain.node.runtime.NodeMeter;
import org.undchain.node.transport.PeerListener;
import org.undchain.node.transport.TransportIdentity;

/** A route may name the transport certificate that answers there, over real TLS. */
@Timeout(60)
final class NamedCertificateTest {
  private static final BlockTime NOW = new BlockTime(1_767_225_600_000L);

  private final Machinery machinery = Machinery.start();
  private final Signer partner = signer("partner");
  private final Signer ann = signer("ann");
  private final Chain chain = chain();
  private final TransportIdentity certificate = TransportIdentity.create();
  private final GrpcTransport there = transport(partner, certificate, 0, word -> {});

  @BeforeEach
  void listen() throws Exception {
    there.start();
  }

  @AfterEach
  void close() {
    there.close();
    machinery.close();
  }

  @Test
  void theCertificateThatTheRouteNamesIsTalkedTo() throws Exception {
    assertThat(dialled(there, certificate.certificateHash()).word()).isEqualTo("up");
  }

  @Test
  @Tag("case-73")
  void anotherCertificateIsRefusedThoughTheRightNodeHasIt() throws Exception {
    Hash other = TransportIdentity.create().certificateHash();
    Dialled refused = dialled(there, other);
    assertThat(refused.word())
        .startsWith(RejectCode.REJECT_CODE_HANDSHAKE.name())
        .contains(other.hex());
    assertThat(refused.isConnected()).isFalse();
  }

  /** TLS 1.3 or nothing: who offers less, or speaks plainly, is not talked to. */
  @Test
  @Tag("case-73")
  void anOlderTlsIsRefused() throws Exception {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    for (String version : List.of("TLSv1.3", "TLSv1.2")) {
      try (SSLSocket socket =
          (SSLSocket)
              tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), there.port())) {
        socket.setEnabledProtocols(new String[] {version});
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        if (version.equals("TLSv1.3")) {
          socket.startHandshake();
          assertThat(socket.getSession().getProtocol()).isEqualTo(version);
        } else {
          assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
        }
      }
    }
  }

  /** Whoever shows the right node's certificate without its key gets no connection. */
  @Test
  @Tag("case-73")
  void aCertificateWithoutItsKeyIsRefused() throws Exception {
    TransportIdentity stolen =
        new TransportIdentity(certificate.certificate(), TransportIdentity.create().key());
    try (GrpcTransport thief = transport(partner, stolen, 0, word -> {})) {
      thief.start();
      Dialled refused = dialled(thief, certificate.certificateHash());
      assertThat(refused.word()).contains("no answer").contains("SslHandler");
      assertThat(refused.isConnected()).isFalse();
    }
  }

  /** Its owner is whom the Hello names, whatever the certificate says of names and dates. */
  @Test
  @Tag("case-73")
  void expiredAndFutureCertificatesAreGoodIfTheRouteNamesThemAndBadIfNot() throws Exception {
    for (int year : List.of(2001, 2101)) {
      TransportIdentity odd = dated(year);
      try (GrpcTransport node = transport(partner, odd, 0, word -> {})) {
        node.start();
        assertThat(dialled(node, certificate.certificateHash()).word())
            .startsWith(RejectCode.REJECT_CODE_HANDSHAKE.name());
        assertThat(dialled(node, odd.certificateHash()).word()).isEqualTo("up");
      }
    }
  }

  private static TransportIdentity dated(int year) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    X500Name name = new X500Name("CN=somebody else");
    X509Certificate made =
        new JcaX509CertificateConverter()
            .getCertificate(
                new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        Date.from(Instant.parse(year + "-01-01T00:00:00Z")),
                        Date.from(Instant.parse(year + "-02-01T00:00:00Z")),
                        name,
                        pair.getPublic())
                    .build(
                        new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    return new TransportIdentity(made, pair.getPrivate());
  }

  /** What a dialler hears first, and whether it is connected then. */
  private record Dialled(String word, boolean isConnected) {}

  /**
   * Dials with a transport of its own: a dialler goes on trying, and what it hears of its next
   * attempt must not be taken for the first word of another one.
   */
  private Dialled dialled(GrpcTransport node, Hash named) throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (GrpcTransport here = transport(ann, TransportIdentity.create(), -1, heard::add)) {
      here.start();
      here.dial(
          partner.id(),
          new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()),
          Optional.of(named),
          Duration.ZERO);
      return new Dialled(heard.take(), here.isConnected(partner.id()));
    }
  }

  private GrpcTransport transport(
      Signer identity, TransportIdentity transportCertificate, int port, Consumer<String> heard) {
    Greeting greeting =
        new Greeting(
            chain.context(),
            identity,
            Role.ROLE_PARTNER,
            true,
            Optional.of(new Greeting.Standing(chain.rules().rulesHash(), 0, true)),
            Optional.empty(),
            Optional.empty());
    return new GrpcTransport(
        new GrpcTransport.Setting(
            chain.context(),
            identity,
            transportCertificate,
            () -> greeting,
            () -> NOW,
            List::of,
            machinery.signatures(),
            machinery.pool(),
            machinery.threads(),
            port < 0
                ? Optional.empty()
                : Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
            List.of(),
            new Ears(heard),
            NodeMeter.NONE));
  }

  private final class Ears implements PeerListener {
    private final Consumer<String> heard;

    Ears(Consumer<String> heard) {
      this.heard = heard;
    }

    @Override
    public void up(KnownPeer peer) {
      heard.accept("up");
    }

    @Override
    public void message(NodeId peer, Opened message, Runnable handled) {
      handled.run();
    }

    @Override
    public void giveWay(NodeId peer) {}

    @Override
    public boolean isBusy(NodeId peer) {
      return false;
    }

    @Override
    public long busyMillis(NodeId account) {
      return 0;
    }

    @Override
    public void down(NodeId peer) {}

    @Override
    public void failed(NodeId expected, RejectCode why, String detail) {
      heard.accept(why + " " + detail);
    }
  }

  private Signer signer(String name) {
    return machinery.signer(Hashes.sha256(name.getBytes(StandardCharsets.UTF_8)).bytes());
  }

  private Chain chain() {
    RunRules rules =
        RunRules.devnet(Hashes.sha256(new byte[0]), partner.id(), 4, List.of(partner.id()));
    Genesis genesis = Genesis.newBuilder().setChainName("here").setT0Millis(NOW.millis()).build();
    return GenesisBlock.chain(genesis, rules, machinery.signatures());
  }
}
