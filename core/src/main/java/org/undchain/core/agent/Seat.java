package org.undchain.core.agent;

import org.undchain.core.codec.Canonical;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Close;
import org.undchain.core.message.Contract;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.LogRecord;
import org.undchain.core.message.Micro;
import org.undchain.core.message.SessionRecord;
import org.undchain.core.session.SessionObjects;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * One seat as its client or partner remembers it: the newest record on disk and what it says. All
 * that is ever sent of a session stands in it, so after a restart the same bytes go out again.
 *
 * @param newest micro-receipt; the empty message before the first
 * @param newestId its id, zero before the first
 */
public record Seat(
    SessionRecord record, Hash contractId, Contract contract, Micro newest, Hash newestId) {

  /** Reads a record of the agent's own. */
  public static Seat of(ChainContext chain, SessionRecord record) {
    boolean hasMicro = record.hasNewestMicro();
    return new Seat(
        record,
        Hash.of(record.getContractId()),
        Canonical.decode(Contract.parser(), Bytes.of(record.getContract().getBody())).orElseThrow(),
        Canonical.decode(Micro.parser(), Bytes.of(record.getNewestMicro().getBody())).orElseThrow(),
        hasMicro ? Envelopes.id(chain, record.getNewestMicro()) : Hash.ZERO);
  }

  public Hash jobId() {
    return Hash.of(contract.getJobId());
  }

  public NodeId client() {
    return NodeId.of(contract.getClient());
  }

  public NodeId partner() {
    return NodeId.of(contract.getPartner());
  }

  public boolean hasMicro() {
    return record.hasNewestMicro();
  }

  /** Whether both signed the contract. */
  public boolean isAgreed() {
    return !record.getPartnerSig().isEmpty();
  }

  /** Whether the result of START is proven. */
  public boolean isStarted() {
    return record.getStartHeight() > 0;
  }

  /** Whether the client signed a close. */
  public boolean isClosing() {
    return record.hasClose();
  }

  /** Whether both signed the close. */
  public boolean isClosed() {
    return !record.getClosePartnerSig().isEmpty();
  }

  public boolean isCompleting() {
    return record.hasComplete();
  }

  /** Whether nothing more happens to it here. */
  public boolean isOver() {
    return record.getCompleted() || record.getFailed();
  }

  /** Units the contract can pay for. */
  public long unitsMax() {
    return contract.getMaxAmount() / Math.max(1, contract.getUnitPrice());
  }

  /** The close; the empty message if there is none. */
  public Close close() {
    return Canonical.decode(Close.parser(), Bytes.of(record.getClose().getBody())).orElseThrow();
  }

  /** What the seat pays as things stand: its close, else its newest micro-receipt. */
  public long amount() {
    return isClosed() ? close().getAmount() : newest.getCumAmount();
  }

  public LogRecord log() {
    return LogRecord.newBuilder().setSession(record).build();
  }

  /** Whether an envelope is this very contract, whoever signed it. */
  public boolean isSameContract(Envelope envelope) {
    return envelope.getBody().equals(record.getContract().getBody());
  }

  /** Whether a partner's signature makes the contract complete. */
  public boolean isAgreedBy(Mail mail, Bytes partnerSig) {
    return SessionObjects.contract(
            mail.chain().context(), mail.chain().signatures(), record.getContract(), partnerSig)
        .isPresent();
  }
}
