package org.undchain.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A small load of the real servers of each peer. */
class PeersBenchTest {
  @Tag("slow")
  @ParameterizedTest
  @EnumSource(Peer.class)
  void realServersCommitWhatAClientHandsIn(Peer peer) throws Exception {
    long folders = folders();
    PeersBench.Setting small = new PeersBench.Setting(List.of(peer), 1, 2, List.of(8));
    List<PeerRow> rows = PeersBench.run(small, System.err);
    assertThat(rows).hasSize(1);
    PeerRow row = rows.getFirst();
    assertThat(row.peer()).isEqualTo(peer);
    assertThat(row.committedPerSecond()).isPositive();
    assertThat(row.failed()).isZero();
    assertThat(row.micros().getMinValue()).as("three disks are forced").isGreaterThan(10);
    assertThat(row.json()).contains("\"peer\":\"" + peer.label() + "\"", "\"failed\":0");
    assertThat(folders()).as("data folders left behind").isEqualTo(folders);
  }

  @Test
  void onlyPeersThatThereAreHaveAName() {
    assertThat(Peer.of("ratis")).isEqualTo(Peer.RATIS);
    assertThatThrownBy(() -> Peer.of("paxos"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("zookeeper");
  }

  private static long folders() throws Exception {
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(path -> path.getFileName().toString().startsWith("undchain-peers-"))
          .count();
    }
  }
}
