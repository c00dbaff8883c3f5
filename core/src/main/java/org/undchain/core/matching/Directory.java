package org.undchain.core.matching;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.undchain.core.machine.Load;
import org.undchain.core.message.ContactRecord;
import org.undchain.core.message.DirectoryReply;
import org.undchain.core.message.DirectoryRequest;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.Genesis;
import org.undchain.core.message.GenesisValidator;
import org.undchain.core.message.SetCert;
import org.undchain.core.value.NodeId;

/**
 * Where the partners can be reached, in their own signed words: the newest record of each, also
 * after it left, since others may hold work with it.
 */
final class Directory {
  /** Most records kept; those not renewed for the longest time give way. */
  static final int RECORDS_MAX = 8192;

  /** Most ids of one question. */
  static final int ASKED_MAX = 64;

  /** Most records of an answer to a question for all. */
  static final int ANSWERED_MAX = 256;

  private record Kept(Envelope envelope, ContactRecord record) {}

  private final List<ContactRecord> validators;
  private final LinkedHashMap<NodeId, Kept> records = new LinkedHashMap<>();

  Directory(Genesis genesis) {
    validators = genesis.getValidatorsList().stream().map(Directory::contact).toList();
  }

  private static ContactRecord contact(GenesisValidator validator) {
    return ContactRecord.newBuilder()
        .setId(validator.getId())
        .addAllRoutes(validator.getRoutesList())
        .build();
  }

  Load load() {
    return new Load("contact records", records.size(), RECORDS_MAX);
  }

  /** Keeps an opened record unless a newer one is there: the highest serial wins. */
  void put(NodeId partner, Envelope envelope, ContactRecord record) {
    Kept before = records.get(partner);
    if (before != null
        && Long.compareUnsigned(before.record().getSerial(), record.getSerial()) > 0) {
      return;
    }
    records.putLast(partner, new Kept(envelope, record));
    if (records.size() > RECORDS_MAX) {
      records.pollFirstEntry();
    }
  }

  /** The newest record of a partner; only its id where none is kept any more. */
  ContactRecord of(NodeId partner) {
    Kept kept = records.get(partner);
    return kept == null
        ? ContactRecord.newBuilder().setId(partner.toByteString()).build()
        : kept.record();
  }

  /** Whether a question has the form this directory answers. */
  static boolean isWellFormed(DirectoryRequest request) {
    return request.getIdsCount() <= ASKED_MAX
        && request.getIdsList().stream().allMatch(id -> id.size() == NodeId.SIZE);
  }

  /** The named partners' records, or those renewed last when nobody is named. */
  DirectoryReply answer(DirectoryRequest request, SetCert set) {
    return DirectoryReply.newBuilder()
        .addAllRecords(request.getIdsCount() == 0 ? newest() : named(request.getIdsList()))
        .setSetCert(set)
        .addAllValidators(validators)
        .setTag(request.getTag())
        .build();
  }

  private List<Envelope> newest() {
    return records.sequencedValues().reversed().stream()
        .limit(ANSWERED_MAX)
        .map(Kept::envelope)
        .toList();
  }

  private List<Envelope> named(List<ByteString> ids) {
    List<Envelope> found = new ArrayList<>();
    ids.stream()
        .distinct()
        .forEach(id ->
            Optional.ofNullable(records.get(NodeId.of(id)))
                .ifPresent(kept -> found.add(kept.envelope())));
    return found;
  }
}
