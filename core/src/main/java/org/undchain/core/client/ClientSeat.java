package org.undchain.core.client;

import java.util.List;
import org.undchain.core.agent.Mail;
import org.undchain.core.agent.Seat;
import org.undchain.core.machine.Effect;
import org.undchain.core.message.SessionRecord;

/** One seat of this client: what is on disk of it, and what is known while the agent runs. */
final class ClientSeat {
  private final Mail mail;

  /** Names the timer of this seat; counted anew at every start. */
  final long number;

  private Seat seat;
  private int waits;

  ClientSeat(Mail mail, long number, SessionRecord record) {
    this.mail = mail;
    this.number = number;
    this.seat = Seat.of(mail.chain().context(), record);
  }

  Seat seat() {
    return seat;
  }

  SessionRecord.Builder record() {
    return seat.record().toBuilder();
  }

  /** The new record is on disk before anything that follows leaves (I20). */
  void save(SessionRecord.Builder record, List<Effect> out) {
    seat = Seat.of(mail.chain().context(), record.build());
    waits = 0;
    out.add(new Effect.Persist(seat.log()));
  }

  /** Whether receipts may be signed. */
  boolean isRunning() {
    return seat.isStarted() && !seat.isOver() && !seat.isClosing() && !seat.isCompleting();
  }

  /** Counts how often the partner was asked for the step that comes next. */
  int countWait() {
    return ++waits;
  }
}
