package org.undchain.node.cli.read;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.undchain.core.value.Address;
import org.undchain.node.cli.Arguments;
import org.undchain.node.cli.Command;
import org.undchain.node.cli.Command.Call;
import org.undchain.node.cli.Failure;
import org.undchain.node.cli.KeyRing;
import org.undchain.node.cli.Option;

/** The commands that are one question to a node each (docs/api.md). */
public final class Questions {
  private static final int LAST_DEFAULT = 10;
  private static final int LAST_MAX = 1000;
  private static final Option PERIOD = new Option("--period", "P", "only those of this pay period");

  private Questions() {}

  public static Command status() {
    return new Question(
        "",
        "height, slot, block time and pay period of a node",
        List.of("undchain status", "undchain status --json"),
        List.of(),
        call -> fixed(call, "/v1/status"),
        (page, answer) ->
            page.fields(answer, "height", "slot", "blockTime", "period", "setHash", "synced"));
  }

  public static Command validators() {
    return new Question(
        "",
        "the validators of this pay period",
        List.of("undchain validators"),
        List.of(),
        call -> fixed(call, "/v1/validators"),
        (page, answer) ->
            page.table(
                answer.objects("validators"),
                "no validators",
                "name",
                "role",
                "class",
                "score",
                "id"));
  }

  public static Command partners() {
    return new Question(
        "",
        "partners on offer, best score first",
        List.of("undchain partners"),
        List.of(),
        call -> fixed(call, "/v1/partners"),
        (page, answer) ->
            page.table(
                answer.objects("partners"),
                "no partner has signed on yet",
                "name",
                "utility",
                "score",
                "tenure",
                "id"));
  }

  public static Command balance() {
    return new Question(
        "[WHO]",
        "what an account has and what is held in escrow",
        List.of("undchain balance", "undchain balance bob", "undchain balance und1…"),
        List.of(),
        call -> "/v1/accounts/" + who(call),
        (page, answer) -> page.fields(answer, "id", "balanceGrains", "escrowGrains"));
  }

  public static Command score() {
    return new Question(
        "[WHO]",
        "perception scores of everybody, or of one",
        List.of("undchain score", "undchain score p3"),
        List.of(),
        call -> {
          call.arguments().refuseMoreThan(1);
          return call.arguments().operands().isEmpty() ? "/v1/scores" : "/v1/scores/" + who(call);
        },
        (page, answer) ->
            page.table(
                answer.objects("scores"),
                "nobody has a score yet",
                "role",
                "score",
                "tenure",
                "id"));
  }

  public static Command jobs() {
    return new Question(
        "[--period P] [--of WHO]",
        "jobs of a pay period and how far they are",
        List.of("undchain jobs", "undchain jobs --of alice --period 3"),
        List.of(PERIOD, new Option("--of", "WHO", "only those of this client")),
        call -> {
          Query query = new Query("/v1/jobs").with("period", period(call));
          Optional<String> client = call.arguments().text("--of");
          return client.isPresent()
              ? query.with("client", account(call, client.get())).path()
              : query.path();
        },
        (page, answer) ->
            page.table(
                answer.objects("jobs"),
                "no jobs",
                "state",
                "type",
                "requestHeight",
                "jobId",
                "reason"));
  }

  public static Command job() {
    return new Question(
        "ID",
        "one job: state, blocks, seats and receipts",
        List.of("undchain job 5f0c…"),
        List.of(),
        call -> "/v1/jobs/" + id(call),
        (page, answer) -> {
          page.fields(answer, "jobId", "type", "client", "state", "reason", "requestHeight");
          page.table(
              answer.objects("seats"),
              "no seat is taken",
              "partner",
              "startHeight",
              "closeHeight",
              "kind",
              "amountGrains");
        });
  }

  public static Command receipts() {
    return new Question(
        "[--period P]",
        "receipts of this key",
        List.of("undchain receipts", "undchain --key bob receipts --period 3"),
        List.of(PERIOD),
        call -> {
          call.arguments().refuseMoreThan(0);
          return new Query("/v1/receipts")
              .with("account", own(call))
              .with("period", period(call))
              .path();
        },
        (page, answer) ->
            page.table(
                answer.objects("receipts"),
                "no receipts",
                "kind",
                "amountGrains",
                "signed",
                "completeHeight",
                "paidPeriod",
                "jobId"));
  }

  public static Command blocks() {
    return new Question(
        "[--last N]",
        "the newest blocks",
        List.of("undchain blocks", "undchain blocks --last 50"),
        List.of(new Option("--last", "N", "how many (default " + LAST_DEFAULT + ")")),
        call -> {
          call.arguments().refuseMoreThan(0);
          return "/v1/blocks?last=" + call.arguments().integer("--last", LAST_DEFAULT, 1, LAST_MAX);
        },
        (page, answer) ->
            page.table(
                answer.objects("blocks"),
                "no blocks yet",
                "height",
                "slot",
                "round",
                "entryIds",
                "headerHash"));
  }

  public static Command block() {
    return new Question(
        "HEIGHT",
        "one block: its job file's entries and who signed",
        List.of("undchain block 17"),
        List.of(),
        call -> {
          call.arguments().refuseMoreThan(1);
          return "/v1/blocks/" + call.arguments().integer(0, "HEIGHT", 0, Long.MAX_VALUE);
        },
        (page, answer) ->
            page.fields(answer, "height", "slot", "headerHash", "round", "signers", "entryIds"));
  }

  public static Command payout() {
    return new Question(
        "PERIOD",
        "a payout file: who got how much and why",
        List.of("undchain payout 3"),
        List.of(),
        call -> {
          call.arguments().refuseMoreThan(1);
          return "/v1/payouts/" + call.arguments().integer(0, "PERIOD", 0, Long.MAX_VALUE);
        },
        (page, answer) -> {
          page.fields(answer, "period", "inGrains", "outGrains", "hash");
          page.table(answer.objects("rows"), "nobody was paid", "account", "amountGrains", "why");
        });
  }

  private static String fixed(Call call, String path) throws Failure {
    call.arguments().refuseMoreThan(0);
    return path;
  }

  private static Optional<String> period(Call call) throws Failure {
    Arguments arguments = call.arguments();
    arguments.refuseMoreThan(0);
    return arguments.has("--period")
        ? Optional.of(Long.toString(arguments.integer("--period", 0, 0, Long.MAX_VALUE)))
        : Optional.empty();
  }

  /** The account named first, or the caller's. */
  private static String who(Call call) throws Failure, IOException {
    call.arguments().refuseMoreThan(1);
    Optional<String> named = call.arguments().operandIfPresent(0);
    return named.isPresent() ? account(call, named.get()) : own(call);
  }

  private static String account(Call call, String name) throws Failure, IOException {
    return Address.of(new KeyRing(call.session()).account(name));
  }

  private static String own(Call call) throws Failure, IOException {
    return Address.of(KeyRing.signer(new KeyRing(call.session()).chosen()).id());
  }

  static String id(Call call) throws Failure {
    call.arguments().refuseMoreThan(1);
    String id = call.arguments().operand(0, "ID");
    if (!id.matches("[0-9a-f]{64}")) {
      throw Failure.usage(
          "\"" + id + "\" is no id", "ids of jobs and entries are 64 hex digits", "undchain jobs");
    }
    return id;
  }

  /** A path with parameters. */
  private record Query(String path) {
    Query with(String name, Optional<String> value) {
      return value.isPresent() ? with(name, value.get()) : this;
    }

    Query with(String name, String value) {
      String sign = path.contains("?") ? "&" : "?";
      return new Query(path + sign + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
  }
}
