package org.undchain.node.transport.grpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.undchain.core.codec.Canonical;
import org.undchain.core.handshake.Greeting;
import org.undchain.core.handshake.Handshake;
import org.undchain.core.handshake.HandshakeStep;
import org.undchain.core.handshake.KnownPeer;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Opened;
import org.undchain.core.message.Opening;
import org.undchain.core.message.RejectCode;
import org.undchain.core.message.Role;
import org.undchain.core.message.Submit;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * One stream to one peer, from its Hello to its end.
 *
 * <p>Two threads: the reader runs {@link #run}, opens what arrives and hands it on; it asks gRPC
 * for the next frame only when it is done with one, so whoever floods fills its own socket. The
 * sender drains the {@link Outbox} and is the only one to write once the Hello is over.
 */
final class Connection {
  /** Messages of one peer that wait for the machine. */
  static final int PENDING_MAX = 256;

  /** Longest frame before the Hello is over. */
  static final int HELLO_FRAME_MAX = Handshake.HELLO_BYTES_MAX + 1024;

  private static final NodeId NOBODY = new NodeId(Hash.ZERO.bytes());
  private static final byte[] END = new byte[0];

  private final Door door;
  private final Wire wire;
  private final Optional<NodeId> expected;
  private final boolean isDialler;
  private final LinkedBlockingQueue<byte[]> inbound =
      new LinkedBlockingQueue<>(); // as many as asked for
  private final Outbox outbox = new Outbox();
  private final Semaphore pending = new Semaphore(PENDING_MAX);
  private final Strikes strikes = new Strikes(System.nanoTime());
  private final AtomicBoolean isClosing = new AtomicBoolean();
  private volatile String reason = "closed by the other side";
  private volatile @Nullable KnownPeer peer;

  private Connection(Door door, Wire wire, boolean isDialler, Optional<NodeId> expected) {
    this.door = door;
    this.wire = wire;
    this.isDialler = isDialler;
    this.expected = expected;
  }

  static Connection dialled(Door door, Wire wire, NodeId expected) {
    return new Connection(door, wire, true, Optional.of(expected));
  }

  static Connection accepted(Door door, Wire wire) {
    return new Connection(door, wire, false, Optional.empty());
  }

  boolean isDialler() {
    return isDialler;
  }

  /** Whether the Hello was ever finished. */
  boolean wasOpen() {
    return peer != null;
  }

  /** The other side; only after its Hello. */
  KnownPeer peer() {
    KnownPeer known = peer;
    if (known == null) {
      throw new IllegalStateException("no Hello yet");
    }
    return known;
  }

  // --- what gRPC tells, on its threads

  void arrived(byte[] frame) {
    inbound.add(frame);
  }

  void ended() {
    isClosing.set(true);
    outbox.close(List.of());
    inbound.add(END);
  }

  void writable() {
    outbox.wake();
  }

  // --- what the node wants, on any thread

  /** Queues an encoded envelope; a peer that does not read loses its connection. */
  void send(byte[] segment) {
    overflowUnless(outbox.offer(segment));
  }

  private void overflowUnless(boolean isTaken) {
    if (!isTaken) {
      door.meter().droppedSlow();
      reason =
          "too slow: "
              + Outbox.ENVELOPES_MAX
              + " envelopes or "
              + Outbox.BYTES_MAX
              + " bytes waited";
      wire.abort(reason);
      ended();
    }
  }

  /** Ends the connection behind a refusal that says why. */
  void refuse(RejectCode why, String detail) {
    if (isClosing.compareAndSet(false, true)) {
      reason = detail;
      outbox.close(List.of(door.rejection(Hash.ZERO, why, detail)));
      inbound.add(END);
    }
  }

  /** Ends the connection without a refusal. */
  void end(String why) {
    if (isClosing.compareAndSet(false, true)) {
      reason = why;
      outbox.close(List.of());
      inbound.add(END);
    }
  }

  // --- the reader

  /** Greets, then reads until the end. */
  void run() throws InterruptedException {
    boolean isOrderly = false;
    try {
      Optional<List<Envelope>> rest = greet();
      if (rest.isPresent() && isAdmitted()) {
        serveUntilTheEnd(rest.get());
      } else {
        wire.finish(reason);
      }
      isOrderly = true;
    } catch (StreamEnded endedMeanwhile) {
      isOrderly = true;
    } finally {
      isClosing.set(true);
      if (!isOrderly) {
        wire.abort(reason);
      }
    }
  }

  private boolean isAdmitted() throws InterruptedException, StreamEnded {
    Optional<String> refused = door.peers().admit(this);
    if (refused.isPresent()) {
      reason = refused.get();
      wire.send(door.rejection(Hash.ZERO, RejectCode.REJECT_CODE_BUSY, reason));
    }
    return refused.isEmpty();
  }

  private void serveUntilTheEnd(List<Envelope> first) throws InterruptedException {
    Thread sender = Thread.ofVirtual().name("sender").start(this::drain);
    try {
      serve(first);
    } finally {
      outbox.close(List.of());
      door.peers().leave(this);
    }
    sender.join();
  }

  /** The three Hellos; what came behind the last in the same frame, or empty if refused. */
  private Optional<List<Envelope>> greet() throws InterruptedException, StreamEnded {
    Greeting greeting = door.greeting();
    if (!isDialler && greeting.standing().isEmpty()) {
      wire.send(
          door.rejection(
              Hash.ZERO,
              RejectCode.REJECT_CODE_NOT_SYNCED,
              "this node does not know yet where the chain stands"));
      reason = "not synced";
      return Optional.empty();
    }
    Handshake handshake =
        isDialler
            ? Handshake.dialer(greeting, door.nonce(), wire.binding(), door.signatures(), expected)
            : Handshake.acceptor(greeting, door.nonce(), wire.binding(), door.signatures());
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Handshake.TIMEOUT_MILLIS);
    perform(handshake.start(door.now()));
    while (handshake.state() != Handshake.State.CLOSED) {
      byte[] frame = inbound.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (frame == END) {
        return Optional.empty();
      }
      if (frame == null) {
        perform(handshake.onTimer());
        continue;
      }
      List<Envelope> envelopes = hellos(frame);
      for (int i = 0; i < envelopes.size(); i++) {
        perform(handshake.onEnvelope(door.now(), envelopes.get(i)));
        if (handshake.state() == Handshake.State.READY) {
          wire.request(1);
          return Optional.of(envelopes.subList(i + 1, envelopes.size()));
        }
      }
      if (envelopes.isEmpty()) {
        return Optional.empty();
      }
      wire.request(1);
    }
    return Optional.empty();
  }

  /** Envelopes of a frame before the Hello is over; none if it was refused. */
  private List<Envelope> hellos(byte[] frame) throws StreamEnded {
    Opening<List<Envelope>> split =
        frame.length > HELLO_FRAME_MAX
            ? Opening.refused(
                RejectCode.REJECT_CODE_TOO_LARGE,
                "before the Hello is over a frame has at most " + HELLO_FRAME_MAX + " bytes")
            : Frames.split(frame);
    return switch (split) {
      case Opening.Good<List<Envelope>>(List<Envelope> envelopes) when !envelopes.isEmpty() ->
          envelopes;
      case Opening.Good<List<Envelope>> empty ->
          refused(RejectCode.REJECT_CODE_HANDSHAKE, "a Hello comes first");
      case Opening.Refused<List<Envelope>>(RejectCode why, String detail) -> refused(why, detail);
    };
  }

  private List<Envelope> refused(RejectCode why, String detail) throws StreamEnded {
    reason = detail;
    wire.send(door.rejection(Hash.ZERO, why, detail));
    failed(why, detail);
    return List.of();
  }

  private void perform(List<HandshakeStep> steps) throws StreamEnded {
    for (HandshakeStep step : steps) {
      switch (step) {
        case HandshakeStep.Send(Envelope message) -> wire.send(Frames.segment(message));
        case HandshakeStep.Ready(KnownPeer known) -> {
          peer = known;
          wire.trust(new ConnectedPeer(known.id(), known.role()));
        }
        case HandshakeStep.Closed(RejectCode why, String detail, boolean isByPeer) -> {
          reason = why + " " + detail;
          if (!isByPeer) {
            door.meter().rejected(why);
          }
          failed(why, detail);
        }
        case HandshakeStep.SetTimer timer -> {} // the reader waits no longer than that
        case HandshakeStep.CancelTimer over -> {}
      }
    }
  }

  private void failed(RejectCode why, String detail) {
    expected.ifPresent(node -> door.listener().failed(node, why, detail));
  }

  private void serve(List<Envelope> first) throws InterruptedException {
    boolean goesOn = accept(first);
    while (goesOn) {
      byte[] frame = inbound.take();
      goesOn =
          frame != END
              && switch (Frames.split(frame)) {
                case Opening.Good<List<Envelope>>(List<Envelope> envelopes) -> accept(envelopes);
                case Opening.Refused<List<Envelope>>(RejectCode why, String detail) ->
                    strike(Hash.ZERO, why, detail);
              };
      wire.request(1);
    }
  }

  private boolean accept(List<Envelope> arrived) throws InterruptedException {
    door.listener().giveWay(peer().id());
    List<Envelope> envelopes =
        door.listener().isBusy(peer().id()) ? withoutHopeless(arrived) : arrived;
    boolean isOfValidator = peer().role() == Role.ROLE_VALIDATOR;
    List<Opening<Opened>> openings =
        door.pool().open(door.chain(), door.sets().get(), envelopes, isOfValidator);
    for (int i = 0; i < envelopes.size(); i++) {
      Envelope envelope = envelopes.get(i);
      boolean goesOn =
          switch (openings.get(i)) {
            case Opening.Good<Opened>(Opened opened) -> handOn(opened);
            case Opening.Refused<Opened>(RejectCode why, String detail) ->
                isReject(envelope) // two doors would answer each other for ever
                    || strike(Envelopes.idOrZero(door.chain(), envelope), why, detail);
          };
      if (!goesOn) {
        return false;
      }
    }
    return true;
  }

  /** Requests are refused before their signatures cost anything: that is all that helps. */
  private List<Envelope> withoutHopeless(List<Envelope> envelopes) {
    List<Envelope> rest = new ArrayList<>();
    for (Envelope envelope : envelopes) {
      if (envelope.getType() != WireMessage.SUBMIT_FIELD_NUMBER || !refuseIfHopeless(envelope)) {
        rest.add(envelope);
      }
    }
    return rest;
  }

  private boolean refuseIfHopeless(Envelope envelope) {
    Envelope entry =
        Canonical.decode(Submit.parser(), envelope.getBody())
            .map(Submit::getEntry)
            .orElse(Envelope.getDefaultInstance());
    boolean isSized = entry.getSigner().size() == NodeId.SIZE;
    NodeId account = isSized ? NodeId.of(entry.getSigner()) : NOBODY;
    long busyMillis = door.listener().busyMillis(account);
    if (busyMillis > 0) {
      byte[] refusal =
          door.rejection(
              Envelopes.idOrZero(door.chain(), entry),
              RejectCode.REJECT_CODE_BUSY,
              "there are more requests here than blocks keep up with",
              busyMillis);
      overflowUnless(outbox.offerPatient(refusal));
    }
    return busyMillis > 0;
  }

  private boolean handOn(Opened opened) throws InterruptedException {
    pending.acquire();
    door.listener().message(peer().id(), opened, pending::release);
    return !isClosing.get();
  }

  private static boolean isReject(Envelope envelope) {
    return envelope.getType() == WireMessage.REJECT_FIELD_NUMBER;
  }

  /** Answers garbage with its reason; false if it was too much. */
  private boolean strike(Hash ref, RejectCode why, String detail) {
    if (strikes.strike(System.nanoTime())) {
      refuse(why, "too much that is wrong: " + detail);
      return false;
    }
    send(door.rejection(ref, why, detail));
    return true;
  }

  // --- the sender

  private void drain() {
    try {
      for (List<byte[]> frame = outbox.take(wire::isReady);
          !frame.isEmpty();
          frame = outbox.take(wire::isReady)) {
        wire.send(Frames.join(frame));
      }
      wire.finish(reason);
    } catch (StreamEnded meanwhile) {
      ended();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
