package org.undchain.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.undchain.core.codec.Canonical;
import org.undchain.core.value.Address;
import org.undchain.core.value.Hash;
import org.undchain.node.cli.Tool;
import org.undchain.node.json.Json;
import org.undchain.sim.Signatures;

/** The reading commands against a real door, with the JSON fields that the contract names. */
@Tag("slow")
final class ReadingTest {
  @TempDir static Path folder;

  private static ApiServer server;
  private static String ann;
  private static Hash job;
  private static Hash transfer;

  @BeforeAll
  static void settle() throws Exception {
    Town town = new Town(Signatures.real());
    town.pass(2);
    town.subscribe("paul");
    job = town.request("ann", 1);
    town.pass(2);
    Town.Deal deal = town.start(job, "ann", "paul");
    town.pass(2);
    town.close(deal, 700_000);
    town.pass(Town.PERIOD - 6);
    town.subscribe("paul");
    transfer = town.transfer("ann", "bob", 5_000_000_000L);
    town.pass(3);
    ann = Address.of(town.story().id("ann"));
    Files.write(folder.resolve("genesis"), Canonical.encode(town.genesis()).toByteArray());
    server = ApiServer.start(folder.resolve("api.sock"), town.view(), town.names(), () -> "");
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @Test
  void everyAnswerHasTheFieldsOfTheContract() throws Exception {
    has(json("status"), "height", "slot", "blockTime", "period", "setHash", "synced");
    has(
        first("validators", "validators"),
        "id",
        "name",
        "role",
        "class",
        "grpc",
        "score",
        "height");
    has(first("partners", "partners"), "id", "name", "utility", "score", "tenure", "grpc");
    has(json("balance", ann), "id", "balanceGrains", "escrowGrains", "aliases");
    has(first("scores", "score"), "id", "role", "score", "tenure");
    has(first("scores", "score", ann), "id", "role", "score", "tenure");
    String[] ofJob = {"jobId", "type", "client", "state", "requestHeight", "seats"};
    has(first("jobs", "jobs"), ofJob);
    has(json("job", job.hex()), ofJob);
    has(
        json("job", job.hex()).objects("seats").getFirst(),
        "partner",
        "startHeight",
        "closeHeight",
        "kind",
        "amountGrains");
    String[] ofBlock = {"height", "slot", "headerHash", "entryIds", "round", "signers"};
    has(first("blocks", "blocks"), ofBlock);
    has(json("block", "3"), ofBlock);
    has(json("payout", "0"), "period", "rows", "inGrains", "outGrains", "hash");
  }

  @Test
  void peopleReadTablesAndUnd() {
    assertThat(call("status").out()).contains("height", "synced").contains("yes");
    assertThat(call("validators").out()).contains("NAME", "v1", "active", "known");
    assertThat(call("partners").out()).contains("p1", "storage", "444");
    assertThat(call("balance", ann).out()).contains("UND");
    assertThat(call("job", job.hex()).out()).contains("SETTLED", "DUAL", "0.0007 UND");
    assertThat(call("payout", "0").out()).contains("partner: seat 0", "refund");
    assertThat(call("blocks", "--last", "3").out().lines()).hasSize(4);
  }

  @Test
  @Tag("R12.4")
  void aProofIsFetchedFromTheNodeAndVerifiedWithoutIt() throws Exception {
    for (Hash id : List.of(job, transfer)) {
      Path file = folder.resolve("proof");
      assertThat(call("proof", id.hex(), "-o", file.toString()).code()).isZero();
      Tool.Outcome verified = offline("verify", file.toString(), "--genesis", "genesis", "--json");
      assertThat(verified.err()).isEmpty();
      Json.Obj answer = (Json.Obj) Json.parse(verified.out());
      has(answer, "ok", "what", "height", "period", "signers");
      assertThat(answer.bool("ok")).contains(true);
      assertThat(answer.list("signers")).hasSizeGreaterThanOrEqualTo(3);
      assertThat(offline("verify", file.toString(), "--genesis", "genesis").out()).startsWith("ok");
      assertThat(Files.readAllBytes(file)).isEqualTo(call("proof", id.hex(), "-o", "-").bytes());

      byte[] bytes = Files.readAllBytes(file);
      for (int at = 0; at < bytes.length; at += 97) {
        bytes[at] ^= 1;
        Files.write(file, bytes);
        Tool.Outcome spoilt = offline("verify", file.toString(), "--genesis", "genesis");
        assertThat(spoilt.code()).as("byte %d", at).isEqualTo(6);
        assertThat(spoilt.err()).contains("error[UND-6003]", "why:", "try:");
        bytes[at] ^= 1;
      }
    }
  }

  @Test
  void whatCannotBeVerifiedSaysWhatIsMissing() throws IOException {
    assertThat(offline("verify", "genesis").code()).isEqualTo(3);
    assertThat(offline("verify", "absent", "--genesis", "genesis").code()).isEqualTo(3);
    Files.writeString(folder.resolve("text"), "hello");
    assertThat(offline("verify", "text", "--genesis", "text").err()).contains("UND-6004");
    assertThat(offline("verify", "text", "--genesis", "genesis").err()).contains("UND-6003");
    assertThat(call("proof", "f".repeat(64), "-o", "none").code()).isEqualTo(3);
    assertThat(folder.resolve("none")).doesNotExist();
    assertThat(call("proof", job.hex()).err()).contains("-o is missing");
    assertThat(call("proof", job.hex(), "-o", "no/such/folder").err()).contains("UND-1410");
  }

  @Test
  void aRefusalOfTheNodeIsTheToolsOwn() {
    Tool.Outcome absent = call("block", "999999");
    assertThat(absent.code()).isEqualTo(3);
    assertThat(absent.err()).contains("error[UND-3004]", "(v1)", "why: this node has blocks 1 to");
    assertThat(call("payout", "7").code()).isEqualTo(3);
  }

  @Test
  void theWarmUpAsksADoorOfItsOwn() {
    Tool.Outcome warm = offline("warm-up", "read");
    assertThat(warm.code()).isZero();
    assertThat(warm.out()).contains("height").contains("\"blocks\"");
    assertThat(warm.err()).contains("UND-3004", "UND-6003").doesNotContain("UND-9", "UND-5");
  }

  // --- calling
  // ------------------------------------------------------------------------------------

  private static Tool.Outcome call(String... words) {
    List<String> all = new ArrayList<>(List.of("--api", "unix:api.sock"));
    all.addAll(List.of(words));
    return offline(all.toArray(String[]::new));
  }

  private static Tool.Outcome offline(String... words) {
    return new Tool(folder).call(words);
  }

  private static Json.Obj json(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--json");
    Tool.Outcome outcome = call(all.toArray(String[]::new));
    assertThat(outcome.code()).as(outcome.out()).isZero();
    return outcome.document();
  }

  private static Json.Obj first(String list, String... words) throws Exception {
    return json(words).objects(list).getFirst();
  }

  private static void has(Json.Obj object, String... fields) {
    assertThat(object.fields().keySet()).contains(fields);
  }
}
