package org.undchain.core.ledger;

import java.io.ByteArrayOutputStream;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.evidence.Evidences;
import org.undchain.core.message.Complete;
import org.undchain.core.message.CompletionKind;
import org.undchain.core.message.Contract;
import org.undchain.core.message.Entry;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.value.Bytes;

/**
 * What an entry uses up (R4.14e): (account, nonce), or for the types without a nonce the thing they
 * may do once. Two entries with one use key can stand in a file; only the one with the lowest id
 * executes.
 */
public record UseKey(Bytes bytes) implements Comparable<UseKey> {

  public static UseKey of(OpenedEntry entry) {
    Entry body = entry.body();
    int type = entry.envelope().getType();
    return switch (body.getEntryCase()) {
      case REQUEST -> nonce(entry, body.getRequest().getNonce());
      case CANCEL -> nonce(entry, body.getCancel().getNonce());
      case TRANSFER -> nonce(entry, body.getTransfer().getNonce());
      case ALIAS -> nonce(entry, body.getAlias().getNonce());
      case START ->
          Canonical.decode(
                  Contract.parser(), Bytes.of(body.getStart().getClientContract().getBody()))
              .map(contract ->
                  key(type, Bytes.of(contract.getJobId()), number(contract.getSeatNo())))
              .orElseGet(() -> key(type, entry.id().bytes()));
      case COMPLETE -> complete(type, body.getComplete());
      case BEAT -> key(type, entry.signer().bytes(), number(body.getBeat().getBeat()));
      case EVIDENCE -> key(type, Evidences.keyOf(body.getEvidence()));
      case ENTRY_NOT_SET -> throw new IllegalStateException("opened without a body");
    };
  }

  private static UseKey complete(int type, Complete complete) {
    boolean isInterim = complete.getKind() == CompletionKind.COMPLETION_KIND_INTERIM;
    long which = isInterim ? complete.getPeriod() : complete.getAttempt();
    return key(
        type,
        Bytes.of(complete.getContractId()),
        number(isInterim ? 0 : complete.getParty()),
        number(which));
  }

  private static UseKey nonce(OpenedEntry entry, long nonce) {
    return key(0, entry.signer().bytes(), number(nonce));
  }

  private static Bytes number(long value) {
    return Bytes.wrap(Hashes.u64(value));
  }

  private static UseKey key(int type, Bytes... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(type);
    for (Bytes part : parts) {
      out.writeBytes(part.unsafeArray());
    }
    return new UseKey(Bytes.wrap(out.toByteArray()));
  }

  @Override
  public int compareTo(UseKey other) {
    return bytes.compareTo(other.bytes);
  }
}
