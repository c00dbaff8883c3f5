package org.undchain.node.cli.net;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.undchain.core.value.BlockTime;
import org.undchain.node.cli.Command;
import org.undchain.node.cli.Devnet;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.Failures;
import org.undchain.node.cli.Option;
import org.undchain.node.cli.read.LocalApi;
import org.undchain.node.config.ConfigException;
import org.undchain.node.devnet.DevnetDocument.Mode;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetShape;
import org.undchain.node.devnet.Folders;
import org.undchain.node.devnet.Founding;
import org.undchain.node.json.Json;

/** The main job, told step by step on a network of one's own, with every claim checked. */
public final class TourCommand implements Command {
  /** Size and bytes of the file a tour makes when it is given none. */
  private static final int SAMPLE_BYTES = 1_000_003;

  private static final long SAMPLE_SEED = 42;

  @Override
  public String usage() {
    return "[FILE] [--timings]";
  }

  @Override
  public String summary() {
    return "the main job, step by step: store a file, read it back, see everybody paid";
  }

  @Override
  public List<String> examples() {
    return List.of("undchain tour photo.jpg", "undchain tour --timings");
  }

  @Override
  public List<Option> options() {
    return List.of(Option.flag("--timings", "measure the network and the commands as well"));
  }

  @Override
  public int run(Call call) throws Failure, IOException, InterruptedException {
    call.arguments().refuseMoreThan(1);
    Optional<Path> given = call.arguments().operandIfPresent(0).map(call.session()::path);
    if (given.isPresent() && !Files.isReadable(given.get())) {
      throw Failure.local(
          3102,
          "NO_SUCH_FILE",
          "there is no file " + given.get() + " that can be read",
          "the tour was to store it",
          "undchain tour");
    }
    Path folder = Files.createTempDirectory("undchain-tour-");
    TourSteps steps = new TourSteps(call.console());
    try {
      steps.run("network", () -> network(call));
      Path file = given.isPresent() ? given.get() : sample(folder.resolve("sample.bin"));
      new Tour(call, steps, folder, file).run();
      if (call.arguments().has("--timings")) {
        new Timings(call, steps, folder).run();
      }
      return end(call, steps);
    } catch (Failure failure) {
      if (call.console().isJson()) {
        end(call, steps);
        return failure.exitCode();
      }
      throw failure;
    } finally {
      Folders.delete(folder);
    }
  }

  private static int end(Call call, TourSteps steps) {
    if (call.console().isJson()) {
      call.console()
          .document(Json.object().put("ok", steps.isOk()).put("steps", steps.told()).build());
    } else if (steps.isOk()) {
      call.console().line("Every check held.");
      call.console().note("The network runs on: undchain status, undchain devnet stop");
    } else {
      call.console().line("Not every check held.");
    }
    return steps.isOk() ? 0 : 6;
  }

  /** The network that runs, or one that is started and left running. */
  private static TourSteps.Result network(Call call) throws Failure, IOException {
    if (call.session().api().isPresent() || answers(call)) {
      return TourSteps.Result.ok("one runs already");
    }
    call.console().note("starting a network of nine validators and eight partners");
    DevnetFolder folder = DevnetCommand.folder(call);
    try {
      if (!Founding.isFounded(folder)) {
        Founding.make(folder, DevnetShape.DEFAULT, new BlockTime(System.currentTimeMillis()));
      }
    } catch (ConfigException refused) {
      throw Failures.of(refused);
    }
    Json.Obj document = new DetachedDevnet(call, folder, Mode.ONE_PROCESS).start();
    return TourSteps.Result.ok(
        document.objects("nodes").size()
            + " nodes started in "
            + document.integer("readyMillis").orElse(0L)
            + " ms, and left running");
  }

  private static boolean answers(Call call) throws IOException {
    try {
      if (Devnet.running(call.session()).isEmpty()) {
        return false;
      }
      LocalApi.of(call.session()).get("/v1/status");
      return true;
    } catch (Failure silent) {
      return false;
    }
  }

  private static Path sample(Path file) throws IOException {
    byte[] bytes = new byte[SAMPLE_BYTES];
    new Random(SAMPLE_SEED).nextBytes(bytes);
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(bytes);
    }
    return file;
  }
}
