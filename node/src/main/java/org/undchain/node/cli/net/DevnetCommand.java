package org.undchain.node.cli.net;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.undchain.core.value.BlockTime;
import org.undchain.node.cli.Arguments;
import org.undchain.node.cli.Command;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.Failures;
import org.undchain.node.cli.Option;
import org.undchain.node.config.ConfigException;
import org.undchain.node.config.Spelling;
import org.undchain.node.devnet.DevnetDocument.Mode;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.DevnetPlan;
import org.undchain.node.devnet.DevnetShape;
import org.undchain.node.devnet.Founding;
import org.undchain.node.store.StoreException;

/** A whole network on this machine: makes it, runs it, and speaks to one that runs. */
public final class DevnetCommand implements Command {
  private static final List<String> ACTIONS = List.of("stop", "status", "kill", "start");

  @Override
  public String usage() {
    return "[OPTIONS] | stop | status | kill NODE [--signal N] | start NODE";
  }

  @Override
  public String summary() {
    return "a whole network on this machine, with real sockets and disks, until Ctrl-C";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "undchain devnet",
        "undchain devnet --detach --processes --data /tmp/net",
        "undchain devnet kill v4 --signal 9");
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("--validators", "N", "active validators (default 9)"),
        new Option(
            "--known", "N", "how many of them are appointed (default 3, or the most there may be)"),
        new Option("--passives", "N", "validators that stand by (default 2)"),
        new Option("--partners", "N", "partners (default 8)"),
        new Option("--slot", "TIME", "length of a slot (default 2s)"),
        new Option("--period", "TIME", "length of a pay period (default 2m)"),
        new Option("--data", "DIR", "data folder; what is in it is resumed (default: in --home)"),
        new Option("--seed", "N", "all keys follow from it (default 42)"),
        Option.flag("--processes", "every node is a process of its own"),
        Option.flag("--detach", "return when the network is ready and leave it running"),
        new Option("--signal", "N", "of \"kill\" (default 15)"));
  }

  @Override
  public int run(Call call) throws Failure, IOException, InterruptedException {
    Arguments arguments = call.arguments();
    Optional<String> action = arguments.operandIfPresent(0);
    if (action.isEmpty()) {
      return up(call);
    }
    switch (action.get()) {
      case "stop" -> {
        arguments.refuseMoreThan(1);
        DevnetControl.of(call).stop();
      }
      case "status" -> {
        arguments.refuseMoreThan(1);
        DevnetControl.of(call).status();
      }
      case "kill" -> {
        arguments.refuseMoreThan(2);
        int signal = (int) arguments.integer("--signal", 15, 1, 64);
        DevnetControl.of(call).kill(arguments.operand(1, "NODE"), signal);
      }
      case "start" -> {
        arguments.refuseMoreThan(2);
        DevnetControl.of(call).start(arguments.operand(1, "NODE"));
      }
      default ->
          throw Failure.usage(
              "\"devnet " + action.get() + "\" is unknown",
              "without a word after it devnet starts a network",
              "undchain devnet " + Spelling.nearest(action.get(), ACTIONS).orElse("--help"));
    }
    return 0;
  }

  private static int up(Call call) throws Failure, IOException, InterruptedException {
    DevnetFolder folder = folder(call);
    Mode mode = call.arguments().has("--processes") ? Mode.PROCESSES : Mode.ONE_PROCESS;
    try {
      DevnetPlan plan = plan(call, folder);
      return call.arguments().has("--detach")
          ? new DetachedDevnet(call, folder, mode).run()
          : new DevnetUp(call, folder, plan, mode).run();
    } catch (ConfigException refused) {
      throw Failures.of(refused);
    } catch (StoreException refused) {
      throw Failures.of(refused);
    }
  }

  static DevnetFolder folder(Call call) {
    return new DevnetFolder(
        call.arguments()
            .text("--data")
            .map(call.session()::path)
            .orElseGet(() -> call.session().home().resolve("devnet")));
  }

  private static DevnetPlan plan(Call call, DevnetFolder folder) throws ConfigException, Failure {
    if (!Founding.isFounded(folder)) {
      DevnetShape shape = ShapeOptions.of(call.arguments());
      return Founding.make(folder, shape, new BlockTime(System.currentTimeMillis()));
    }
    DevnetPlan there = Founding.open(folder);
    DevnetShape wanted = ShapeOptions.over(there.shape(), call.arguments());
    if (!wanted.equals(there.shape())) {
      throw Failure.local(
          1409,
          "OTHER_SHAPE",
          folder.root() + " holds a network of another kind",
          "it has " + there.shape().words() + "; asked for was " + wanted.words(),
          "leave out the options that differ: the folder knows them",
          "choose another --data");
    }
    return there;
  }
}
