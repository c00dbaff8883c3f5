package org.undchain.node.cli.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.undchain.core.value.BlockTime;
import org.undchain.node.cli.Command.Call;
import org.undchain.node.cli.Devnet;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.Failures;
import org.undchain.node.cli.Session;
import org.undchain.node.config.ConfigException;
import org.undchain.node.devnet.DevnetDocument;
import org.undchain.node.devnet.DevnetDocument.Mode;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetPlan;
import org.undchain.node.devnet.DevnetRun;
import org.undchain.node.devnet.DevnetShape;
import org.undchain.node.devnet.Folders;
import org.undchain.node.devnet.Founding;
import org.undchain.node.devnet.ProcessMark;
import org.undchain.node.store.StoreException;

/**
 * What the start-up cache of the commands that run nodes is made from: a small network that really
 * starts, agrees, stores an object, gives it back and is resumed.
 */
public final class NetworkWarmUp {
  private static final DevnetShape SHAPE = new DevnetShape(4, 1, 1, 3, 500, 48, 1);
  private static final long READY_MILLIS = 60_000;
  private static final int OBJECT_BYTES = 300_000;

  private NetworkWarmUp() {}

  public static void run(Call call) throws Failure, IOException, InterruptedException {
    Path home = Files.createTempDirectory("undchain-warm-up-");
    try {
      DevnetFolder folder = new DevnetFolder(home.resolve("devnet"));
      DevnetPlan plan = Founding.make(folder, SHAPE, new BlockTime(System.currentTimeMillis()));
      run(call, home, folder, plan);
      run(call, home, folder, Founding.open(folder));
    } catch (ConfigException refused) {
      throw Failures.of(refused);
    } catch (StoreException refused) {
      throw Failures.of(refused);
    } finally {
      Folders.delete(home);
    }
  }

  private static void run(Call call, Path home, DevnetFolder folder, DevnetPlan plan)
      throws Failure, ConfigException, IOException, InterruptedException {
    try (DevnetRun run = DevnetRun.begin(folder, plan, Mode.ONE_PROCESS, call.console()::warn)) {
      new Readiness(folder, plan, run.isNew()).await(READY_MILLIS);
      Session session =
          new Session(
              call.session().surroundings(), home, Optional.empty(), Optional.empty(), false);
      DevnetDocument.write(
          Devnet.register(session),
          new DevnetDocument(folder, plan)
              .of(
                  new DevnetDocument.Running(
                      Mode.ONE_PROCESS, ProcessMark.of(ProcessHandle.current()), 0)));
      Path file = home.resolve("object");
      Files.write(file, new byte[OBJECT_BYTES]);
      Inner inner = new Inner(new Call(call.arguments(), session, call.console()));
      String id =
          inner.done("store", file.toString(), "--shards", "1/2").text("objectId").orElse("");
      inner.done("get", id, "-o", home.resolve("back").toString());
      inner.done("status");
    }
  }
}
