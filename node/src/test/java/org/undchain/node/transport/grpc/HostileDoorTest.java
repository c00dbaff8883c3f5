package org.undchain.node.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.handshake.Greeting;
import org.undchain.core.handshake.Handshake;
import org.undchain.core.handshake.HandshakeStep;
import org.undchain.core.handshake.KnownPeer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Frame;
import org.undchain.core.message.Genesis;
import org.undchain.core.message.Get;
import org.undchain.core.message.GetReply;
import org.undchain.core.message.GetWhat;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Reject;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Role;
import org.undchain.core.message.Submit;
import org.undchain.core.message.TimeProbe;
import org.undchain.core.message.Transfer;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.runtime.Machinery;
import org.undchain.node.transport.PeerListener;
import org.undchain.node.transport.TransportIdentity;

/** What liars and broken programs get at a node's door, over real TLS. */
final class HostileDoorTest {
  private static final BlockTime NOW = new BlockTime(1_767_225_600_000L);

  /** Only a hang takes so long. */
  private static final long WAIT_SECONDS = 60;

  private static final Machinery MACHINERY = Machinery.start();

  private volatile boolean isLate;
  private volatile NodeId drawn = new NodeId(Hash.ZERO.bytes());
  private final Signer node = signer("node");
  private final Signer ann = signer("ann");
  private final Chain chain = chain();
  private final BlockingQueue<Opened> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<NodeId> gone = new LinkedBlockingQueue<>();
  private final CountDownLatch dropped = new CountDownLatch(1);
  private final List<RawClient> clients = new ArrayList<>();
  private final GrpcTransport transport = transport();

  @BeforeEach
  void listen() throws Exception {
    transport.start();
  }

  @AfterEach
  void close() {
    clients.forEach(RawClient::close);
    transport.close();
  }

  @AfterAll
  static void closeMachinery() {
    MACHINERY.close();
  }

  /** First bytes that no Hello begins with, and the reason they are answered with. */
  enum First {
    GARBAGE(RejectCode.REJECT_CODE_MALFORMED),
    TRUNCATED(RejectCode.REJECT_CODE_MALFORMED),
    EMPTY(RejectCode.REJECT_CODE_HANDSHAKE),
    TOO_LONG(RejectCode.REJECT_CODE_TOO_LARGE),
    MESSAGE(RejectCode.REJECT_CODE_HANDSHAKE),
    OTHER_CHAIN(RejectCode.REJECT_CODE_WRONG_NET),
    NO_BINDING(RejectCode.REJECT_CODE_HANDSHAKE);

    private final RejectCode code;

    First(RejectCode code) {
      this.code = code;
    }
  }

