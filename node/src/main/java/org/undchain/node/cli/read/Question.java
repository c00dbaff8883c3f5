package org.undchain.node.cli.read;

import java.io.IOException;
import java.util.List;
import org.undchain.node.cli.Command;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.Option;
import org.undchain.node.json.Json;

/**
 * A command that asks a node one thing and shows the answer.
 *
 * @param path what to ask for, from the words of the call
 * @param view how to show the answer to a person
 */
record Question(
    String usage, String summary, List<String> examples, List<Option> options, Path path, View view)
    implements Command {

  /** Builds the path of the API from the words of a call. */
  interface Path {
    String of(Call call) throws Failure, IOException;
  }

  /** Shows an answer. */
  interface View {
    void show(Page page, Json.Obj answer);
  }

  @Override
  public int run(Call call) throws Failure, IOException {
    String asked = path.of(call);
    Json.Obj answer = LocalApi.of(call.session()).get(asked);
    if (call.console().isJson()) {
      call.console().document(answer);
    } else {
      view.show(new Page(call.console()), answer);
    }
    return 0;
  }
}
