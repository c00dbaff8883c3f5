package org.undchain.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A small load of the real servers of each peer. */
class PeersBenchTest {
  @Tag("slow")
  @ParameterizedTest
  @EnumSource(Peer.class)
  void realServersCommitWhatAClientHandsIn(Peer peer, @TempDir Path place) throws Exception {
    PeersBench.Setting small = new PeersBench.Setting(List.of(peer), 1, 2, List.of(8));
    List<PeerRow> rows = PeersBench.run(small, place, System.err);
    assertThat(rows).hasSize(1);
    PeerRow row = rows.getFirst();
    assertThat(row.peer()).isEqualTo(peer);
    assertThat(row.committedPerSecond()).isPositive();
    assertThat(row.failed()).isZero();
    assertThat(row.micros().getMinValue()).as("three disks are forced").isGreaterThan(10);
    assertThat(row.json()).contains("\"peer\":\"" + peer.label() + "\"", "\"failed\":0");
    assertThat(place).as("data folders left behind").isEmptyDirectory();
  }

  @Test
  void onlyPeersThatThereAreHaveAName() {
    assertThat(Peer.of("ratis")).isEqualTo(Peer.RATIS);
    assertThatThrownBy(() -> Peer.of("paxos"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("zookeeper");
  }
}
