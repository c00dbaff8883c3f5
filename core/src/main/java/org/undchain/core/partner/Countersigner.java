package org.undchain.core.partner;

import com.google.protobuf.Message;
import java.util.List;
import org.undchain.core.agent.Mail;
import org.undchain.core.agent.Seat;
import org.undchain.core.crypto.Signer;
import org.undchain.core.machine.Effect;
import org.undchain.core.message.Close;
import org.undchain.core.message.Contract;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;

/**
 * Signs what a client signed before: contracts by the identity key, closes by the session key. A
 * signature is a function of key and body, so what is sent again is always the same bytes.
 */
final class Countersigner {
  private final Mail mail;
  private final PartnerKeys keys;

  Countersigner(Mail mail, PartnerKeys keys) {
    this.mail = mail;
    this.keys = keys;
  }

  Envelope contract(Contract body) {
    return sealed(keys.identity(), body);
  }

  Envelope close(Seat seat, Close body) {
    Bytes seed = Bytes.of(seat.record().getSessionSeed());
    return sealed(keys.sessions().signer(seed), body);
  }

  private Envelope sealed(Signer signer, Message body) {
    return Envelopes.sealSession(mail.chain().context(), signer, body);
  }

  /** Everything of this partner that the client may have missed; all of it is on disk. */
  void repeat(BlockTime now, OwnSeat own, List<Effect> out) {
    Seat seat = own.seat();
    own.hear(now);
    if (seat.record().getFailed()) {
      mail.reject(
          now,
          seat.client(),
          seat.contractId(),
          RejectCode.REJECT_CODE_WRONG_STATE,
          "nothing comes of this seat",
          out);
      return;
    }
    out.add(new Effect.Send(seat.client(), contract(seat.contract())));
    mail.show(now, seat.client(), seat.record().getStart(), out);
    if (seat.isClosed()) {
      repeatClose(now, own, out);
    }
  }

  void repeatClose(BlockTime now, OwnSeat own, List<Effect> out) {
    Seat seat = own.seat();
    out.add(new Effect.Send(seat.client(), close(seat, seat.close())));
    mail.show(now, seat.client(), seat.record().getComplete(), out);
  }
}
