package org.undchain.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.codec.Canonical;
import org.undchain.core.message.Envelope;
import org.undchain.core.value.Address;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.node.json.Json;

/** What the API tells of a chain on which people live, question by question (docs/api.md). */
@Tag("slow")
final class ChainViewTest {
  @TempDir Path folder;

  private final Town town = new Town();
  private Optional<ApiServer> server = Optional.empty();

  @BeforeEach
  void wake() {
    town.pass(2);
  }

  @AfterEach
  void close() {
    server.ifPresent(ApiServer::close);
  }

  @Test
  void statusTellsWhereTheChainIs() throws Exception {
    Json.Obj status = ask("/v1/status");
    long height = status.integer("height").orElseThrow();
    assertThat(height).isPositive();
    assertThat(status.text("height")).contains(Long.toString(height));
    assertThat(status.text("blockTime")).contains("2026-01-01T00:00:0" + 2 * (height - 1) + "Z");
    assertThat(status.integer("period")).contains(0L);
    assertThat(status.bool("synced")).contains(true);
    assertThat(status.text("setHash").orElseThrow()).matches("[0-9a-f]{64}");
  }

  @Test
  void beforeTheFirstBlockThereIsAnAnswerToo() throws Exception {
    ChainView fresh =
        ChainView.of(town.story().chain(), town.genesis(), town.self(), town.archive());
    serve(fresh);
    assertThat(get("/v1/status").integer("height")).contains(0L);
    assertThat(get("/v1/blocks").list("blocks")).isEmpty();
    assertThat(refusal("/v1/blocks/1").text("code")).contains("UND-3004");
  }

  @Test
  void validatorsHaveNamesClassesAndTheHeightTheyTold() throws Exception {
    List<Json.Obj> validators = ask("/v1/validators").objects("validators");
    assertThat(validators).hasSize(4);
    assertThat(validators.stream().map(one -> one.text("name").orElseThrow()))
        .containsExactly("v1", "v2", "v3", "v4");
    assertThat(validators).allMatch(one -> one.text("role").equals(Optional.of("active")));
    assertThat(validators.getFirst().text("class")).contains("known");
    assertThat(validators.getLast().text("class")).contains("unknown");
    assertThat(validators).allMatch(one -> one.integer("height").orElse(0L) > 0);
    assertThat(validators.getFirst().field("score")).contains(new Json.Num("444"));
  }

  @Test
  @Tag("R6.1")
  void aPartnerIsOnOfferWhileItIsSubscribed() throws Exception {
    assertThat(ask("/v1/partners").objects("partners")).isEmpty();
    town.subscribe("paul");
    town.pass(1);
    Json.Obj paul = ask("/v1/partners").objects("partners").getFirst();
    assertThat(paul.text("name")).contains("p1");
    assertThat(paul.text("utility")).contains("storage");
    assertThat(paul.text("grpc")).contains(Town.GRPC);
    assertThat(paul.text("id")).contains(Address.of(town.story().id("paul")));
    town.pass(30);
    assertThat(ask("/v1/partners").objects("partners")).as("silent for too long").isEmpty();
  }

  @Test
  void anAccountHasBalanceEscrowAndAliases() throws Exception {
    town.alias("ann", "ann-of-green-gables");
    town.request("ann", 2);
    town.pass(3);
    Json.Obj ann = account("ann");
    assertThat(ann.integer("escrowGrains").orElseThrow()).isGreaterThan(2_000_000);
    assertThat(ann.list("aliases")).containsExactly(new Json.Str("ann-of-green-gables"));
    assertThat(ann.bool("exists")).contains(true);
    Json.Obj stranger = account("stranger");
    assertThat(stranger.text("balanceGrains")).contains("0");
    assertThat(stranger.bool("exists")).contains(false);
  }

  @Test
  void aJobIsFollowedFromRequestToPayout() throws Exception {
    Hash job = town.request("ann", 1);
    town.pass(2);
    assertThat(job(job).text("state")).contains("REQUESTED");
    assertThat(job(job).text("type")).contains("storage");
    Town.Deal deal = town.start(job, "ann", "paul");
    town.pass(2);
    assertThat(job(job).text("state")).contains("STARTED");
    town.close(deal, 700_000);
    town.pass(2);
    Json.Obj closed = job(job);
    assertThat(closed.text("state")).contains("CLOSED");
    Json.Obj seat = closed.objects("seats").getFirst();
    assertThat(seat.text("kind")).contains("DUAL");
    assertThat(seat.text("partner")).contains(Address.of(town.story().id("paul")));
    assertThat(seat.integer("closeHeight").orElseThrow())
        .isGreaterThan(seat.integer("startHeight").orElseThrow());

    town.pass(Town.PERIOD);
    Json.Obj settled = job(job);
    assertThat(settled.text("state")).contains("SETTLED");
    assertThat(settled.text("requestHeight")).isEqualTo(closed.text("requestHeight"));
    for (String field : List.of("partner", "startHeight", "closeHeight", "kind", "amountGrains")) {
      assertThat(settled.objects("seats").getFirst().text(field)).isEqualTo(seat.text(field));
    }
    assertThat(ask("/v1/jobs?period=0").objects("jobs")).hasSize(1);
    assertThat(ask("/v1/jobs?period=1").objects("jobs")).isEmpty();
    assertThat(ask("/v1/jobs?client=" + address("ann")).objects("jobs")).hasSize(1);
    assertThat(ask("/v1/jobs?client=" + address("bob")).objects("jobs")).isEmpty();
  }

