package org.undchain.node.cli.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.value.Address;
import org.undchain.core.value.Bytes;
import org.undchain.node.cli.Command;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.Option;
import org.undchain.node.client.ClientException;
import org.undchain.node.client.ClientNode;
import org.undchain.node.client.JobFolder;
import org.undchain.node.client.StoreJob;
import org.undchain.node.client.StoreWish;
import org.undchain.node.json.Json;
import org.undchain.utilities.storage.ErasureCode;
import org.undchain.utilities.storage.FileSource;
import org.undchain.utilities.storage.Patience;
import org.undchain.utilities.storage.StorageException;

/** Stores a file with partners of the network; prints the id with which it is read back. */
public final class StoreCommand implements Command {
  private static final String STDIN = "-";
  private static final Pattern SHARDS = Pattern.compile("([0-9]{1,2})/([0-9]{1,2})");

  @Override
  public String usage() {
    return "FILE|- [--shards K/N] [--max-price UND] [--wait committed|complete|paid]";
  }

  @Override
  public String summary() {
    return "store a file with partners, encrypted, so that any K of N restore it";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "undchain store report.pdf",
        "tar c photos | undchain store - --shards 4/8",
        "undchain store report.pdf --json | jq -r .objectId");
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("--shards", "K/N", "any K of N shards restore it (default 4/8)"),
        new Option("--max-price", "UND", "pay all partners together no more than this"),
        new Option("--wait", "WHAT", "stay until committed, complete (default) or paid"));
  }

  @Override
  public int run(Call call) throws Failure, IOException, InterruptedException {
    call.arguments().refuseMoreThan(1);
    String name = call.arguments().operand(0, "FILE");
    StoreWish wish = wish(call);
    try (Actor actor = Actor.of(call)) {
      if (!name.equals(STDIN)) {
        Path file = call.session().path(name);
        JobFolder folder = actor.job(Files.exists(file) ? fingerprint(actor, file) : "none");
        store(call, actor, file, folder, wish);
        return 0;
      }
      try (Spool spool = Spool.of(System.in, call.session().home().resolve("spool"))) {
        store(call, actor, spool.file(), actor.passingJob(), wish);
        return 0;
      }
    } catch (StorageException failure) {
      throw ActorFailures.of(failure);
    } catch (ClientException failure) {
      throw ActorFailures.of(failure);
    }
  }

  private static void store(Call call, Actor actor, Path file, JobFolder folder, StoreWish wish)
      throws Failure, ClientException, StorageException, IOException, InterruptedException {
    boolean isQuiet = call.arguments().has("-q");
    try (FileSource source = FileSource.open(file);
        Progress progress = new Progress(call.console(), isQuiet, "undchain store " + file);
        ClientNode node = actor.connect(folder)) {
      StoreJob.Stored stored =
          new StoreJob(node, folder, source, wish, Patience.USUAL, progress).run();
      if (call.console().isJson()) {
        call.console().document(document(actor, stored));
      } else {
        call.console().line(stored.objectId());
        call.console()
            .note(
                stored.total()
                    + " partners, any "
                    + stored.needed()
                    + " restore it; paid "
                    + Und.text(stored.amountGrains()));
      }
    }
  }

  private static Json document(Actor actor, StoreJob.Stored stored) {
    var document =
        Json.object()
            .put("objectId", stored.objectId())
            .put("jobId", stored.jobId().hex())
            .putInt64("slot", stored.slot())
            .putInt64("height", stored.height())
            .put("stamps", actor.stamps(stored.stampers()))
            .put("shards", stored.needed() + "/" + stored.total())
            .put("partners", stored.holders().stream().map(h -> holder(actor, h)).toList())
            .putInt64("amountGrains", stored.amountGrains())
            .put("receipts", stored.receipts().stream().map(StoreCommand::receipt).toList())
            .put("skipped", SkippedPartners.json(actor, stored.skipped()))
            .putInt64("completeHeight", stored.completeHeight());
    if (stored.paidPeriod() >= 0) {
      document.putInt64("paidPeriod", stored.paidPeriod());
    }
    return document.build();
  }

  private static Json holder(Actor actor, StoreJob.Holder holder) {
    return Json.object()
        .put("id", Address.of(holder.partner()))
        .put("name", actor.nameOf(holder.partner()))
        .put("score", Json.hundredths(holder.score()))
        .build();
  }

  private static Json receipt(StoreJob.Receipt receipt) {
    return Json.object()
        .put("contractId", receipt.contractId().hex())
        .put("partner", Address.of(receipt.partner()))
        .putInt64("units", receipt.units())
        .putInt64("amountGrains", receipt.amountGrains())
        .put("kind", receipt.kind())
        .putInt64("height", receipt.height())
        .build();
  }

  private static StoreWish wish(Call call) throws Failure {
    Optional<String> shards = call.arguments().text("--shards");
    Optional<String> price = call.arguments().text("--max-price");
    return new StoreWish(
        shards.isPresent() ? Optional.of(shards(shards.get())) : Optional.empty(),
        price.isPresent() ? OptionalLong.of(Und.grains(price.get())) : OptionalLong.empty(),
        until(call.arguments().text("--wait").orElse("complete")));
  }

  private static StoreWish.Shards shards(String text) throws Failure {
    Matcher matcher = SHARDS.matcher(text);
    if (matcher.matches()) {
      int needed = Integer.parseInt(matcher.group(1));
      int total = Integer.parseInt(matcher.group(2));
      if (needed >= 1 && total > needed && total <= ErasureCode.SHARDS_MAX) {
        return new StoreWish.Shards(needed, total);
      }
    }
    throw Failure.usage(
        "--shards " + text + " is no K/N",
        "K is 1 or more, N more than K and at most " + ErasureCode.SHARDS_MAX,
        "--shards 4/8");
  }

  private static StoreWish.Until until(String text) throws Failure {
    return switch (text) {
      case "committed" -> StoreWish.Until.COMMITTED;
      case "complete" -> StoreWish.Until.COMPLETE;
      case "paid" -> StoreWish.Until.PAID;
      default ->
          throw Failure.usage(
              "--wait " + text + " is unknown",
              "a store can be waited for until it is committed, complete or paid",
              "--wait complete");
    };
  }

  /** The same for the same file, key and chain as long as the file is not touched. */
  private static String fingerprint(Actor actor, Path file) throws IOException {
    String words =
        file.toRealPath() + "\n" + Files.size(file) + "\n" + Files.getLastModifiedTime(file);
    return Hashes.tagged(
            "store-job",
            actor.chain().context().chainId().bytes(),
            actor.id().bytes(),
            Bytes.wrap(words.getBytes(StandardCharsets.UTF_8)))
        .hex()
        .substring(0, 32);
  }
}
