package org.undchain.node.validator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.undchain.core.handshake.Greeting;
import org.undchain.core.message.Ack;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Role;
import org.undchain.core.message.Status;
import org.undchain.core.message.Submit;
import org.undchain.core.message.WireMessage;
import org.undchain.core.validator.ValidatorNotice;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.transport.grpc.RawClient;

/** A chain of four validators on real sockets and disks. */
@Tag("slow")
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
        TreeSet<Long> acknowledged = new TreeSet<>();
        WireMessage told = ann.next(WireMessage::hasAck);
        for (; told.hasAck(); told = ann.next(body -> body.hasAck() || body.hasStatus())) {
          Ack ack = told.getAck();
          assertThat(ack.getEntryId())
              .isEqualTo(Envelopes.id(net.chain().context(), transfer).toByteString());
          acknowledged.add(ack.getHeight()); // one stamp is no promise: it may come a slot later
        }
        Status status = told.getStatus();
        assertThat(status.getResult()).isEqualTo(EntryResult.ENTRY_RESULT_OK);
        assertThat(acknowledged).contains(status.getHeight());
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

  @Test
  @Tag("R4.28")
  @Tag("slow")
  void aValidatorThatWasOffCatchesUpAndSignsAgain() throws Exception {
    try (Testnet net = new Testnet(folder, 4, Map.of()).startAll()) {
      NodeId late = net.ids().get(1);
      net.awaitCurrent();
      net.stop(late);
      long missed = net.height(late);
      net.awaitHeight(missed + 5);
      net.start(late);
      net.awaitCurrent();
      // with another one off, the quorum of three needs the one that came back
      net.stop(net.ids().get(2));
      net.awaitHeight(net.height(late) + 3);
      assertSameBlocks(net);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-7_000, 5_000})
  @Tag("R3.1")
  void aValidatorWhoseClockIsSecondsOffComesToTheTimeOfTheOthersAndVotes(long offMillis)
      throws Exception {
    try (Testnet net = new Testnet(folder, 4, Map.of())) {
      NodeId wrong = net.ids().get(2);
      for (NodeId id : net.ids()) {
        net.start(id, id.equals(wrong) ? offMillis : 0);
      }
      net.awaitCurrent();
      // the quorum of three needs the one that was wrong
      net.stop(net.ids().getFirst());
      net.awaitHeight(net.height(wrong) + 3);
      assertSameBlocks(net);
    }
  }

  @Test
  @Tag("R4.40")
  void allValidatorsStopAndGoOnWithWhatTheyPromised() throws Exception {
    try (Testnet net = new Testnet(folder, 4, Map.of()).startAll()) {
      net.awaitCurrent();
      Envelope transfer = net.transfer("ann", "bob", 1_000, 7);
      long promised = 0;
      // as many stamps as make a promise
      try (RawClient first = connect(net, net.ids().get(0), "ann");
          RawClient second = connect(net, net.ids().get(1), "ann");
          RawClient third = connect(net, net.ids().get(2), "ann")) {
        List<RawClient> doors = List.of(first, second, third);
        doors.forEach(door -> door.send(submit(net, "ann", transfer)));
        for (RawClient door : doors) {
          promised = Math.max(promised, door.next(WireMessage::hasAck).getAck().getHeight());
        }
      }
      ByteString entryId = Envelopes.id(net.chain().context(), transfer).toByteString();
      net.ids().forEach(net::stop);
      net.startAll();
      net.awaitHeight(promised);
      net.awaitCurrent();
      long times =
          net.blocks(net.ids().getLast()).stream()
              .flatMap(block -> block.block().entries().stream())
              .filter(entry -> entry.id().toByteString().equals(entryId))
              .count();
      assertThat(times).isEqualTo(1);
      assertSameBlocks(net);
    }
  }

  @Test
  @Tag("R10.9")
  @Tag("slow")
  void aPeriodsSecretIsGoneOnceItsPayoutIsDurable() throws Exception {
    try (Testnet net = new Testnet(folder, 4, Map.of("time.period_slots", 48L))) {
      NodeId first = net.ids().getFirst();
      Path ratchet = ValidatorNode.keysOf(net.member(first).data()).resolve("ratchet");
      String before = Files.readString(ratchet);
      net.startAll();
      net.awaitPayout();
      net.awaitCurrent();
      assertThat(before).startsWith("0 ");
      assertThat(Files.readString(ratchet)).startsWith("1 ");
      net.stop(first);
      net.start(first);
      net.awaitCurrent();
      assertSameBlocks(net);
    }
  }

  /** What any two validators both have is the same block. */
  private static void assertSameBlocks(Testnet net) {
    TreeMap<Long, Hash> seen = new TreeMap<>();
    for (NodeId id : net.ids()) {
      for (ValidatorNotice.BlockCommitted committed : net.blocks(id)) {
        Hash hash = committed.block().headerHash();
        long height = committed.block().header().getHeight();
        assertThat(seen.computeIfAbsent(height, key -> hash)).isEqualTo(hash);
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