  @Test
  @Tag("R7.12")
  void aJobThatCameToNothingSaysWhy() throws Exception {
    Hash cancelled = town.request("ann", 1);
    Hash alone = town.request("ann", 1);
    Hash silent = town.request("ann", 1);
    town.pass(2);
    town.cancel("ann", cancelled);
    town.start(silent, "ann", "paul");
    town.pass(2);
    assertThat(job(cancelled).text("state")).contains("CANCELLED");
    town.pass(Town.PERIOD);
    assertThat(job(cancelled).text("reason")).contains("CANCELLED_BY_CLIENT");
    assertThat(job(alone).text("reason")).contains("NOT_STARTED");
    assertThat(job(silent).text("reason")).contains("BOTH_SILENT");
    for (Hash id : List.of(cancelled, alone, silent)) {
      assertThat(job(id).text("state")).contains("CANCELLED");
    }
  }

  @Test
  void receiptsNameWhoSignedAndThePayoutThatPaid() throws Exception {
    Hash both = town.request("ann", 1);
    Hash partnerAlone = town.request("bob", 1);
    Hash clientAlone = town.request("bob", 1);
    town.pass(2);
    Town.Deal first = town.start(both, "ann", "paul");
    Town.Deal second = town.start(partnerAlone, "bob", "paul");
    Town.Deal third = town.start(clientAlone, "bob", "paul");
    town.pass(2);
    town.close(first, 700_000);
    town.closeAlone(second, "paul", 400_000);
    town.closeAlone(third, "bob", 300_000);
    town.pass(2);
    assertThat(signed("paul", both)).isEqualTo("dual");
    assertThat(signed("paul", partnerAlone)).isEqualTo("partner");
    assertThat(signed("bob", clientAlone)).isEqualTo("client");
    assertThat(receipt("ann", both).text("paidPeriod")).isEmpty();

    town.pass(Town.PERIOD);
    assertThat(signed("paul", both)).isEqualTo("dual");
    assertThat(signed("paul", partnerAlone)).isEqualTo("partner");
    assertThat(signed("bob", clientAlone)).isEqualTo("client");
    Json.Obj paid = receipt("ann", both);
    assertThat(paid.text("paidPeriod")).contains("0");
    assertThat(paid.text("amountGrains")).contains("700000");
    assertThat(paid.integer("completeHeight").orElseThrow()).isPositive();
    assertThat(receipts("ann")).hasSize(1);
    assertThat(receipts("paul")).hasSize(3);
    assertThat(ask("/v1/receipts?period=1&account=" + address("paul")).list("receipts")).isEmpty();
  }

