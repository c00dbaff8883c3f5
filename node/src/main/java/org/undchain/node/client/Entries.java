package org.undchain.node.client;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.undchain.core.client.ClientCommand;
import org.undchain.core.client.ClientNotice;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.EntryResult;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Brings single entries of a client into blocks and tells in people's words why one is refused. */
public final class Entries {
  /** How often another nonce is tried when another process of the same key took it. */
  private static final int NONCES_MAX = 8;

  private final ClientNode node;

  public Entries(ClientNode node) {
    this.node = node;
  }

  /** An entry that enough validators promised for a slot and block. */
  public record Promise(
      Envelope entry, Hash entryId, long slot, long height, List<NodeId> stampers) {}

  /** An entry that is in a block. */
  public record InBlock(long height, long slot) {}

  /** The slots an entry made now is valid for. */
  public record Window(long from, long to) {}

  /** A window that begins now and is as long as the rules allow. */
  public Window window() {
    long slot = node.slot();
    return new Window(slot, slot + node.chain().rules().validitySlots() - 1);
  }

  /**
   * Makes an entry with a free nonce and hands it in; again with the next one if that is taken.
   *
   * @param body from nonce and window
   */
  public Promise submit(BiFunction<Long, Window, Message> body)
      throws ClientException, InterruptedException {
    return submit(body, false, entry -> {});
  }

  /**
   * @param wantOffers for a REQUEST
   * @param before is done with the signed entry before it leaves
   */
  public Promise submit(
      BiFunction<Long, Window, Message> body, boolean wantOffers, Consumer<Envelope> before)
      throws ClientException, InterruptedException {
    AccountLeaf account = node.account();
    for (int i = 0; i < NONCES_MAX; i++) {
      Window window = window();
      long nonce = node.nonces().take(account, window.from(), window.to());
      Envelope entry = node.sealed(body.apply(nonce, window));
      before.accept(entry);
      Optional<Promise> promise = promised(entry, wantOffers);
      if (promise.isPresent()) {
        return promise.get();
      }
    }
    throw new ClientException(
        ClientException.Kind.REFUSED,
        "NONCE_USED",
        "another process uses up the numbers of this key",
        NONCES_MAX + " in a row were taken",
        "try again when it is done");
  }

  /** Hands an entry in; empty if its nonce is taken. The same entry may be handed in again. */
  public Optional<Promise> promised(Envelope entry, boolean wantOffers)
      throws ClientException, InterruptedException {
    Hash id = node.idOf(entry);
    int from = node.told();
    node.command(new ClientCommand.SubmitEntry(entry, wantOffers));
    ClientNotice answer =
        node.await(from, patience(), notice -> about(id, notice)).orElseThrow(Entries::silent);
    return switch (answer) {
      case ClientNotice.Promised(Hash of, long slot, long height, List<NodeId> stampers) ->
          Optional.of(new Promise(entry, id, slot, height, stampers));
      case ClientNotice.Committed told -> {
        check(told.result());
        yield Optional.of(new Promise(entry, id, told.slot(), told.height(), told.stampers()));
      }
      case ClientNotice.Refused(Hash of, RejectCode code, String detail) -> {
        if (code == RejectCode.REJECT_CODE_NONCE_USED) {
          yield Optional.empty();
        }
        throw refused(code, detail);
      }
      default -> throw expired();
    };
  }

  /** Waits until the block with the entry is proven, and its result is good. */
  public InBlock committed(Promise promise) throws ClientException, InterruptedException {
    ClientNotice answer =
        node.await(
                0,
                patience(),
                notice ->
                    notice instanceof ClientNotice.Promised
                        ? Optional.empty()
                        : about(promise.entryId(), notice))
            .orElseThrow(Entries::silent);
    return switch (answer) {
      case ClientNotice.Committed told -> {
        check(told.result());
        yield new InBlock(told.height(), told.slot());
      }
      case ClientNotice.Refused(Hash of, RejectCode code, String detail) ->
          throw refused(code, detail);
      default -> throw expired();
    };
  }

  private static Optional<ClientNotice> about(Hash id, ClientNotice notice) {
    Hash about =
        switch (notice) {
          case ClientNotice.Promised told -> told.entryId();
          case ClientNotice.Committed told -> told.entryId();
          case ClientNotice.Refused told -> told.entryId();
          case ClientNotice.Expired told -> told.entryId();
          default -> Hash.ZERO;
        };
    return about.equals(id) ? Optional.of(notice) : Optional.empty();
  }

  /** A whole window and what the last block of it takes. */
  private Duration patience() {
    long slots = node.chain().rules().validitySlots() + 4L;
    return Duration.ofMillis(slots * node.chain().rules().slotMillis()).plus(ClientNode.ANSWER);
  }

  private static void check(EntryResult result) throws ClientException {
    if (result == EntryResult.ENTRY_RESULT_OK) {
      return;
    }
    ClientException.Kind kind =
        result == EntryResult.ENTRY_RESULT_NO_FUNDS || result == EntryResult.ENTRY_RESULT_NO_ACCOUNT
            ? ClientException.Kind.NO_FUNDS
            : ClientException.Kind.REFUSED;
    String reason = result.name().replace("ENTRY_RESULT_", "");
    throw new ClientException(
        kind,
        reason,
        "the entry is in a block but without effect: " + reason,
        "when the block was made the account or name was no longer as it was",
        kind == ClientException.Kind.NO_FUNDS ? "undchain balance" : "try again");
  }

  static ClientException refused(RejectCode code, String detail) {
    String reason = code.name().replace("REJECT_CODE_", "");
    boolean isMoney =
        code == RejectCode.REJECT_CODE_NO_FUNDS || code == RejectCode.REJECT_CODE_NO_ACCOUNT;
    return new ClientException(
        isMoney ? ClientException.Kind.NO_FUNDS : ClientException.Kind.REFUSED,
        reason,
        "the validators refuse the entry: " + reason,
        detail,
        isMoney ? "undchain balance" : "undchain rules explain " + reason);
  }

  private static ClientException silent() {
    return new ClientException(
        ClientException.Kind.UNREACHABLE,
        "NO_ANSWER",
        "the validators do not answer",
        "no promise came in time",
        "undchain status",
        "the same command again");
  }

  private static ClientException expired() {
    return new ClientException(
        ClientException.Kind.UNREACHABLE,
        "EXPIRED",
        "the entry is in no block and its time is over",
        "too few validators got it in time",
        "undchain status",
        "the same command again");
  }
}
