package org.undchain.node.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.undchain.node.json.Json;

/** Runs the tool in this process, in a folder of its own, and keeps what it printed. */
public final class Tool {
  private final Path folder;

  public Tool(Path folder) {
    this.folder = folder;
  }

  /** What a call ended in. */
  @SuppressWarnings("ArrayRecordComponent") // what a pipe gets, never compared as a whole
  public record Outcome(int code, byte[] bytes, String err) {
    public String out() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    /** What a call with {@code --json} printed. */
    public Json.Obj document() throws Exception {
      return (Json.Obj) Json.parse(out());
    }
  }

  public Outcome call(String... words) {
    List<String> all = new ArrayList<>(List.of("--home", folder.resolve("home").toString()));
    all.addAll(List.of(words));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    int code = new CommandLine(new Surroundings(Map.of(), folder), console).run(all);
    console.flush();
    return new Outcome(code, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
  }
}
