package org.undchain.node.cli.client;

import java.io.IOException;
import java.util.List;
import org.undchain.node.cli.Command;
import org.undchain.node.cli.Failure;
import org.undchain.node.client.ClientException;
import org.undchain.node.client.ClientNode;
import org.undchain.node.client.Entries;
import org.undchain.node.client.JobFolder;
import org.undchain.node.json.Json;

/** What transfer and alias have in common: one entry, promised and perhaps waited for. */
abstract class EntryCommand implements Command {
  /** Hands the entry in. */
  abstract Entries.Promise submit(Call call, ClientNode node, Entries entries)
      throws Failure, ClientException, IOException, InterruptedException;

  /** Whether to stay until the entry is in a block. */
  abstract boolean isAwaited(Call call) throws Failure;

  /** The line for people. */
  abstract String told(Call call);

  @Override
  public final int run(Call call) throws Failure, IOException, InterruptedException {
    boolean isAwaited = isAwaited(call);
    try (Actor actor = Actor.of(call)) {
      JobFolder folder = actor.passingJob();
      try (ClientNode node = actor.connect(folder)) {
        node.awaitValidators();
        Entries entries = new Entries(node);
        Entries.Promise promise = submit(call, node, entries);
        Entries.InBlock block =
            isAwaited
                ? entries.committed(promise)
                : new Entries.InBlock(promise.height(), promise.slot());
        print(call, actor, promise, block);
        return 0;
      } finally {
        folder.delete();
      }
    } catch (ClientException failure) {
      throw ActorFailures.of(failure);
    }
  }

  private void print(Call call, Actor actor, Entries.Promise promise, Entries.InBlock block) {
    List<Json> stamps = actor.stamps(promise.stampers());
    if (call.console().isJson()) {
      call.console()
          .document(
              Json.object()
                  .put("entryId", promise.entryId().hex())
                  .putInt64("height", block.height())
                  .putInt64("slot", block.slot())
                  .put("stamps", stamps)
                  .build());
    } else {
      call.console().line(promise.entryId().hex());
      call.console().note(told(call) + " in block " + block.height());
    }
  }
}
