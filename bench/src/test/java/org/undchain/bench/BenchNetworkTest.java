package org.undchain.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.value.Bytes;

/** What a benchmark does to its network happens to real nodes. */
@Tag("slow")
class BenchNetworkTest {
  private static final int VALIDATORS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final CommitWatch watch = new CommitWatch(VALIDATORS);

  @Test
  void aValidatorThatIsKilledIsGoneAndTheOthersGoOn(@TempDir Path folder) throws Exception {
    try (watch;
        BenchNetwork network = BenchNetwork.start(VALIDATORS, folder.resolve("net"), watch);
        LoadClient client =
            new LoadClient(
                network,
                network.clients().signer(Hashes.tagged("client", Bytes.EMPTY).bytes()),
                new Tally(),
                1)) {
      watch.begin(network, List.of(client));
      awaitThat(client::isConnected);
      awaitThat(() -> watch.read().blocks() > 0);
      network.kill(1);
      awaitThat(() -> client.connections() == VALIDATORS - 1);
      watch.read();
      awaitThat(() -> watch.read().blocks() > 0);
      assertThat(client.connections()).isEqualTo(VALIDATORS - 1);
    }
  }

  private static void awaitThat(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it does not come true").isLessThan(end);
      Thread.sleep(20);
    }
  }
}
