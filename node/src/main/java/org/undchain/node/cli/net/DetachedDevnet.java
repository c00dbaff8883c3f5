package org.undchain.node.cli.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.undchain.node.cli.Command.Call;
import org.undchain.node.cli.Failure;
import org.undchain.node.devnet.DevnetDocument.Mode;
import org.undchain.node.devnet.DevnetFolder;
import org.undchain.node.devnet.Offspring;
import org.undchain.node.json.Json;
import org.undchain.node.json.MalformedJson;

/** Starts a founded network in the background and waits until it is ready or has failed. */
final class DetachedDevnet {
  private static final int CHARS_MAX = 4 << 20;
  private static final String LAST_LINE = "}";

  private final Call call;
  private final DevnetFolder folder;
  private final Mode mode;

  DetachedDevnet(Call call, DevnetFolder folder, Mode mode) {
    this.call = call;
    this.folder = folder;
    this.mode = mode;
  }

  int run() throws Failure, IOException {
    Json.Obj document = start();
    if (call.console().isJson()) {
      call.console().document(document);
    } else {
      DevnetUp.tell(call.console(), document);
    }
    return 0;
  }

  /** The document of the network, which runs on. */
  Json.Obj start() throws Failure, IOException {
    Process process =
        Offspring.call(List.of(), words())
            .redirectError(ProcessBuilder.Redirect.appendTo(folder.logFile().toFile()))
            .start();
    Json.Obj answer = answer(process);
    Optional<Json.Obj> error = answer.object("error");
    if (error.isPresent()) {
      throw Failure.told(error.get(), 9001, "local");
    }
    return answer;
  }

  private List<String> words() {
    List<String> words =
        new ArrayList<>(
            List.of(
                "devnet",
                "--json",
                "--home",
                call.session().home().toString(),
                "--data",
                folder.root().toString()));
    if (mode == Mode.PROCESSES) {
      words.add("--processes");
    }
    return words;
  }

  /** One document that ends with a brace in the first column; the stream stays open behind it. */
  private Json.Obj answer(Process process) throws Failure, IOException {
    StringBuilder text = new StringBuilder();
    try (BufferedReader lines = process.inputReader()) {
      String line = lines.readLine();
      while (line != null && text.length() < CHARS_MAX) {
        text.append(line).append('\n');
        if (line.equals(LAST_LINE)) {
          break;
        }
        line = lines.readLine();
      }
    }
    try {
      if (Json.parse(text.toString()) instanceof Json.Obj answer) {
        return answer;
      }
    } catch (MalformedJson nothing) {
      // told below
    }
    throw Failure.local(
        9001,
        "DEVNET_ENDED",
        "the network ended before it was ready",
        "it did not say why",
        "look into " + folder.logFile());
  }
}
