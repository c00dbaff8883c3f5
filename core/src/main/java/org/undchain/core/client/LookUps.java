package org.undchain.core.client;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.undchain.core.agent.Mail;
import org.undchain.core.agent.Validators;
import org.undchain.core.machine.Effect;
import org.undchain.core.machine.TimerId;
import org.undchain.core.message.ContactRecord;
import org.undchain.core.message.Contacts;
import org.undchain.core.message.DirectoryReply;
import org.undchain.core.message.DirectoryRequest;
import org.undchain.core.message.Envelope;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.NodeId;

/**
 * Questions where partners can be reached. Each goes to all validators at hand; the newest records
 * of the first f + 1 answers count, so one that keeps a record back or shows an old one changes
 * nothing. An answer names its question: one that comes late is none to the next question.
 */
final class LookUps {
  /** Most questions at once; the oldest gives way. */
  static final int OPEN_MAX = 64;

  /** Most records of one answer that are looked at. */
  static final int RECORDS_MAX = 256;

  /** Rounds of {@link #ANSWER_MILLIS}; after the last, what came is told. */
  static final int ROUNDS_MAX = 4;

  private static final String TIMER = "client-lookup";
  private static final long ANSWER_MILLIS = 1500;

  private final Mail mail;
  private final Validators validators;
  private final TreeMap<Long, Question> open = new TreeMap<>();
  private long lastNumber;

  /** One question and the answers so far. */
  private static final class Question {
    final List<NodeId> partners;
    final Set<NodeId> answered = new TreeSet<>();
    final Map<NodeId, ContactRecord> newest = new TreeMap<>();
    int rounds;

    Question(List<NodeId> partners) {
      this.partners = partners;
    }
  }

  LookUps(Mail mail, Validators validators) {
    this.mail = mail;
    this.validators = validators;
  }

  static boolean isTimer(TimerId id) {
    return id.purpose().equals(TIMER);
  }

  void ask(BlockTime now, List<NodeId> partners, List<Effect> out) {
    if (open.size() >= OPEN_MAX) {
      open.pollFirstEntry();
    }
    long number = ++lastNumber;
    Question question = new Question(partners);
    open.put(number, question);
    send(now, number, question, out);
  }

  private void send(BlockTime now, long number, Question question, List<Effect> out) {
    question.rounds++;
    DirectoryRequest.Builder request = DirectoryRequest.newBuilder().setTag(number);
    question.partners.forEach(id -> request.addIds(id.toByteString()));
    List<NodeId> silent =
        validators.active().stream().filter(id -> !question.answered.contains(id)).toList();
    if (!silent.isEmpty()) {
      out.add(new Effect.Broadcast(silent, mail.plain(now, request.build())));
    }
    out.add(new Effect.SetTimer(TimerId.of(TIMER, number), now.plusMillis(ANSWER_MILLIS)));
  }

  Optional<ClientNotice> onTimer(BlockTime now, TimerId id, List<Effect> out) {
    Question question = open.get(id.first());
    if (question == null) {
      return Optional.empty();
    }
    if (question.rounds >= ROUNDS_MAX) {
      return Optional.of(done(id.first(), question, out));
    }
    send(now, id.first(), question, out);
    return Optional.empty();
  }

  /** A validator's answer, if its question is still open and it has not answered yet. */
  Optional<ClientNotice> onReply(NodeId validator, DirectoryReply reply, List<Effect> out) {
    Question question = open.get(reply.getTag());
    if (question == null || !question.answered.add(validator)) {
      return Optional.empty();
    }
    Map<NodeId, ContactRecord> records = records(reply);
    Collection<NodeId> meant = question.partners.isEmpty() ? records.keySet() : question.partners;
    meant.forEach(id -> keepNewest(question, id, records));
    return question.answered.size() > validators.sets().newest().faulty()
        ? Optional.of(done(reply.getTag(), question, out))
        : Optional.empty();
  }

  private Map<NodeId, ContactRecord> records(DirectoryReply reply) {
    Map<NodeId, ContactRecord> records = new TreeMap<>();
    int count = Math.min(RECORDS_MAX, reply.getRecordsCount());
    for (Envelope envelope : reply.getRecordsList().subList(0, count)) {
      Contacts.open(mail.chain().context(), mail.chain().signatures(), envelope)
          .good()
          .ifPresent(record -> records.put(NodeId.of(record.getId()), record));
    }
    return records;
  }

  private static void keepNewest(Question question, NodeId id, Map<NodeId, ContactRecord> records) {
    ContactRecord record = records.get(id);
    if (record != null) {
      question.newest.merge(
          id, record, (a, b) -> Long.compareUnsigned(a.getSerial(), b.getSerial()) >= 0 ? a : b);
    }
  }

  private ClientNotice done(long number, Question question, List<Effect> out) {
    open.remove(number);
    out.add(new Effect.CancelTimer(TimerId.of(TIMER, number)));
    return new ClientNotice.Contacts(question.partners, List.copyOf(question.newest.values()));
  }
}
