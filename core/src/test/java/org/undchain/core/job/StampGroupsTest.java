package org.undchain.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.undchain.core.agent.Members;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.job.LaneHeaders.OpenedStamp;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.LedgerFixture;
import org.undchain.core.message.LaneBatch;
import org.undchain.core.message.StampGroup;
import org.undchain.core.message.StampedLeaf;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;

/** Many stamps in one message: what was stamped comes out again, and nothing else. */
@Tag("R4.12a")
class StampGroupsTest {
  private static final int IDS = 21;
  private static final long SLOT = 3;

  private final Chain chain = new LedgerFixture().chain;
  private final Members members = new Members(chain);

  @Test
  void eachHeaderIsSaidOnceWhateverStampsAreShown() {
    List<OpenedStamp> shown = new ArrayList<>();
    List<OpenedStamp> first = stamps(0);
    List<OpenedStamp> second = stamps(1);
    for (int i : List.of(4, 20, 0, 5, 13)) {
      shown.add(first.get(i));
      shown.add(second.get(i));
    }

    List<StampGroup> groups = StampGroups.of(shown);

    assertThat(groups).hasSize(2);
    for (StampGroup group : groups) {
      assertThat(group.getLeavesList())
          .extracting(StampedLeaf::getIndex)
          .containsExactly(0, 4, 5, 13, 20);
      List<OpenedStamp> opened = open(group).orElseThrow();
      List<OpenedStamp> made =
          group.getHeader().equals(first.getFirst().header().envelope()) ? first : second;
      for (OpenedStamp stamp : opened) {
        assertThat(stamp.stamp()).isEqualTo(made.get(stamp.index()).stamp());
        assertThat(stamp.entryId()).isEqualTo(made.get(stamp.index()).entryId());
        assertThat(LaneHeaders.openStamp(chain, members.set(), stamp.stamp(), stamp.entryId()))
            .isPresent();
      }
      assertThat(StampGroups.of(opened)).containsExactly(group);
    }
  }

  @Test
  void aWholeBatchNeedsNoHashesAndOneStampNeedsItsPath() {
    List<OpenedStamp> all = stamps(0);

    assertThat(StampGroups.of(all).getFirst().getHashesList()).isEmpty();
    assertThat(StampGroups.of(all.subList(7, 8)).getFirst().getHashesList())
        .containsExactlyElementsOf(all.get(7).path().stream().map(Hash::toByteString).toList());
  }

  @Test
  void aGroupIsGoodAsAWholeOrNotAtAll() {
    StampGroup good = StampGroups.of(stamps(0).subList(3, 9)).getFirst();
    assertThat(open(good)).isPresent();

    assertRefused(good.toBuilder().clearLeaves());
    assertRefused(good.toBuilder().setLeaves(1, good.getLeaves(0)));
    assertRefused(good.toBuilder().setLeaves(0, good.getLeaves(1)).setLeaves(1, good.getLeaves(0)));
    assertRefused(good.toBuilder().setLeaves(5, good.getLeaves(5).toBuilder().setIndex(IDS)));
    assertRefused(good.toBuilder().setLeaves(5, good.getLeaves(5).toBuilder().setIndex(-1)));
    assertRefused(good.toBuilder().setLeaves(2, good.getLeaves(2).toBuilder().setFirstHand(true)));
    assertRefused(
        good.toBuilder()
            .setLeaves(
                2, good.getLeaves(2).toBuilder().setId(Hashes.tagged("other").toByteString())));
    assertRefused(
        good.toBuilder().setLeaves(2, good.getLeaves(2).toBuilder().setId(ByteString.EMPTY)));
    assertRefused(good.toBuilder().addHashes(Hash.ZERO.toByteString()));
    assertRefused(good.toBuilder().setHashes(0, ByteString.EMPTY));
    assertRefused(good.toBuilder().clearHashes());
    assertRefused(good.toBuilder().setHeader(stamps(1).getFirst().header().envelope()));
    assertRefused(
        good.toBuilder()
            .setHeader(good.getHeader().toBuilder().setSig(ByteString.copyFrom(new byte[64]))));
  }

  private void assertRefused(StampGroup.Builder group) {
    assertThat(open(group.build())).isEmpty();
  }

  private Optional<List<OpenedStamp>> open(StampGroup group) {
    StampGroup read = Canonical.decode(StampGroup.parser(), Canonical.encode(group)).orElseThrow();
    return StampGroups.open(chain, members.set(), read);
  }

  /** The stamps of a batch of a member, echoes all of them. */
  private List<OpenedStamp> stamps(int member) {
    OwnLane lane = new OwnLane(chain, members.id(member), SLOT);
    List<Hash> ids = new ArrayList<>();
    for (int i = 0; i < IDS; i++) {
      ids.add(Hashes.tagged("stamped", Bytes.wrap(Hashes.u32(100 * member + i))));
      lane.add(ids.get(i), i == 0, 100);
    }
    LaneBatch batch = lane.flush(LedgerFixture.signer("consensus" + member), true, false).build();
    lane.sent(batch, OwnLanes.headerOf(batch));
    return ids.stream().map(id -> lane.stamp(id).orElseThrow()).toList();
  }
}
