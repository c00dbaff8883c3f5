package org.undchain.core.session;

import java.util.Optional;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Ed25519Rule;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Close;
import org.undchain.core.message.Contract;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.EnvelopeKind;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Micro;
import org.undchain.core.message.WireMessage;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Grains;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** Reads the signed objects of a session (section 7) from bytes of outside; empty means refused. */
public final class SessionObjects {
  /** Longest a contract may be carried over payouts (R7.11). */
  public static final int PERIODS_MAX = 180;

  private static final int UNIT_MAX = 16;
  private static final int BODY_MAX = 1024;

  private SessionObjects() {}

  /** A contract with both identity signatures; {@code id} is that of the client's envelope. */
  public record SignedContract(Hash id, Contract body) {}

  /** A Micro or Close with the signatures it needs. */
  public record Receipt(
      Hash id,
      Hash contractId,
      long seq,
      long units,
      long amount,
      boolean isDual,
      Bytes workHash) {}

  public static Optional<SignedContract> contract(
      ChainContext chain, SignatureCheck check, Envelope client, Bytes partnerSig) {
    return contractOf(chain, check, client)
        .filter(contract ->
            Envelopes.isSignedBy(
                chain, check, client, NodeId.of(contract.body().getPartner()), partnerSig));
  }

  /** A contract with the client's signature alone. */
  public static Optional<SignedContract> contractOf(
      ChainContext chain, SignatureCheck check, Envelope client) {
    return body(chain, check, client, WireMessage.CONTRACT_FIELD_NUMBER)
        .flatMap(bytes -> Canonical.decode(Contract.parser(), bytes))
        .filter(
            contract -> isWellFormed(contract) && contract.getClient().equals(client.getSigner()))
        .map(contract -> new SignedContract(Envelopes.id(chain, client), contract));
  }

  /** A micro-receipt signed by the client's session key. */
  public static Optional<Receipt> micro(
      ChainContext chain, SignatureCheck check, Envelope envelope, NodeId clientSessionKey) {
    return body(chain, check, envelope, WireMessage.MICRO_FIELD_NUMBER)
        .filter(bytes -> envelope.getSigner().equals(clientSessionKey.toByteString()))
        .flatMap(bytes -> Canonical.decode(Micro.parser(), bytes))
        .filter(micro -> micro.getContractId().size() == Hash.SIZE && micro.getSeq() > 0)
        .filter(micro -> micro.getCumUnits() >= 0 && Grains.isAmount(micro.getCumAmount()))
        .filter(micro ->
            isHashOrEmpty(micro.getWorkHash().size()) && isHashOrEmpty(micro.getPrevHash().size()))
        .map(micro ->
            new Receipt(
                Envelopes.id(chain, envelope),
                Hash.of(micro.getContractId()),
                micro.getSeq(),
                micro.getCumUnits(),
                micro.getCumAmount(),
                false,
                Bytes.of(micro.getWorkHash())));
  }

  /** A close signed by both session keys. */
  public static Optional<Receipt> close(
      ChainContext chain,
      SignatureCheck check,
      Envelope envelope,
      Bytes partnerSig,
      NodeId clientSessionKey,
      NodeId partnerSessionKey) {
    return closeOf(chain, check, envelope, clientSessionKey)
        .filter(
            close -> Envelopes.isSignedBy(chain, check, envelope, partnerSessionKey, partnerSig))
        .map(close ->
            new Receipt(
                Envelopes.id(chain, envelope),
                Hash.of(close.getContractId()),
                close.getFinalSeq(),
                close.getUnits(),
                close.getAmount(),
                true,
                Bytes.of(close.getWorkHash())));
  }

  /** A close with the client's signature alone. */
  public static Optional<Close> closeOf(
      ChainContext chain, SignatureCheck check, Envelope envelope, NodeId clientSessionKey) {
    return body(chain, check, envelope, WireMessage.CLOSE_FIELD_NUMBER)
        .filter(bytes -> envelope.getSigner().equals(clientSessionKey.toByteString()))
        .flatMap(bytes -> Canonical.decode(Close.parser(), bytes))
        .filter(close -> close.getContractId().size() == Hash.SIZE && close.getFinalSeq() >= 0)
        .filter(close -> close.getUnits() >= 0 && Grains.isAmount(close.getAmount()))
        .filter(close -> isHashOrEmpty(close.getWorkHash().size()));
  }

  /** R7.9: whether a receipt replaces the one that counts so far. */
  public static boolean isBetter(
      Receipt receipt, boolean hasStored, long seq, long amount, boolean isDual) {
    if (!hasStored || receipt.seq() != seq) {
      return !hasStored || receipt.seq() > seq;
    }
    if (receipt.isDual() != isDual) {
      return receipt.isDual();
    }
    return isDual ? receipt.amount() < amount : receipt.amount() > amount;
  }

  private static Optional<Bytes> body(
      ChainContext chain, SignatureCheck check, Envelope envelope, int type) {
    boolean isRight =
        envelope.getKind() == EnvelopeKind.ENVELOPE_KIND_SESSION_VALUE
            && envelope.getType() == type
            && envelope.getPayPeriod() == 0
            && !envelope.hasBatch()
            && envelope.getSigner().size() == NodeId.SIZE
            && envelope.getBody().size() <= BODY_MAX
            && envelope.getChainTag().equals(chain.tag());
    if (!isRight) {
      return Optional.empty();
    }
    NodeId signer = NodeId.of(envelope.getSigner());
    return Envelopes.isSignedBy(chain, check, envelope, signer, Bytes.of(envelope.getSig()))
        ? Optional.of(Bytes.of(envelope.getBody()))
        : Optional.empty();
  }

  private static boolean isWellFormed(Contract contract) {
    return contract.getJobId().size() == Hash.SIZE
        && contract.getClient().size() == NodeId.SIZE
        && contract.getPartner().size() == NodeId.SIZE
        && !contract.getClient().equals(contract.getPartner())
        && isHashOrEmpty(contract.getBidHash().size())
        && contract.getUnit().length() <= UNIT_MAX
        && contract.getSeatNo() >= 0
        && Grains.isAmount(contract.getUnitPrice())
        && Grains.isAmount(contract.getMaxAmount())
        && contract.getCreditUnits() >= 0
        && contract.getEndSlot() >= 0
        && contract.getKeepUntilSlot() >= 0
        && contract.getMaxPeriods() >= 1
        && contract.getMaxPeriods() <= PERIODS_MAX
        && isKey(Bytes.of(contract.getClientSessionKey()))
        && isKey(Bytes.of(contract.getPartnerSessionKey()));
  }

  private static boolean isKey(Bytes key) {
    return key.size() == NodeId.SIZE && Ed25519Rule.isAllowedKey(new NodeId(key));
  }

  private static boolean isHashOrEmpty(int size) {
    return size == 0 || size == Hash.SIZE;
  }
}
