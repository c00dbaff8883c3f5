package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.BlockTime;
import org.undchain.node.audit.AuditReport;
import org.undchain.node.audit.Finding;
import org.undchain.node.cli.Arguments;
import org.undchain.node.cli.Command;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.Failures;
import org.undchain.node.cli.Option;
import org.undchain.node.config.ConfigException;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetPlan;
import org.undchain.node.devnet.DevnetShape;
import org.undchain.node.devnet.Founding;
import org.undchain.node.store.StoreException;

/**
 * Kills the validators of a network of its own at random moments and checks that nothing promised
 * is lost, doubled or contradicted; or audits the disks of such a network again.
 */
public final class NemesisCommand implements Command {
  private static final int ROUNDS_MAX = 10_000;
  private static final int VIOLATED = 6;

  @Override
  public String usage() {
    return "[--rounds R] [--seed N] [--validators V] [--data DIR] | audit --data DIR";
  }

  @Override
  public String summary() {
    return "kill -9 validators of a network of processes, then all, and check every promise";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "undchain nemesis",
        "undchain nemesis --rounds 20 --seed 7 --data /tmp/net",
        "undchain nemesis audit --data /tmp/net");
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("--rounds", "R", "how often f validators and then all are killed (default 1)"),
        new Option("--seed", "N", "keys, victims and moments follow from it (default: by chance)"),
        new Option("--validators", "V", "active validators (default 9)"),
        new Option("--data", "DIR", "a new folder, which is kept (default: one that is not)"));
  }

  @Override
  public int run(Call call) throws Failure, IOException, InterruptedException {
    Optional<String> action = call.arguments().operandIfPresent(0);
    call.arguments().refuseMoreThan(1);
    try {
      if (action.isEmpty()) {
        return campaign(call);
      }
      if (action.get().equals("audit")) {
        return audit(call);
      }
    } catch (ConfigException refused) {
      throw Failures.of(refused);
    } catch (StoreException refused) {
      throw Failures.of(refused);
    }
    throw Failure.usage(
        "\"nemesis " + action.get() + "\" is unknown",
        "without a word it kills, with \"audit\" it reads what a killed network left",
        "undchain nemesis --help");
  }

  private static int campaign(Call call)
      throws Failure, ConfigException, IOException, InterruptedException {
    Arguments arguments = call.arguments();
    int rounds = (int) arguments.integer("--rounds", 1, 1, ROUNDS_MAX);
    long chance = System.currentTimeMillis();
    long seed = arguments.integer("--seed", chance, Long.MIN_VALUE, Long.MAX_VALUE);
    int validators =
        (int)
            arguments.integer(
                "--validators", DevnetShape.DEFAULT.validators(), 4, DevnetShape.VALIDATORS_MAX);
    boolean isKept = arguments.has("--data");
    Path parent = isKept ? Path.of("") : Files.createTempDirectory("undchain-nemesis-");
    DevnetFolder folder =
        new DevnetFolder(
            arguments.text("--data").map(call.session()::path).orElse(parent.resolve("net")));
    refuseOld(folder);
    DevnetPlan plan =
        Founding.make(folder, shape(validators, seed), new BlockTime(System.currentTimeMillis()));
    call.console().note("seed " + seed + ", " + plan.shape().words() + ", in " + folder.root());
    Ordeal ordeal = new Ordeal(call.console(), folder, plan);
    ordeal.run(rounds);
    if (!isKept && ordeal.isPassed()) {
      erase(parent);
    }
    String again =
        "undchain nemesis --rounds "
            + rounds
            + " --seed "
            + seed
            + (arguments.has("--validators") ? " --validators " + validators : "");
    return tell(call, ordeal, seed, folder, again);
  }

  /** Partners and passive validators have no vote to lose; without them there is room for more. */
  private static DevnetShape shape(int validators, long seed) {
    DevnetShape standard = DevnetShape.DEFAULT;
    return new DevnetShape(
        validators,
        Math.min(standard.known(), RunRules.knownMax(validators)),
        0,
        0,
        standard.slotMillis(),
        standard.periodSlots(),
        seed);
  }

  private static void refuseOld(DevnetFolder folder) throws ConfigException, Failure {
    if (Founding.isFounded(folder)) {
      throw Failure.local(
          1430,
          "NOT_NEW",
          folder.root() + " holds a network already",
          "what others did on it would be counted as ours",
          "--data with a folder that is not there yet",
          "undchain nemesis audit --data " + folder.root());
    }
  }

  private static int tell(Call call, Ordeal ordeal, long seed, DevnetFolder folder, String again) {
    if (call.console().isJson()) {
      call.console()
          .document(
              ordeal
                  .json()
                  .putInt64("seed", seed)
                  .put("dataDir", folder.root().toString())
                  .put("repeat", again)
                  .build());
    } else {
      ordeal.figures().forEach(call.console()::line);
      tell(call, ordeal.findings());
      if (!ordeal.isPassed()) {
        call.console().note("Data: " + folder.root());
        call.console().note("Again: " + again);
      }
    }
    return ordeal.isPassed() ? 0 : VIOLATED;
  }

  private static void tell(Call call, List<Finding> findings) {
    for (Finding finding : findings) {
      call.console().line("VIOLATION " + finding);
    }
    call.console().line(findings.isEmpty() ? "Every check held." : "Not every check held.");
  }

  private static int audit(Call call) throws Failure, ConfigException, IOException {
    String data =
        call.arguments()
            .text("--data")
            .orElseThrow(() ->
                Failure.usage(
                    "--data is missing",
                    "the disks of a network are audited, and it has to be off",
                    "undchain nemesis audit --data DIR"));
    DevnetFolder folder = new DevnetFolder(call.session().path(data));
    if (!Founding.isFounded(folder)) {
      throw Failure.local(
          3204,
          "NO_NETWORK",
          "there is no network in " + folder.root(),
          "it has no file " + folder.planFile().getFileName(),
          "undchain nemesis --data " + folder.root());
    }
    AuditReport report =
        Disks.audit(folder, Founding.open(folder), PromiseLog.read(Ordeal.promisesOf(folder)));
    if (call.console().isJson()) {
      call.console().document(Disks.json(report).build());
    } else {
      call.console().line(Disks.words(report));
      tell(call, report.findings());
    }
    return report.isClean() ? 0 : VIOLATED;
  }

  private static void erase(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
