package org.undchain.node.cli;

import java.util.List;
import org.undchain.node.json.Json;

/** Says what is running. */
final class VersionCommand implements Command {
  static final String VERSION = "0.1.0";
  static final int PROTOCOL = 1;

  @Override
  public String usage() {
    return "";
  }

  @Override
  public String summary() {
    return "version of the tool, the protocol and the JVM";
  }

  @Override
  public List<String> examples() {
    return List.of("undchain version", "undchain version --json");
  }

  @Override
  public List<Option> options() {
    return List.of();
  }

  @Override
  public int run(Call call) throws Failure {
    call.arguments().refuseMoreThan(0);
    String java = Runtime.version().toString();
    if (call.console().isJson()) {
      call.console()
          .document(
              Json.object()
                  .put("version", VERSION)
                  .putInt("protocol", PROTOCOL)
                  .put("java", java)
                  .build());
    } else {
      call.console().line("undchain " + VERSION + "  protocol " + PROTOCOL + "  java " + java);
    }
    return 0;
  }
}
