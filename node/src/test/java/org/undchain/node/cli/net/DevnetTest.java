package org.undchain.node.cli.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.value.BlockTime;
import org.undchain.node.cli.read.LocalApi;
import org.undchain.node.config.ClockFile;
import org.undchain.node.config.ConfigException;
import org.undchain.node.config.SocketPath;
import org.undchain.node.devnet.DevnetDocument.Mode;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetPlan;
import org.undchain.node.devnet.DevnetRun;
import org.undchain.node.devnet.DevnetShape;
import org.undchain.node.devnet.Founding;

@Tag("slow")
final class DevnetTest {
  private static final DevnetShape SMALL = new DevnetShape(4, 1, 1, 3, 1000, 48, 7);
  private static final long READY_MILLIS = 120_000;

  private final List<String> warnings = new CopyOnWriteArrayList<>();

  @Test
  void aNetworkAgreesStopsAndGoesOnWhereItStopped(@TempDir Path temporary) throws Exception {
    // deep, so that the sockets need their short paths
    DevnetFolder folder = new DevnetFolder(temporary.resolve("deep/".repeat(20) + "net"));
    DevnetPlan plan = Founding.make(folder, SMALL, new BlockTime(System.currentTimeMillis()));
    long before;
    try (DevnetRun run = DevnetRun.begin(folder, plan, Mode.ONE_PROCESS, warnings::add)) {
      assertThat(run.isNew()).isTrue();
      new Readiness(folder, plan, true).await(READY_MILLIS);
      refusedWith(
          1410, () -> DevnetRun.begin(folder, plan, Mode.ONE_PROCESS, warnings::add).close());
      before = status(folder, "slot");
    }
    assertThat(ClockFile.read(folder.clockFile())).isInstanceOf(ClockFile.Stopped.class);
    try (DevnetRun run = DevnetRun.begin(folder, plan, Mode.ONE_PROCESS, warnings::add)) {
      assertThat(run.isNew()).isFalse();
      new Readiness(folder, plan, false).await(READY_MILLIS);
      assertThat(status(folder, "slot")).isGreaterThan(before);
      assertThat(status(folder, "height")).isGreaterThan(1);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void aPortThatSomebodyElseHasIsNamedWithItsNode(@TempDir Path temporary) throws Exception {
    DevnetFolder folder = new DevnetFolder(temporary.resolve("net"));
    DevnetPlan plan = Founding.make(folder, SMALL, new BlockTime(System.currentTimeMillis()));
    int port = plan.nodes().get(2).port();
    try (ServerSocket stranger = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(stranger.isBound()).isTrue();
      assertThatThrownBy(
              () -> DevnetRun.begin(folder, plan, Mode.ONE_PROCESS, warnings::add).close())
          .isInstanceOfSatisfying(
              ConfigException.class,
              refused -> {
                assertThat(refused.code()).isEqualTo(1408);
                assertThat(refused.what()).contains(port + " of v3");
              });
    }
  }

  private static long status(DevnetFolder folder, String field) throws Exception {
    return LocalApi.unix(SocketPath.fitting(folder.apiSocket("v1")))
        .get("/v1/status")
        .integer(field)
        .orElseThrow();
  }

  private static void refusedWith(
      int code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ConfigException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }
}
