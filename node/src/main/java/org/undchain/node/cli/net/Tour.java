package org.undchain.node.cli.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.undchain.core.value.Grains;
import org.undchain.node.cli.Command.Call;
import org.undchain.node.cli.Devnet;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.net.TourSteps.Result;
import org.undchain.node.cli.read.LocalApi;
import org.undchain.node.json.Json;

/**
 * The steps of the main job. Each is done by the command a user would type; what it claims is
 * checked against what a validator answers.
 */
final class Tour {
  private static final int STAMPS_MIN = 3;
  private static final long POLL_MILLIS = 250;
  private static final long TELL_MILLIS = 10_000;
  private static final long BEHIND_MILLIS_MAX = 60_000;

  /** A payout that does not come within so many periods does not come. */
  private static final int PERIODS_MAX = 3;

  private final Inner inner;
  private final Call call;
  private final TourSteps steps;
  private final Path folder;
  private final Path file;
  private final LocalApi api;
  private Json.Obj stored = Json.object().build();

  Tour(Call call, TourSteps steps, Path folder, Path file) throws Failure, IOException {
    this.inner = new Inner(call);
    this.call = call;
    this.steps = steps;
    this.folder = folder;
    this.file = file;
    this.api = LocalApi.of(call.session());
  }

  void run() throws Failure, IOException, InterruptedException {
    steps.run("store", this::store);
    steps.run("promise", this::promise);
    steps.run("block", this::block);
    steps.run("partners", this::partners);
    steps.run("receipts", this::receipts);
    steps.run("complete", this::complete);
    steps.run("get", this::get);
    steps.run("payday", this::payday);
    steps.run("payout", this::payout);
    steps.run("proof", this::proof);
    steps.run("tampered", this::tampered);
  }

  private Result store() throws Failure, IOException {
    stored = inner.done("store", file.toString());
    return Result.ok(
        file.getFileName()
            + ", "
            + Files.size(file)
            + " bytes: encrypted, cut into shards, stored as\n"
            + text(stored, "objectId"));
  }

  private Result promise() {
    Set<String> validators = new LinkedHashSet<>();
    List<String> words = new ArrayList<>();
    for (Json.Obj stamp : stored.objects("stamps")) {
      if (validators.add(text(stamp, "validator"))) {
        words.add(nameOf(text(stamp, "validator")) + " " + text(stamp, "class"));
      }
    }
    return Result.check(
        validators.size() >= STAMPS_MIN,
        "slot "
            + text(stored, "slot")
            + " promised by the stamps of "
            + validators.size()
            + " validators: "
            + String.join(", ", words));
  }

  private Result block() throws Failure, IOException, InterruptedException {
    awaitBlock(stored.integer("completeHeight").orElse(0L));
    String height = text(stored, "height");
    Json.Obj block = api.get("/v1/blocks/" + height);
    boolean isIn =
        block.list("entryIds").contains(new Json.Str(text(stored, "jobId")))
            && text(block, "slot").equals(text(stored, "slot"));
    return Result.check(
        isIn,
        "the request is in block "
            + height
            + " of that slot, signed by "
            + block.list("signers").size()
            + " validators in round "
            + block.integer("round").orElse(-1L));
  }

