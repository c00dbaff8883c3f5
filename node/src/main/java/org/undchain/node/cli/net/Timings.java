package org.undchain.node.cli.net;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.undchain.node.cli.Command.Call;
import org.undchain.node.cli.Devnet;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.net.TourSteps.Result;
import org.undchain.node.cli.read.LocalApi;
import org.undchain.node.json.Json;

/** What the network and the commands cost, measured and told; nothing of it is ever a failure. */
final class Timings {
  private static final long IDLE_MILLIS = 10_000;
  private static final int OBJECT_BYTES = 20_000_000;
  private static final int BLOCKS = 30;

  private final Call call;
  private final TourSteps steps;
  private final Path folder;

  Timings(Call call, TourSteps steps, Path folder) {
    this.call = call;
    this.steps = steps;
    this.folder = folder;
  }

  void run() throws Failure, IOException, InterruptedException {
    Optional<Devnet> devnet = Devnet.running(call.session());
    if (devnet.isPresent()) {
      steps.run("ready", () -> ready(devnet.get()));
      Optional<ProcessHandle> keeper = devnet.get().keeper();
      if (keeper.isPresent()) {
        steps.run("memory", () -> memory(keeper.get()));
        steps.run("idle", () -> idle(keeper.get()));
      }
    }
    steps.run("20 MB", this::storeAndGet);
    steps.run("rounds", this::rounds);
    steps.run("commit", this::commit);
    steps.run("status", this::status);
  }

  private static Result ready(Devnet devnet) {
    return Result.ok(
        "the network was ready after "
            + devnet.document().integer("readyMillis").orElse(0L)
            + " ms");
  }

  private static Result memory(ProcessHandle process) throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.isReadable(status)) {
      return Result.ok("this system does not tell");
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        long kib = Long.parseLong(line.replaceAll("[^0-9]", ""));
        return Result.ok(kib / 1024 + " MiB resident in the devnet's process");
      }
    }
    return Result.ok("this system does not tell");
  }

  private static Result idle(ProcessHandle process) throws InterruptedException {
    Optional<Duration> before = process.info().totalCpuDuration();
    Thread.sleep(IDLE_MILLIS);
    Optional<Duration> after = process.info().totalCpuDuration();
    if (before.isEmpty() || after.isEmpty()) {
      return Result.ok("this system does not tell");
    }
    long percent = after.get().minus(before.get()).toMillis() * 100 / IDLE_MILLIS;
    return Result.ok(percent + " % of one core while nobody asks for anything");
  }

  private Result storeAndGet() throws Failure, IOException {
    Path file = folder.resolve("large.bin");
    byte[] bytes = new byte[OBJECT_BYTES];
    new Random(1).nextBytes(bytes);
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(bytes);
    }
    Inner inner = new Inner(call);
    long began = System.nanoTime();
    Json.Obj stored = inner.done("store", file.toString());
    long middle = System.nanoTime();
    Path back = folder.resolve("large.back");
    inner.done("get", stored.text("objectId").orElse(""), "-o", back.toString());
    long end = System.nanoTime();
    boolean isSame = Files.mismatch(file, back) == -1;
    return Result.check(
        isSame,
        "stored in "
            + (middle - began) / 1_000_000
            + " ms, read back in "
            + (end - middle) / 1_000_000
            + " ms");
  }

  private Result rounds() throws Failure, IOException {
    Json.Obj answer = LocalApi.of(call.session()).get("/v1/blocks?last=" + BLOCKS);
    long later =
        answer.objects("blocks").stream()
            .filter(block -> block.integer("round").orElse(0L) > 0)
            .count();
    return Result.ok(
        later
            + " of the last "
            + answer.objects("blocks").size()
            + " blocks needed more than round 0");
  }

  /** From the histogram of the node that answers: the bound below which half of its blocks are. */
  private Result commit() throws Failure, IOException {
    byte[] metrics = LocalApi.of(call.session()).bytes("/metrics");
    return Result.ok(
        CommitTimes.of(new String(metrics, StandardCharsets.UTF_8))
            .map(CommitTimes::told)
            .orElse("the node has committed no block since it started"));
  }

  /** CPU of the command itself as its shell counts it; the first call may make a start-up cache. */
  private Result status() throws IOException, InterruptedException {
    Optional<Path> launcher = launcher();
    if (launcher.isEmpty()) {
      return Result.ok("not started by the launcher, so not measured");
    }
    Process shell =
        new ProcessBuilder(
                "bash",
                "-c",
                "\"$0\" --home \"$1\" status >/dev/null;"
                    + " (\"$0\" --home \"$1\" status >/dev/null; times) | tail -1",
                launcher.get().toString(),
                call.session().home().toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String told = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return Result.ok("`undchain status` took " + told + " of CPU, of the user and the system");
  }

  private static Optional<Path> launcher() {
    return Optional.ofNullable(System.getProperty("undchain.root"))
        .map(root -> Path.of(root, "undchain"))
        .filter(Files::isExecutable);
  }
}
