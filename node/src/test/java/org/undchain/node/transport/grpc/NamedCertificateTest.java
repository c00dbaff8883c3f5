package org.undchain.node.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final GrpcTransport there = transport(partner, certificate, 0, peer -> {});
  private final GrpcTransport here =
      transport(ann, TransportIdentity.create(), -1, peer -> heard.add("up"));

  @BeforeEach
  void listen() throws Exception {
    there.start();
    here.start();
  }

  @AfterEach
  void close() {
    here.close();
    there.close();
    machinery.close();
  }

  @Test
  void theCertificateThatTheRouteNamesIsTalkedTo() throws Exception {
    dial(certificate.certificateHash());
    assertThat(heard.take()).isEqualTo("up");
  }

  @Test
  void anotherCertificateIsRefusedThoughTheRightNodeHasIt() throws Exception {
    Hash other = TransportIdentity.create().certificateHash();
    dial(other);
    assertThat(heard.take())
        .startsWith(RejectCode.REJECT_CODE_HANDSHAKE.name())
        .contains(other.hex());
    assertThat(here.isConnected(partner.id())).isFalse();
  }

  private void dial(Hash named) {
    here.dial(
        partner.id(),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), there.port()),
        Optional.of(named),
        Duration.ZERO);
  }

  private interface Up {
    void up(KnownPeer peer);
  }

  private GrpcTransport transport(
      Signer identity, TransportIdentity transportCertificate, int port, Up up) {
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
            new Ears(up),
            NodeMeter.NONE));
  }

  private final class Ears implements PeerListener {
    private final Up up;

    Ears(Up up) {
      this.up = up;
    }

    @Override
    public void up(KnownPeer peer) {
      up.up(peer);
    }

    @Override
    public void message(NodeId peer, Opened message, Runnable handled) {
      handled.run();
    }

    @Override
    public void down(NodeId peer) {}

    @Override
    public void failed(NodeId expected, RejectCode why, String detail) {
      heard.add(why + " " + detail);
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
