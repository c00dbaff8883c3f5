package org.undchain.core.ledger;

import java.util.OptionalLong;
import org.undchain.core.message.Entry;

/** The fields that entry types have in common: validity window, nonce. */
public final class Windows {
  private Windows() {}

  /** First and last slot of an entry, inclusive. */
  public record Window(long from, long to) {}

  public static Window of(Entry body) {
    return switch (body.getEntryCase()) {
      case REQUEST -> new Window(body.getRequest().getValidFrom(), body.getRequest().getValidTo());
      case CANCEL -> new Window(body.getCancel().getValidFrom(), body.getCancel().getValidTo());
      case START -> new Window(body.getStart().getValidFrom(), body.getStart().getValidTo());
      case COMPLETE ->
          new Window(body.getComplete().getValidFrom(), body.getComplete().getValidTo());
      case TRANSFER ->
          new Window(body.getTransfer().getValidFrom(), body.getTransfer().getValidTo());
      case ALIAS -> new Window(body.getAlias().getValidFrom(), body.getAlias().getValidTo());
      case BEAT -> new Window(body.getBeat().getValidFrom(), body.getBeat().getValidTo());
      case EVIDENCE ->
          new Window(body.getEvidence().getValidFrom(), body.getEvidence().getValidTo());
      case ENTRY_NOT_SET -> throw new IllegalStateException("opened without a body");
    };
  }

  /** The nonce, for the types whose sender pays from an account. */
  public static OptionalLong nonce(Entry body) {
    return switch (body.getEntryCase()) {
      case REQUEST -> OptionalLong.of(body.getRequest().getNonce());
      case CANCEL -> OptionalLong.of(body.getCancel().getNonce());
      case TRANSFER -> OptionalLong.of(body.getTransfer().getNonce());
      case ALIAS -> OptionalLong.of(body.getAlias().getNonce());
      case START, COMPLETE, BEAT, EVIDENCE -> OptionalLong.empty();
      case ENTRY_NOT_SET -> throw new IllegalStateException("opened without a body");
    };
  }
}
