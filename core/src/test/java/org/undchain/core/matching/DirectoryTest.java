package org.undchain.core.matching;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.LedgerFixture;
import org.undchain.core.message.ContactRecord;
import org.undchain.core.message.DirectoryReply;
import org.undchain.core.message.DirectoryRequest;
import org.undchain.core.message.Envelope;
import org.undchain.core.message.RejectCode;
import org.undchain.core.value.NodeId;

@Tag("R2.1")
final class DirectoryTest {
  private final MatchBench bench = new MatchBench();

  @Test
  void theNewestRecordOfANamedPartnerComesBackInItsOwnSignedWords() {
    Signer ann = bench.partner("ann");
    Signer bob = bench.partner("bob");
    bench.say(ann, bench.subscribe(ann, 3));
    bench.say(ann, bench.subscribe(ann, 2));

    DirectoryReply reply = ask(ann.id().toByteString(), ann.id().toByteString());

    assertThat(reply.getRecordsList()).containsExactly(bench.contact(ann, 3));
    assertThat(reply.getSetCert()).isEqualTo(bench.set.cert());
    assertThat(reply.getValidatorsList()).hasSize(4);
    assertThat(ask().getRecordsList())
        .containsExactlyInAnyOrder(bench.contact(ann, 3), bench.contact(bob, 1));
  }

  @Test
  void nobodyIsFoundUnderAnUnknownId() {
    assertThat(ask(bench.client.id().toByteString()).getRecordsList()).isEmpty();
  }

  @Test
  void aQuestionForTooManyOrOddIdsIsRefused() {
    DirectoryRequest.Builder many = DirectoryRequest.newBuilder();
    for (int i = 0; i <= Directory.ASKED_MAX; i++) {
      many.addIds(LedgerFixture.signer("x" + i).id().toByteString());
    }
    bench.say(bench.client, many.build());
    bench.say(bench.client, DirectoryRequest.newBuilder().addIds(ByteString.EMPTY).build());
    assertThat(bench.rejects(bench.client))
        .containsExactly(RejectCode.REJECT_CODE_BAD_FIELD, RejectCode.REJECT_CODE_BAD_FIELD);
  }

  @Test
  void theOldestRecordsGiveWay() {
    Directory directory = new Directory(bench.ledger.chain.genesis());
    Envelope contact = bench.contact(LedgerFixture.signer("ann"), 1);
    for (int i = 0; i <= Directory.RECORDS_MAX; i++) {
      NodeId partner = new NodeId(Hashes.sha256(Hashes.u32(i)).bytes());
      directory.put(partner, contact, ContactRecord.getDefaultInstance());
    }
    DirectoryRequest first =
        DirectoryRequest.newBuilder().addIds(Hashes.sha256(Hashes.u32(0)).toByteString()).build();
    assertThat(directory.answer(first, bench.set.cert()).getRecordsList()).isEmpty();
    assertThat(
            directory
                .answer(DirectoryRequest.getDefaultInstance(), bench.set.cert())
                .getRecordsList())
        .hasSize(Directory.ANSWERED_MAX);
  }

  private DirectoryReply ask(ByteString... ids) {
    int before = bench.sent.size();
    bench.say(bench.client, DirectoryRequest.newBuilder().addAllIds(List.of(ids)).build());
    return bench.sent.get(before).body().getDirectoryReply();
  }
}
