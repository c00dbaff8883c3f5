package org.undchain.node.cli.client;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import org.undchain.node.cli.Command;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.Option;
import org.undchain.node.client.ClientException;
import org.undchain.node.client.ClientNode;
import org.undchain.node.client.GetJob;
import org.undchain.node.client.JobFolder;
import org.undchain.node.json.Json;
import org.undchain.utilities.storage.ObjectId;
import org.undchain.utilities.storage.Patience;
import org.undchain.utilities.storage.StorageException;

/**
 * Reads an object back; a file appears whole or not at all, a stream carries verified bytes only.
 */
public final class GetCommand implements Command {
  private static final String STDOUT = "-";

  @Override
  public String usage() {
    return "ID [-o FILE|-]";
  }

  @Override
  public String summary() {
    return "read a stored object back";
  }

  @Override
  public List<String> examples() {
    return List.of("undchain get und:… -o report.pdf", "undchain get und:… | tar x");
  }

  @Override
  public List<Option> options() {
    return List.of(new Option("-o", "FILE|-", "where the bytes go (default: standard output)"));
  }

  @Override
  public int run(Call call) throws Failure, IOException, InterruptedException {
    call.arguments().refuseMoreThan(1);
    String text = call.arguments().operand(0, "ID");
    ObjectId id =
        ObjectId.parse(text)
            .orElseThrow(() ->
                Failure.usage(
                    "that is no id of a stored object",
                    "an id is und: and 103 letters and digits",
                    "copy what \"undchain store\" printed"));
    String to = call.arguments().text("-o").orElse(STDOUT);
    if (to.equals(STDOUT) && call.console().isJson()) {
      throw Failure.usage(
          "--json and the bytes cannot share standard output",
          "one of them has to go elsewhere",
          "-o FILE");
    }
    try (Actor actor = Actor.of(call)) {
      GetJob.Restored restored =
          to.equals(STDOUT)
              ? get(call, actor, id, call.console().bytes())
              : intoFile(call, actor, id, call.session().path(to));
      call.console().bytes().flush();
      if (call.console().isJson()) {
        call.console().document(document(actor, restored));
      }
      return 0;
    } catch (StorageException failure) {
      throw ActorFailures.of(failure);
    } catch (ClientException failure) {
      throw ActorFailures.of(failure);
    }
  }

  private static GetJob.Restored intoFile(Call call, Actor actor, ObjectId id, Path file)
      throws Failure, ClientException, StorageException, IOException, InterruptedException {
    Path fresh = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      GetJob.Restored restored;
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(fresh))) {
        restored = get(call, actor, id, out);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return restored;
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private static GetJob.Restored get(Call call, Actor actor, ObjectId id, OutputStream out)
      throws Failure, ClientException, StorageException, IOException, InterruptedException {
    JobFolder folder = actor.passingJob();
    try (Progress progress =
            new Progress(call.console(), call.arguments().has("-q"), "the same command");
        ClientNode node = actor.connect(folder)) {
      return new GetJob(node, Patience.USUAL, progress).run(id, out);
    } finally {
      folder.delete();
    }
  }

  private static Json document(Actor actor, GetJob.Restored restored) {
    return Json.object()
        .putInt64("bytes", restored.bytes())
        .putInt("shardsUsed", restored.shardsUsed())
        .put("shardsSkipped", SkippedPartners.json(actor, restored.skipped()))
        .build();
  }
}
