package org.undchain.node.cli;

import java.util.List;

/**
 * What the launcher runs once to learn which classes a family of commands loads. Listed nowhere.
 */
final class WarmUpCommand implements Command {

  @Override
  public String usage() {
    return "read|node";
  }

  @Override
  public String summary() {
    return "a short run that the start-up cache is made from";
  }

  @Override
  public List<String> examples() {
    return List.of("undchain warm-up read");
  }

  @Override
  public List<Option> options() {
    return List.of();
  }

  @Override
  public int run(Call call) throws Failure {
    Help.all(call.console());
    return 0;
  }
}
