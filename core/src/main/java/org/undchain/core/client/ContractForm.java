package org.undchain.core.client;

import org.undchain.core.agent.Mail;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.machine.Verdict;
import org.undchain.core.message.Bid;
import org.undchain.core.message.Contract;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Opened;
import org.undchain.core.message.RejectCode;
import org.undchain.core.session.SeatTerms;
import org.undchain.core.session.SessionKeys;
import org.undchain.core.session.SessionObjects;

/** The contract a client offers for a seat: a function of the command, so it is the same again. */
final class ContractForm {
  private ContractForm() {}

  /** The contract with the client's signature. */
  static Envelope sealed(Mail mail, SessionKeys keys, ClientCommand.OpenSeat command, Opened bid) {
    SeatTerms terms = command.terms();
    Signer session = keys.signer(command.sessionSeed());
    Contract contract =
        Contract.newBuilder()
            .setJobId(command.jobId().toByteString())
            .setSeatNo(command.seatNo())
            .setClient(mail.self().toByteString())
            .setPartner(bid.signer().toByteString())
            .setBidHash(bid.id().toByteString())
            .setUnit(terms.unit())
            .setUnitPrice(terms.unitPrice())
            .setMaxAmount(terms.maxAmount())
            .setCreditUnits(terms.creditUnits())
            .setEndSlot(terms.endSlot())
            .setMaxPeriods(terms.maxPeriods())
            .setClientSessionKey(session.id().toByteString())
            .setPartnerSessionKey(bid.body().getBid().getEphemeralKey())
            .setKeepUntilSlot(terms.keepUntilSlot())
            .build();
    return Envelopes.sealSession(mail.chain().context(), mail.identity(), contract);
  }

  /** Whether the terms make a contract that fits the bid. */
  static Verdict check(Chain chain, SeatTerms terms, Bid bid, Envelope contract) {
    boolean isWellFormed =
        SessionObjects.contractOf(chain.context(), chain.signatures(), contract).isPresent();
    if (!isWellFormed || terms.unitPrice() < 1) {
      return Verdict.reject(RejectCode.REJECT_CODE_BAD_FIELD, "the terms make no contract");
    }
    return terms.unitPrice() == bid.getUnitPrice()
        ? Verdict.ACCEPT
        : Verdict.reject(
            RejectCode.REJECT_CODE_BAD_AMOUNT, "the bid's price is " + bid.getUnitPrice());
  }
}
