package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
import org.undchain.node.devnet.Folders;
import org.undchain.node.devnet.Founding;
import org.undchain.node.store.StoreException;

/**
 * Puts the validators of a network of its own through faults and checks that nothing promised is
 * lost, doubled or contradicted; or audits the disks of such a network again.
 */
public final class NemesisCommand implements Command {
  private static final int VIOLATED = 6;

  @Override
  public String usage() {
    return "[--minutes M] [--rounds R] [--kills K] [--only KIND,…] [--seed N] | kinds | audit --data DIR";
  }

  @Override
  public String summary() {
    return "put a network of processes through faults that a seed draws, and check every promise";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "undchain nemesis",
        "undchain nemesis --minutes 10 --seed 7",
        "undchain nemesis --kills 1000 --data /tmp/net",
        "undchain nemesis --only partition,full-disk --rounds 4",
        "undchain nemesis audit --data /tmp/net");
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("--minutes", "M", "how long faults happen (default: until --rounds are done)"),
        new Option("--rounds", "R", "how many waves of faults (default 1 without other limits)"),
        new Option("--kills", "K", "only kills, until so many processes were killed"),
        new Option("--only", "KIND,…", "only these kinds of fault (undchain nemesis kinds)"),
        new Option("--seed", "N", "keys, faults, victims, moments follow (default: by chance)"),
        new Option("--validators", "V", "active validators (default 9)"),
        new Option("--slot-millis", "MS", "length of a slot (default 2000)"),
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
      switch (action.get()) {
        case "audit" -> {
          return audit(call);
        }
        case "kinds" -> {
          return kinds(call);
        }
        default -> {}
      }
    } catch (ConfigException refused) {
      throw Failures.of(refused);
    } catch (StoreException refused) {
      throw Failures.of(refused);
    }
    throw Failure.usage(
        "\"nemesis " + action.get() + "\" is unknown",
        "without a word it attacks, \"audit\" reads what is left, \"kinds\" lists faults",
        "undchain nemesis --help");
  }

  private static int campaign(Call call)
      throws Failure, ConfigException, IOException, InterruptedException {
    Arguments arguments = call.arguments();
    Assignment assignment = Assignment.of(arguments, System.currentTimeMillis());
    boolean isKept = arguments.has("--data");
    Path parent = isKept ? Path.of("") : Files.createTempDirectory("undchain-nemesis-");
    DevnetFolder folder =
        new DevnetFolder(
            arguments.text("--data").map(call.session()::path).orElse(parent.resolve("net")));
    refuseOld(folder);
    List<FaultType> types = assignment.possible(call.console()::note);
    DevnetPlan plan =
        Founding.make(folder, assignment.shape(), new BlockTime(System.currentTimeMillis()));
    call.console().note(plan.shape().words() + ", in " + folder.root());
    Verdict verdict = new Ordeal(call.console(), folder, plan, types).run(assignment.limits());
    if (!isKept && verdict.isPassed()) {
      Folders.delete(parent);
    }
    return tell(call, verdict, folder, assignment.words());
  }

  private static int kinds(Call call) {
    for (FaultType type : FaultType.values()) {
      call.console().line(String.format(Locale.ROOT, "%-16s%s", type.word(), type.help()));
    }
    return 0;
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

  private static int tell(Call call, Verdict verdict, DevnetFolder folder, String again) {
    if (call.console().isJson()) {
      call.console()
          .document(
              verdict.json().put("dataDir", folder.root().toString()).put("repeat", again).build());
    } else {
      verdict.figures().forEach(call.console()::line);
      tell(call, verdict.findings());
      if (!verdict.isPassed()) {
        call.console().note("Data: " + folder.root());
        call.console().note("Again: " + again);
      }
    }
    return verdict.isPassed() ? 0 : VIOLATED;
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
}