  /** The node that is asked may be a block behind those that told the client. */
  private void awaitBlock(long height) throws Failure, IOException, InterruptedException {
    long deadline = System.nanoTime() + BEHIND_MILLIS_MAX * 1_000_000;
    while (api.get("/v1/status").integer("height").orElse(0L) < height
        && System.nanoTime() < deadline) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  private Result partners() {
    List<String> words = new ArrayList<>();
    boolean haveScores = true;
    for (Json.Obj partner : stored.objects("partners")) {
      Optional<Json> score = partner.field("score").filter(Json.Num.class::isInstance);
      haveScores &= score.isPresent();
      words.add(text(partner, "name") + " score " + score.map(Json::compact).orElse("?"));
    }
    return Result.check(
        haveScores && !words.isEmpty(),
        words.size() + " offers became contracts: " + String.join(", ", words));
  }

  /** What the chain says of the session: a receipt of both sides for each partner that holds. */
  private Result receipts() throws Failure, IOException {
    Set<String> holders = holders();
    List<Json.Obj> ours = new ArrayList<>(receiptsOfJob());
    ours.removeIf(receipt -> !holders.contains(text(receipt, "partner")));
    long dual = ours.stream().filter(r -> text(r, "signed").equals("dual")).count();
    long total = ours.stream().mapToLong(r -> r.integer("amountGrains").orElse(0L)).sum();
    return Result.check(
        !ours.isEmpty() && dual == ours.size() && ours.size() == holders.size(),
        dual + " receipts with both signatures, " + und(total) + " together");
  }

  private Set<String> holders() {
    Set<String> holders = new LinkedHashSet<>();
    stored.objects("partners").forEach(partner -> holders.add(text(partner, "id")));
    return holders;
  }

  private List<Json.Obj> receiptsOfJob() throws Failure, IOException {
    String client = text(api.get("/v1/jobs/" + text(stored, "jobId")), "client");
    return api.get("/v1/receipts?account=" + client).objects("receipts").stream()
        .filter(receipt -> text(receipt, "jobId").equals(text(stored, "jobId")))
        .toList();
  }

  /** The seats of the partners that hold a shard are closed; one that was replaced is named. */
  private Result complete() throws Failure, IOException {
    Set<String> holders = holders();
    List<String> closed = new ArrayList<>();
    List<String> replaced = new ArrayList<>();
    for (Json.Obj seat : api.get("/v1/jobs/" + text(stored, "jobId")).objects("seats")) {
      String partner = text(seat, "partner");
      if (!holders.contains(partner)) {
        replaced.add(nameOf(partner));
      } else if (seat.integer("closeHeight").filter(height -> height > 0).isPresent()) {
        closed.add(
            nameOf(partner) + " " + text(seat, "startHeight") + "-" + text(seat, "closeHeight"));
      }
    }
    return Result.check(
        !closed.isEmpty() && closed.size() == holders.size(),
        "START and COMPLETE are in blocks: "
            + String.join(", ", closed)
            + (replaced.isEmpty() ? "" : "; replaced: " + String.join(", ", replaced)));
  }

  private Result get() throws Failure, IOException {
    Path back = folder.resolve("back.bin");
    Json.Obj got = inner.done("get", text(stored, "objectId"), "-o", back.toString());
    boolean isSame = Files.mismatch(file, back) == -1;
    Files.delete(back);
    return Result.check(
        isSame,
        Files.size(file)
            + " bytes came back from "
            + got.integer("shardsUsed").orElse(0L)
            + " shards and are "
            + (isSame ? "the same" : "NOT the same"));
  }

  /** Waits until every receipt is paid, with a countdown for whoever watches. */
  private Result payday() throws Failure, IOException, InterruptedException {
    long slotMillis = fromDevnet("slotMillis", 2000);
    long periodSlots = fromDevnet("periodSlots", 60);
    long deadline = System.nanoTime() + PERIODS_MAX * slotMillis * periodSlots * 1_000_000;
    long told = System.nanoTime() - TELL_MILLIS * 1_000_000;
    while (System.nanoTime() < deadline) {
      List<Json.Obj> receipts = receiptsOfJob();
      if (!receipts.isEmpty()
          && receipts.stream().allMatch(r -> r.integer("paidPeriod").isPresent())) {
        return Result.ok(receipts.size() + " receipts are in a payout");
      }
      if (System.nanoTime() - told >= TELL_MILLIS * 1_000_000) {
        told = System.nanoTime();
        long slot = api.get("/v1/status").integer("slot").orElse(0L);
        long left = (periodSlots - Math.floorMod(slot, periodSlots)) * slotMillis / 1000;
        call.console().note("    the pay period ends in about " + left + " s");
      }
      Thread.sleep(POLL_MILLIS);
    }
    return Result.check(false, "no payout paid the job within " + PERIODS_MAX + " periods");
  }

  private Result payout() throws Failure, IOException {
    List<Json.Obj> receipts = receiptsOfJob();
    Optional<Long> period =
        receipts.stream().flatMap(r -> r.integer("paidPeriod").stream()).findFirst();
    if (period.isEmpty()) {
      return Result.check(false, "no receipt names the payout that paid it");
    }
    Json.Obj payout = api.get("/v1/payouts/" + period.get());
    Set<String> paid = new LinkedHashSet<>();
    for (Json.Obj row : payout.objects("rows")) {
      if (row.integer("amountGrains").filter(grains -> grains > 0).isPresent()) {
        paid.add(text(row, "account"));
      }
    }
    boolean areAllPaid =
        receipts.stream()
            .filter(receipt -> receipt.integer("amountGrains").orElse(0L) > 0)
            .allMatch(receipt -> paid.contains(text(receipt, "partner")));
    boolean isBalanced =
        payout.integer("inGrains").isPresent()
            && payout.integer("inGrains").equals(payout.integer("outGrains"));
    return Result.check(
        areAllPaid && isBalanced,
        "payout file of period "
            + period.get()
            + ": in "
            + und(payout.integer("inGrains").orElse(-1L))
            + " = out "
            + und(payout.integer("outGrains").orElse(-1L))
            + ", "
            + (areAllPaid ? "every partner is paid" : "NOT every partner is paid"));
  }

  private Result proof() throws Failure, IOException {
    Path proof = folder.resolve("proof");
    inner.done("proof", text(stored, "jobId"), "-o", proof.toString());
    Json.Obj verdict = inner.done("verify", proof.toString());
    return Result.check(
        verdict.bool("ok").orElse(false),
        Files.size(proof)
            + " bytes prove the job to anybody with the genesis: "
            + text(verdict, "what")
            + " in block "
            + text(verdict, "height"));
  }

  /** The same proof with one bit turned must be refused. */
  private Result tampered() throws Failure, IOException {
    Path proof = folder.resolve("proof");
    byte[] bytes = Files.readAllBytes(proof);
    bytes[bytes.length / 2] ^= 1;
    Files.write(proof, bytes);
    int code = inner.call("verify", proof.toString()).code();
    return Result.check(
        code == 6, "with one bit turned it is " + (code == 6 ? "refused" : "NOT refused"));
  }

  private long fromDevnet(String field, long otherwise) throws Failure, IOException {
    return Devnet.running(call.session())
        .flatMap(devnet -> devnet.document().integer(field))
        .orElse(otherwise);
  }

  private String nameOf(String id) {
    try {
      List<Json.Obj> nodes = Devnet.running(call.session()).map(Devnet::nodes).orElse(List.of());
      for (Json.Obj node : nodes) {
        if (text(node, "id").equals(id)) {
          return text(node, "name");
        }
      }
    } catch (Failure | IOException unknown) {
      // then by its id
    }
    return id;
  }

  private static String und(long grains) {
    return grains / Grains.PER_UND
        + "."
        + String.format(java.util.Locale.ROOT, "%09d", grains % Grains.PER_UND)
        + " UND";
  }

  /** A field as people read it, whatever its kind. */
  private static String text(Json.Obj object, String field) {
    return object.text(field).or(() -> object.integer(field).map(String::valueOf)).orElse("");
  }
}
