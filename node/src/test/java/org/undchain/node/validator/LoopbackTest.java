package org.undchain.node.validator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.handshake.Greeting;
import org.undchain.core.message.Ack;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Role;
import org.undchain.core.message.Status;
import org.undchain.core.message.Submit;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.NodeId;
import org.undchain.node.transport.grpc.RawClient;

/** A chain of four validators on real sockets and disks. */
final class LoopbackTest {
  @TempDir Path folder;

  @Test
  @Tag("R4.26")
  void fourValidatorsCommitATransferOfAClientWithoutACertificate() throws Exception {
    try (Testnet net = new Testnet(folder, 4, Map.of()).startAll()) {
      NodeId first = net.ids().getFirst();
      net.awaitCurrent();
      Envelope transfer = net.transfer("ann", "bob", 250_000, 1);
      try (RawClient ann = connect(net, first, "ann")) {
        ann.send(submit(net, "ann", transfer));
        Ack ack = ann.next(WireMessage::hasAck).getAck();
        assertThat(ack.getEntryId())
            .isEqualTo(Envelopes.id(net.chain().context(), transfer).toByteString());
        Status status = ann.next(WireMessage::hasStatus).getStatus();
        assertThat(status.getResult()).isEqualTo(EntryResult.ENTRY_RESULT_OK);
        assertThat(status.getHeight()).isEqualTo(ack.getHeight());
        net.awaitHeight(status.getHeight());
        for (NodeId id : net.ids()) {
          assertThat(
                  net.blocks(id)
                      .getLast()
                      .after()
                      .account(net.signer("bob").id())
                      .orElseThrow()
                      .getBalance())
              .isEqualTo(Testnet.GRAINS + 250_000);
        }
      }
    }
  }

  static RawClient connect(Testnet net, NodeId validator, String name) throws Exception {
    return RawClient.connect(net.chain(), net.member(validator).port())
        .hello(
            Greeting.newcomer(net.chain().context(), net.signer(name), Role.ROLE_CLIENT, true),
            net.clock().now());
  }

  static Envelope submit(Testnet net, String name, Envelope entry) {
    Submit submit = Submit.newBuilder().setEntry(entry).build();
    return Envelopes.unsigned(
        net.chain().context(),
        net.signer(name).id(),
        Envelopes.messageType(submit),
        entry.getPayPeriod(),
        submit);
  }
}