  @ParameterizedTest
  @Tag("case-62")
  @EnumSource
  void whatIsNoHelloIsRefusedWithItsReasonBeforeTheEnd(First first) throws Exception {
    RawClient client = connect();
    switch (first) {
      case GARBAGE -> client.sendBytes(new byte[] {7, 7, 7, 7});
      case TRUNCATED -> client.sendBytes(truncated());
      case EMPTY -> client.sendBytes(new byte[0]);
      case TOO_LONG -> client.sendBytes(Frames.segment(ofSize(Connection.HELLO_FRAME_MAX)));
      case MESSAGE -> client.send(probe(1));
      case OTHER_CHAIN -> client.send(hello(otherChain(), client.binding()));
      case NO_BINDING -> client.send(hello(chain, Hash.ZERO));
    }
    assertThat(client.nextReject()).isEqualTo(first.code);
    assertThat(client.end().getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(heard).isEmpty();
  }

  @Test
  @Tag("case-73")
  @Tag("R0.1")
  void aHelloOverheardOnOneConnectionIsWorthNothingOnAnother() throws Exception {
    RawClient victim = connect(TransportIdentity.create());
    Envelope overheard = hello(chain, victim.binding());
    RawClient thief = connect();
    thief.send(overheard);
    assertThat(thief.nextReject()).isEqualTo(RejectCode.REJECT_CODE_HANDSHAKE);
    victim.send(overheard);
    assertThat(victim.next().getType()).isEqualTo(1); // the same bytes are good where they belong
  }

  @Test
  @Tag("case-65")
  void aFloodBeforeTheHelloEndsTheStreamLongBeforeTheLargestMessageIsGathered() throws Exception {
    RawClient client = connect();
    client.sendBytes(Frames.segment(ofSize(Frames.BYTES_MAX - 200)));
    assertThat(client.end().getCode()).isEqualTo(Status.Code.CANCELLED); // not by the six seconds
    assertThat(greeted().isOver()).isFalse();
  }

  /** What a peer that said Hello may get wrong in one envelope. */
  enum Wrong {
    NO_SIGNATURE(RejectCode.REJECT_CODE_BAD_SIGNATURE),
    BAD_SIGNATURE(RejectCode.REJECT_CODE_BAD_SIGNATURE),
    SMALL_ORDER_KEY(RejectCode.REJECT_CODE_BAD_KEY),
    SHORT_KEY(RejectCode.REJECT_CODE_BAD_KEY),
    UNKNOWN_FIELD(RejectCode.REJECT_CODE_MALFORMED),
    UNKNOWN_FIELD_INSIDE(RejectCode.REJECT_CODE_MALFORMED),
    UNKNOWN_TYPE(RejectCode.REJECT_CODE_UNKNOWN_TYPE),
    OTHER_CHAIN(RejectCode.REJECT_CODE_WRONG_CHAIN),
    CUT_BODY(RejectCode.REJECT_CODE_MALFORMED);

    private final RejectCode code;

    Wrong(RejectCode code) {
      this.code = code;
    }
  }

  @ParameterizedTest
  @Tag("case-62")
  @EnumSource
  void aBadEnvelopeIsRefusedWithItsReasonAndTheConnectionStays(Wrong wrong) throws Exception {
    RawClient client = greeted();
    client.send(spoiled(wrong));
    assertThat(client.nextReject()).isEqualTo(wrong.code);
    client.send(probe(2));
    assertThat(hear().body().getTimeProbe().getSeq()).isEqualTo(2);
  }

  /** Where only some have a place the others are refused, whoever brings their requests. */
  @Test
  @Tag("case-56")
  void whoIsDrawnGetsThroughTheDoorOfAnOverloadedNode() throws Exception {
    RawClient client = greeted();
    Signer bob = signer("bob");
    isLate = true;
    drawn = bob.id();
    client.send(request(transfer(ann)));
    assertThat(client.nextRefusal().getCode()).isEqualTo(RejectCode.REJECT_CODE_BUSY);
    client.send(request(transfer(bob)));
    assertThat(hear().body().getSubmit().getEntry().getSigner()).isEqualTo(bob.id().toByteString());
  }

  private Envelope transfer(Signer account) {
    Transfer body = Transfer.newBuilder().setNonce(1).build();
    return Envelopes.sealEntry(chain.context(), account, 0, body);
  }

  private Envelope request(Envelope entry) {
    Submit submit = Submit.newBuilder().setEntry(entry).build();
    return Envelopes.unsigned(chain.context(), ann.id(), Envelopes.messageType(submit), 0, submit);
  }

  /** A node that cannot keep up says so at once, and listens to everything but requests. */
  @Test
  @Tag("case-56")
  void requestsToAnOverloadedNodeAreRefusedWithTheTimeToComeBack() throws Exception {
    RawClient client = greeted();
    Envelope entry = transfer(ann);
    isLate = true;
    client.send(request(entry));
    Reject busy = client.nextRefusal();
    assertThat(busy.getCode()).isEqualTo(RejectCode.REJECT_CODE_BUSY);
    assertThat(busy.getRetryAfterMillis()).isPositive();
    assertThat(Hash.of(busy.getRef())).isEqualTo(Envelopes.id(chain.context(), entry));
    client.send(probe(1));
    assertThat(hear().body().hasTimeProbe()).isTrue();
    isLate = false;
    client.send(request(entry));
    assertThat(hear().body().getSubmit()).isEqualTo(Submit.newBuilder().setEntry(entry).build());
  }

  @Test
  @Tag("case-62")
  void whoeverGoesOnSendingGarbageLosesTheConnection() throws Exception {
    RawClient client = greeted();
    for (int i = 0; i <= Strikes.BURST; i++) {
      client.sendBytes(truncated());
    }
    for (int i = 0; i <= Strikes.BURST; i++) {
      assertThat(client.nextReject()).isEqualTo(RejectCode.REJECT_CODE_MALFORMED);
    }
    assertThat(client.end().getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(gone.poll(WAIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(ann.id());
  }

  @Test
  @Tag("case-65")
  void moreEnvelopesThanAFrameMayHoldAreRefusedUnparsed() throws Exception {
    RawClient client = greeted();
    client.sendBytes(
        Frame.newBuilder()
            .addAllEnvelopes(
                Collections.nCopies(Frames.ENVELOPES_MAX + 1, Envelope.getDefaultInstance()))
            .build()
            .toByteArray());
    assertThat(client.nextReject()).isEqualTo(RejectCode.REJECT_CODE_TOO_LARGE);
  }

  @Test
  @Tag("case-65")
  void anOversizeFrameEndsTheConnection() throws Exception {
    RawClient client = greeted();
    client.sendBytes(new byte[Frames.BYTES_MAX + 1]);
    assertThat(client.end().isOk()).isFalse();
    assertThat(gone.poll(WAIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(ann.id());
  }

  @Test
  void theLongestBodyPasses() throws Exception {
    RawClient client = greeted();
    client.send(ofSize(Envelopes.BODY_MAX));
    assertThat(hear().body().getGetReply().getChunk().size())
        .isGreaterThan(Envelopes.BODY_MAX - 64);
  }

  @Test
  void aPeerThatDoesNotReadLosesItsConnectionAndNotOurMemory() throws Exception {
    RawClient client = keep(RawClient.connectReading(chain, transport.port(), 1));
    client.hello(newcomer(), NOW);
    client.send(probe(1));
    hear();
    Envelope large = ofSize(1 << 20);
    for (int i = 0; i < 64 && dropped.getCount() > 0; i++) {
      transport.send(ann.id(), large);
    }
    assertThat(dropped.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(gone.poll(WAIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(ann.id());
    assertThat(transport.isConnected(ann.id())).isFalse();
  }

  @Test
  @Tag("slow")
  void connectionsWithoutAHelloAreFewAndEndBySix() throws Exception {
    List<RawClient> idle = new ArrayList<>();
    RawClient tooMany = connect();
    // as long as it takes: on a slow machine the first are sent away before all places are taken
    for (; tooMany.isLetIn() && idle.size() < 10 * Door.HALF_OPEN_MAX; tooMany = connect()) {
      idle.add(tooMany);
    }
    assertThat(idle).hasSizeGreaterThanOrEqualTo(Door.HALF_OPEN_MAX);
    assertThat(tooMany.end().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(idle.getFirst().nextReject()).isEqualTo(RejectCode.REJECT_CODE_HANDSHAKE);
    assertThat(idle.getLast().end().getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(greeted().isOver()).isFalse();
  }

  // --- the pieces

  private RawClient connect() throws Exception {
    return keep(RawClient.connect(chain, transport.port()));
  }

  private RawClient connect(TransportIdentity certificate) throws Exception {
    return keep(RawClient.connect(chain, transport.port(), certificate));
  }

  private RawClient greeted() throws Exception {
    return connect().hello(newcomer(), NOW);
  }

  private RawClient keep(RawClient client) {
    clients.add(client);
    return client;
  }

  private Opened hear() throws InterruptedException {
    return Optional.ofNullable(heard.poll(WAIT_SECONDS, TimeUnit.SECONDS)).orElseThrow();
  }

  private Greeting newcomer() {
    return Greeting.newcomer(chain.context(), ann, Role.ROLE_CLIENT, true);
  }

  /** A first Hello as ann says it on a connection. */
  private Envelope hello(Chain of, Hash binding) {
    return Handshake.dialer(
            Greeting.newcomer(of.context(), ann, Role.ROLE_CLIENT, true),
            Bytes.wrap(new byte[32]),
            binding,
            chain.signatures(),
            Optional.empty())
        .start(NOW)
        .stream()
        .filter(HandshakeStep.Send.class::isInstance)
        .map(HandshakeStep.Send.class::cast)
        .findFirst()
        .orElseThrow()
        .message();
  }

  private Envelope probe(long seq) {
    TimeProbe probe = TimeProbe.newBuilder().setSeq(seq).build();
    return Envelopes.unsigned(chain.context(), ann.id(), Envelopes.messageType(probe), 0, probe);
  }

  private Envelope spoiled(Wrong wrong) {
    Get get = Get.newBuilder().setWhat(GetWhat.GET_WHAT_FILE).build();
    Envelope good = Envelopes.sealMessage(chain.context(), ann, 0, get);
    Envelope.Builder bad = good.toBuilder();
    return switch (wrong) {
      case NO_SIGNATURE ->
          Envelopes.sealMessage(
                  chain.context(), ann, 0, org.undchain.core.message.Status.getDefaultInstance())
              .toBuilder()
              .clearSig()
              .build();
      case BAD_SIGNATURE -> bad.setSig(ByteString.copyFrom(new byte[64])).build();
      case SMALL_ORDER_KEY -> bad.setSigner(smallOrder()).build();
      case SHORT_KEY -> bad.setSigner(good.getSigner().substring(1)).build();
      case UNKNOWN_FIELD -> bad.setUnknownFields(unknown()).build();
      case UNKNOWN_FIELD_INSIDE ->
          Envelopes.sealMessage(
              chain.context(), ann, 0, get.toBuilder().setUnknownFields(unknown()).build());
      case UNKNOWN_TYPE -> bad.setType(3).build();
      case OTHER_CHAIN -> bad.setChainTag(ByteString.copyFrom(new byte[8])).build();
      case CUT_BODY ->
          Envelopes.unsigned(chain.context(), ann.id(), good.getType(), 0, get).toBuilder()
              .setBody(ByteString.copyFrom(new byte[] {8}))
              .build();
    };
  }

  private static ByteString smallOrder() {
    byte[] one = new byte[32];
    one[0] = 1;
    return ByteString.copyFrom(one);
  }

  private static UnknownFieldSet unknown() {
    return UnknownFieldSet.newBuilder()
        .addField(999, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
        .build();
  }

  private byte[] truncated() {
    byte[] whole = Frames.segment(probe(1));
    return Arrays.copyOf(whole, whole.length - 3);
  }

  /** A message whose body has this many bytes. */
  private Envelope ofSize(int bytes) {
    GetReply.Builder reply = GetReply.newBuilder().setWhat(GetWhat.GET_WHAT_STATE);
    int around = reply.setChunk(ByteString.copyFrom(new byte[bytes])).build().getSerializedSize();
    reply.setChunk(ByteString.copyFrom(new byte[2 * bytes - around]));
    return Envelopes.unsigned(
        chain.context(), ann.id(), Envelopes.messageType(reply.build()), 0, reply.build());
  }

  private Signer signer(String name) {
    return MACHINERY.signer(Hashes.sha256(name.getBytes(StandardCharsets.UTF_8)).bytes());
  }

  private Chain chain() {
    return chain("here");
  }

  private Chain otherChain() {
    return chain("elsewhere");
  }

  private Chain chain(String name) {
    RunRules rules = RunRules.devnet(Hashes.sha256(new byte[0]), node.id(), 4, List.of(node.id()));
    Genesis genesis = Genesis.newBuilder().setChainName(name).setT0Millis(NOW.millis()).build();
    return GenesisBlock.chain(genesis, rules, MACHINERY.signatures());
  }

  private GrpcTransport transport() {
    Greeting greeting =
        new Greeting(
            chain.context(),
            node,
            Role.ROLE_VALIDATOR,
            true,
            Optional.of(new Greeting.Standing(chain.rules().rulesHash(), 0, true)),
            Optional.empty(),
            Optional.empty());
    return new GrpcTransport(
        new GrpcTransport.Setting(
            chain.context(),
            node,
            TransportIdentity.create(),
            () -> greeting,
            () -> NOW,
            List::of,
            MACHINERY.signatures(),
            MACHINERY.pool(),
            MACHINERY.threads(),
            Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            List.of(),
            new Ears(),
            new Meter()));
  }

  private final class Ears implements PeerListener {
    @Override
    public void up(KnownPeer peer) {}

    @Override
    public void message(NodeId peer, Opened message, Runnable handled) {
      heard.add(message);
      handled.run();
    }

    @Override
    public void giveWay(NodeId peer) {}

    @Override
    public boolean isBusy(NodeId peer) {
      return isLate;
    }

    @Override
    public long busyMillis(NodeId account) {
      return isLate && !account.equals(drawn) ? 1000 : 0;
    }

    @Override
    public void down(NodeId peer) {
      gone.add(peer);
    }

    @Override
    public void failed(NodeId expected, RejectCode why, String detail) {}
  }

  private final class Meter implements TransportMeter {
    @Override
    public void rejected(RejectCode why) {}

    @Override
    public void droppedSlow() {
      dropped.countDown();
    }

    @Override
    public void peers(int count) {}
  }
}
