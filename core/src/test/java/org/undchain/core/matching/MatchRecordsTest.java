package org.undchain.core.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.MerkleList;
import org.undchain.core.crypto.Signer;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.MatchLeaf;
import org.undchain.core.message.OfferOrder;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.value.Hash;

@Tag("R6.8")
final class MatchRecordsTest {
  @Test
  void theRootOfABeatIsThatOfItsJobs() {
    MatchRecords records = new MatchRecords();
    MatchLeaf first = leaf(1);
    MatchLeaf second = leaf(2);
    boolean isAscending = Hash.of(first.getJobId()).compareTo(Hash.of(second.getJobId())) < 0;
    records.add(7, isAscending ? second : first);
    records.add(7, isAscending ? first : second);
    List<MatchLeaf> sorted = isAscending ? List.of(first, second) : List.of(second, first);
    assertThat(records.root(7))
        .contains(MerkleList.root(sorted.stream().map(Canonical::encode).toList()));
    assertThat(records.root(6)).isEmpty();
  }

  @Test
  void oldBeatsGiveWay() {
    MatchRecords records = new MatchRecords();
    for (int beat = 0; beat <= MatchRecords.BEATS_MAX; beat++) {
      records.add(beat, leaf(beat));
    }
    assertThat(records.root(0)).isEmpty();
    assertThat(records.root(1)).isPresent();
  }

  @Test
  void aMatchedJobIsCommittedToInTheBeatOfItsEnd() {
    MatchBench bench = new MatchBench();
    Signer partner = bench.partner("ann");
    OpenedEntry job = bench.want(1, 100);
    bench.say(partner, bench.bid(job.id()).build());
    bench.pass(300);
    bench.control(bench.client, job.id(), OfferOrder.OFFER_ORDER_STOP, 0);

    Hash bid = Envelopes.id(bench.ledger.chain.context(), bench.offers().getFirst().getBid());
    MatchLeaf expected =
        MatchLeaf.newBuilder()
            .setJobId(job.id().toByteString())
            .addNoticed(partner.id().toByteString())
            .addBids(bid.toByteString())
            .addForwarded(bid.toByteString())
            .build();
    long beat = bench.ledger.chain.calendar().beatOf(bench.ledger.slot);
    assertThat(bench.matcher.matchRoot(beat))
        .contains(MerkleList.root(List.of(Canonical.encode(expected))));
  }

  private static MatchLeaf leaf(int number) {
    return MatchLeaf.newBuilder()
        .setJobId(Hashes.sha256(Hashes.u32(number)).toByteString())
        .build();
  }
}
