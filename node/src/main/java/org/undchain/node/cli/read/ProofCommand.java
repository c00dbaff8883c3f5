package org.undchain.node.cli.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.undchain.node.cli.Command;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.Option;
import org.undchain.node.json.Json;

/**
 * {@code proof}: fetches the portable proof of an entry or job from a node. It is not checked here:
 * {@code verify} does that, anywhere.
 */
public final class ProofCommand implements Command {
  @Override
  public String usage() {
    return "ID -o FILE|-";
  }

  @Override
  public String summary() {
    return "a portable proof that an entry or job is on chain";
  }

  @Override
  public List<String> examples() {
    return List.of("undchain proof 5f0c… -o receipt.proof", "undchain verify receipt.proof");
  }

  @Override
  public List<Option> options() {
    return List.of(new Option("-o", "FILE|-", "where to write it"));
  }

  @Override
  public int run(Call call) throws Failure, IOException {
    String id = Questions.id(call);
    String target = call.arguments().text("-o").orElse("");
    if (target.isEmpty()) {
      throw Failure.usage(
          "-o is missing", "a proof is bytes, not text", "undchain proof " + id + " -o FILE");
    }
    byte[] proof = LocalApi.of(call.session()).bytes("/v1/proofs/" + id);
    if (target.equals("-")) {
      call.console().bytes().write(proof);
      call.console().bytes().flush();
      return 0;
    }
    Path file = call.session().path(target);
    write(file, proof);
    if (call.console().isJson()) {
      call.console()
          .document(
              Json.object().put("file", file.toString()).putInt("bytes", proof.length).build());
    } else {
      call.console().note("wrote " + proof.length + " bytes, try: undchain verify " + target);
    }
    return 0;
  }

  /** Whole or not at all. */
  private static void write(Path file, byte[] proof) throws Failure {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.write(fresh, proof);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException unwritable) {
      throw Failure.local(
          1410,
          "UNWRITABLE",
          file + " cannot be written",
          String.valueOf(unwritable.getMessage()),
          "-o ANOTHER-FILE");
    }
  }
}
