package org.undchain.node.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.undchain.core.message.Envelope;
import org.undchain.core.value.Bytes;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Town;

/**
 * Words of a command line, one a line of the bytes: every command sorts them out or refuses them;
 * {@code decode} and {@code rules explain} also run, since they only look at the words.
 */
public final class CommandLineDoor implements Door {
  /** What {@link CommandLine} ends in when a command threw what it never should. */
  private static final int BUG_EXIT = 1;

  @Override
  public boolean enter(byte[] bytes) throws Exception {
    List<String> words =
        new ArrayList<>(List.of(new String(bytes, StandardCharsets.UTF_8).split("\n", -1)));
    String name = words.removeFirst();
    List<Option> known = new ArrayList<>(CommandLine.GLOBAL);
    CommandTable.named(name).ifPresent(command -> known.addAll(command.options()));
    boolean isTaken;
    try {
      Arguments arguments = Arguments.parse(name, known, words);
      arguments.integer("--last", 1, 1, 1000);
      isTaken = true;
    } catch (Failure refused) {
      Door.require(refused.exitCode() > 0, "a refusal without an exit code");
      isTaken = false;
    }
    if (name.equals("decode") || name.equals("rules")) {
      run(name, words);
    }
    return isTaken;
  }

  private static void run(String name, List<String> words) {
    if (name.equals("rules") && !words.contains("explain")) {
      return; // the others read and write files
    }
    List<String> all = new ArrayList<>(words);
    all.addFirst(name);
    Console console = new Console(sink(), sink());
    int code =
        new CommandLine(new Surroundings(Map.of(), Path.of("/nonexistent")), console).run(all);
    Door.require(code != BUG_EXIT, "a bug of the command");
  }

  private static PrintStream sink() {
    return new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
  }

  @Override
  public List<byte[]> honest() {
    Envelope some = Town.ofForgeable().entrySamples(1).getFirst();
    return List.of(
        bytes("status\n--json\n--api\nunix:/tmp/a"),
        bytes("store\n--key=ann\nphoto.jpg"),
        bytes("blocks\n--last\n3"),
        bytes("decode\n" + Bytes.of(some.toByteString()).hex()),
        bytes("decode\n--as\nHeader\n0801"),
        bytes("rules\nexplain\ntime.slot_ms"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public long allocationMax(int length) {
    return (8L << 20) + 4096L * length;
  }
}
