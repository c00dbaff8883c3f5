package org.undchain.node.devnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.value.BlockTime;
import org.undchain.node.config.ClockFile;
import org.undchain.node.config.ConfigException;
import org.undchain.node.config.NodeFile;

final class FoundingTest {
  private static final DevnetShape SMALL = new DevnetShape(4, 1, 0, 1, 1000, 48, 7);
  private static final BlockTime T0 = new BlockTime(1_800_000_000_000L);

  @TempDir Path temporary;

  private DevnetFolder folder() {
    return new DevnetFolder(temporary.resolve("net"));
  }

  @Test
  void whatIsMadeIsOpenedAndEveryNodeHasAConfiguration() throws Exception {
    DevnetFolder folder = folder();
    assertThat(Founding.isFounded(folder)).isFalse();
    DevnetPlan made = Founding.make(folder, SMALL, T0);
    assertThat(Founding.isFounded(folder)).isTrue();
    DevnetPlan opened = Founding.open(folder);
    assertThat(opened.sealedGenesis()).isEqualTo(made.sealedGenesis());
    assertThat(opened.nodes()).isEqualTo(made.nodes());
    for (DevnetNode node : opened.nodes()) {
      NodeFile file = NodeFile.load(folder.nodeFile(node.name()));
      assertThat(file.name()).isEqualTo(node.name());
      assertThat(file.listen().getPort()).isEqualTo(node.port());
      assertThat(file.data().resolve("signing-guard").toFile().exists())
          .isEqualTo(!node.isPartner());
    }
  }

  @Test
  void aFolderThatHoldsOtherThingsIsRefusedAndLeftAsItIs() throws Exception {
    DevnetFolder folder = folder();
    Files.createDirectories(folder.root());
    Files.writeString(folder.root().resolve("thesis.txt"), "years of work");
    refusedWith(1402, () -> Founding.isFounded(folder));
    refusedWith(1406, () -> Founding.make(folder, SMALL, T0));
    assertThat(folder.root().resolve("thesis.txt")).hasContent("years of work");
  }

  @Test
  void whatAnInterruptedMakingLeftIsMadeAnew() throws Exception {
    Path draft = temporary.resolve(".net.unfinished");
    Files.createDirectories(draft.resolve("nodes"));
    Files.writeString(draft.resolve("nodes/half"), "half");
    Founding.make(folder(), SMALL, T0);
    assertThat(draft).doesNotExist();
    assertThat(folder().root().resolve("nodes/half")).doesNotExist();
    Founding.open(folder());
  }

  @Test
  void anEmptyFolderIsTaken() throws Exception {
    Files.createDirectories(folder().root());
    Founding.make(folder(), SMALL, T0);
    assertThat(Founding.isFounded(folder())).isTrue();
  }

  @Test
  void aFolderOfANewerVersionIsRefused() throws Exception {
    Founding.make(folder(), SMALL, T0);
    Path plan = folder().planFile();
    Files.writeString(plan, Files.readString(plan).replace("\"version\": 1", "\"version\": 2"));
    refusedWith(1403, () -> Founding.open(folder()));
  }

  @Test
  void aDamagedPlanOrTheRulesOfAnotherChainAreRefused() throws Exception {
    Founding.make(folder(), SMALL, T0);
    String rules = Files.readString(folder().rulesFile());
    Files.writeString(folder().rulesFile(), rules.replace("slot_ms = 1000", "slot_ms = 1001"));
    refusedWith(1405, () -> Founding.open(folder()));
    Files.writeString(folder().rulesFile(), rules);
    Files.writeString(folder().planFile(), "{\"version\": 1");
    refusedWith(1404, () -> Founding.open(folder()));
  }

  @Test
  void blockTimeGoesOnWhereTheNetworkWasStopped() throws Exception {
    DevnetPlan plan = Founding.make(folder(), SMALL, T0);
    assertThat(Resumption.isNew(folder())).isTrue();
    assertThat(Resumption.at(folder(), plan).minus(T0)).isBetween(0L, SMALL.slotMillis());
    BlockTime stopped = T0.plusMillis(123_456);
    ClockFile.write(folder().clockFile(), new ClockFile.Stopped(stopped));
    assertThat(Resumption.at(folder(), plan)).isEqualTo(stopped);
    Files.writeString(folder().clockFile(), "stopped yesterday");
    refusedWith(1401, () -> Resumption.at(folder(), plan));
  }

  @Test
  void aProcessIdThatWasGivenAgainIsNotTakenForTheOldProcess() throws Exception {
    ProcessMark self = ProcessMark.of(ProcessHandle.current());
    self.write(temporary.resolve("pid"));
    assertThat(ProcessMark.read(temporary.resolve("pid")).flatMap(ProcessMark::alive)).isPresent();
    ProcessMark earlier = new ProcessMark(self.pid(), self.started().minus(Duration.ofMinutes(1)));
    assertThat(earlier.alive()).isEmpty();
    Files.writeString(temporary.resolve("pid"), "12 monkeys");
    assertThat(ProcessMark.read(temporary.resolve("pid"))).isEmpty();
    assertThat(ProcessMark.read(temporary.resolve("absent"))).isEmpty();
  }

  private static void refusedWith(int code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ConfigException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }
}