  @Test
  @Tag("R12.1")
  void aPayoutBalancesAndNamesEverybodyItPaid() throws Exception {
    List<Hash> jobs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      jobs.add(town.request("ann", 1));
    }
    town.pass(2);
    List<Town.Deal> deals = jobs.stream().map(job -> town.start(job, "ann", "paul")).toList();
    town.pass(2);
    deals.forEach(deal -> town.close(deal, 990_000));
    assertThat(refusedOf("/v1/payouts/0").text("reason")).contains("NOT_FOUND");
    town.pass(Town.PERIOD);
    Json.Obj payout = ask("/v1/payouts/0");
    assertThat(payout.text("inGrains")).isEqualTo(payout.text("outGrains"));
    List<Json.Obj> rows = payout.objects("rows");
    assertThat(rows.stream().mapToLong(row -> row.integer("amountGrains").orElseThrow()).sum())
        .isEqualTo(payout.integer("outGrains").orElseThrow());
    List<Json.Obj> ofPaul =
        rows.stream()
            .filter(row -> row.text("account").equals(Optional.of(address("paul"))))
            .toList();
    assertThat(ofPaul).hasSize(4);
    assertThat(ofPaul.stream().mapToLong(row -> row.integer("amountGrains").orElseThrow()).sum())
        .isEqualTo(town.story().balance("paul"));
    for (Hash job : jobs) {
      assertThat(ofPaul).anyMatch(row -> row.text("why").orElseThrow().contains(job.hex()));
    }
    assertThat(rows).anyMatch(row -> row.text("why").orElseThrow().startsWith("refund"));
    assertThat(rows).anyMatch(row -> row.text("why").orElseThrow().startsWith("validator"));
    assertThat(rows).anyMatch(row -> row.text("why").orElseThrow().startsWith("owner"));
  }

  @Test
  void blocksAreFoundInMemoryAndOnTheDisk() throws Exception {
    Hash transfer = town.transfer("ann", "bob", 5);
    town.pass(ChainView.BLOCKS_KEPT + 10);
    List<Json.Obj> blocks = ask("/v1/blocks?last=1000").objects("blocks");
    long height = ask("/v1/status").integer("height").orElseThrow();
    assertThat(blocks).hasSize((int) height);
    assertThat(blocks.getFirst().integer("height")).contains(height);
    assertThat(blocks)
        .filteredOn(block -> block.list("entryIds").contains(new Json.Str(transfer.hex())))
        .hasSize(1);
    assertThat(blocks).allMatch(block -> block.list("signers").size() >= 3);
    assertThat(ask("/v1/blocks?last=2").objects("blocks")).hasSize(2);
    Json.Obj old = ask("/v1/blocks/1");
    assertThat(old).isEqualTo(blocks.getLast());
  }

  @Test
  void everyAnswerIsTheSameAfterARestart() throws Exception {
    Hash job = town.request("ann", 1);
    town.pass(2);
    Town.Deal deal = town.start(job, "ann", "paul");
    Hash open = town.request("bob", 1);
    town.pass(2);
    town.close(deal, 700_000);
    town.pass(Town.PERIOD);
    Hash late = town.request("bob", 2);
    town.pass(3);
    List<String> questions =
        List.of(
            "/v1/status",
            "/v1/blocks?last=100",
            "/v1/jobs",
            "/v1/jobs/" + job.hex(),
            "/v1/jobs/" + open.hex(),
            "/v1/jobs/" + late.hex(),
            "/v1/receipts?account=" + address("paul"),
            "/v1/payouts/0",
            "/v1/scores",
            "/v1/accounts/" + address("ann"));
    serve(town.view());
    List<Json.Obj> before = new ArrayList<>();
    for (String question : questions) {
      before.add(get(question));
    }
    serve(town.restarted());
    for (int i = 0; i < questions.size(); i++) {
      assertThat(get(questions.get(i))).as(questions.get(i)).isEqualTo(before.get(i));
    }
  }

  @Test
  void theGenesisAndTheMetricsAreServedAsTheyAre() throws Exception {
    serve(town.view());
    Asking.Answer genesis = Asking.get(socket(), "/v1/genesis");
    assertThat(Canonical.decode(Envelope.parser(), Bytes.of(genesis.body())))
        .contains(town.genesis());
    assertThat(genesis.head()).contains("application/octet-stream");
    Asking.Answer metrics = Asking.get(socket(), "/metrics");
    assertThat(metrics.head()).contains("text/plain; version=0.0.4");
    assertThat(new String(metrics.body(), StandardCharsets.UTF_8)).isEqualTo("up 1\n");
  }

  // --- asking
  // -------------------------------------------------------------------------------------

  private Path socket() {
    return folder.resolve("api");
  }

  private void serve(ChainView view) throws ApiException {
    server.ifPresent(ApiServer::close);
    server = Optional.of(ApiServer.start(socket(), view, town.names(), () -> "up 1\n"));
  }

  private Json.Obj ask(String path) throws ApiException, IOException {
    serve(town.view());
    return get(path);
  }

  private Json.Obj get(String path) throws IOException {
    Asking.Answer answer = Asking.get(socket(), path);
    assertThat(answer.status()).as(() -> path + ": " + answer.json().compact()).isEqualTo(200);
    return answer.json();
  }

  private Json.Obj refusedOf(String path) throws ApiException, IOException {
    serve(town.view());
    return refusal(path);
  }

  private Json.Obj refusal(String path) throws IOException {
    Asking.Answer answer = Asking.get(socket(), path);
    assertThat(answer.status()).as(path).isGreaterThanOrEqualTo(400);
    return answer.error();
  }

  private String address(String name) {
    return Address.of(town.story().id(name));
  }

  private Json.Obj account(String name) throws Exception {
    return ask("/v1/accounts/" + address(name));
  }

  private Json.Obj job(Hash id) throws Exception {
    return ask("/v1/jobs/" + id.hex());
  }

  private List<Json.Obj> receipts(String name) throws Exception {
    return ask("/v1/receipts?account=" + address(name)).objects("receipts");
  }

  private Json.Obj receipt(String name, Hash job) throws Exception {
    return receipts(name).stream()
        .filter(receipt -> receipt.text("jobId").equals(Optional.of(job.hex())))
        .findFirst()
        .orElseThrow();
  }

  private String signed(String name, Hash job) throws Exception {
    return receipt(name, job).text("signed").orElseThrow();
  }
}
