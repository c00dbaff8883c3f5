package org.undchain.node.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.undchain.core.value.BlockTime;
import org.undchain.node.config.ClockFile;
import org.undchain.node.config.NodeFile;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetShape;
import org.undchain.node.devnet.Founding;
import org.undchain.node.log.LogFile;
import org.undchain.node.runtime.Machinery;

/** Which lines of which node are in which file. */
final class ServiceLogTest {
  private static final DevnetShape SMALL = new DevnetShape(4, 1, 0, 1, 1000, 48, 7);
  private static final String OF_THE_PROCESS = "event=of_the_process";

  @TempDir Path temporary;

  private DevnetFolder folder;

  @BeforeEach
  void found() throws Exception {
    folder = new DevnetFolder(temporary.resolve("net"));
    Founding.make(folder, SMALL, new BlockTime(System.currentTimeMillis()));
    ClockFile.write(folder.clockFile(), new ClockFile.Running(0));
  }

  @Test
  void aNodeAloneInItsProcessWritesToOneFileWithIt() throws Exception {
    for (String name : new String[] {"v1", "p1"}) {
      NodeFile file = NodeFile.load(folder.nodeFile(name));
      try (LogFile process = LogFile.ofProcess(file.logFile(), file.logLevel());
          Machinery machinery = Machinery.start();
          NodeService node = start(machinery, file)) {
        speak(process, node);
      }
      assertThat(file.logFile())
          .content()
          .containsOnlyOnce("event=started role=" + file.role().word())
          .containsOnlyOnce(OF_THE_PROCESS)
          .containsOnlyOnce("event=stopped")
          .contains("log=" + name, "log=ServiceLogTest");
    }
  }

  @Test
  void nodesOfOneProcessWriteToAFileEach() throws Exception {
    NodeFile v1 = NodeFile.load(folder.nodeFile("v1"));
    NodeFile p1 = NodeFile.load(folder.nodeFile("p1"));
    try (LogFile process = LogFile.ofProcess(folder.processLog(), NodeFile.LogLevel.INFO);
        Machinery machinery = Machinery.start();
        NodeService validator = start(machinery, v1);
        NodeService partner = start(machinery, p1)) {
      speak(process, validator);
      speak(process, partner);
    }
    assertThat(v1.logFile())
        .content()
        .contains("role=validator", "event=began", "event=stopped")
        .doesNotContain("role=partner", OF_THE_PROCESS);
    assertThat(p1.logFile())
        .content()
        .contains("role=partner", "event=stopped")
        .doesNotContain("role=validator", OF_THE_PROCESS);
    assertThat(folder.processLog())
        .content()
        .contains(OF_THE_PROCESS)
        .doesNotContain("log=v1", "log=p1");
  }

  @Test
  void aClosedLogTakesNoMoreLines() throws Exception {
    NodeFile file = NodeFile.load(folder.nodeFile("v1"));
    LogFile.ofProcess(file.logFile(), file.logLevel()).close();
    LoggerFactory.getLogger(ServiceLogTest.class).warn(OF_THE_PROCESS);
    assertThat(file.logFile()).content().doesNotContain(OF_THE_PROCESS);
  }

  private static void speak(LogFile log, NodeService node) {
    assertThat(log).isNotNull();
    assertThat(node).isNotNull();
    LoggerFactory.getLogger(ServiceLogTest.class).info(OF_THE_PROCESS);
  }

  private static NodeService start(Machinery machinery, NodeFile file) throws Exception {
    return NodeService.start(NodeService.Shared.of(machinery, file), file, failure -> {});
  }
}
