package org.undchain.node.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.undchain.core.codec.Canonical;
import org.undchain.core.ledger.Chain;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Cert;
import org.undchain.core.value.Address;
import org.undchain.core.value.NodeId;
import org.undchain.node.json.Json;

/** The answers of a validator, by their paths (docs/api.md). */
final class Routes implements Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
  private static final int BLOCKS_DEFAULT = 10;
  private static final int BLOCKS_MAX = 1000;
  private static final int KIND_PREFIX = "BLOCK_KIND_".length();

  private final ChainView view;
  private final String origin;
  private final Supplier<String> metrics;
  private final Chain chain;
  private final History history;
  private final People people;
  private final Jobs jobs;
  private final Receipts receipts;
  private final ProofAnswer proofs;

  Routes(ChainView view, NameBook names, Supplier<String> metrics) {
    this.view = view;
    this.origin = names.of(view.self());
    this.metrics = metrics;
    this.chain = view.chain();
    this.history = view.history();
    this.people = new People(view, names);
    this.jobs = new Jobs(chain, history);
    this.receipts = new Receipts(chain, history, jobs);
    this.proofs = new ProofAnswer(history, jobs);
  }

  @Override
  public Reply reply(String target) {
    try {
      return answer(view.standing(), Question.of(target));
    } catch (Refused refused) {
      return refusal(refused);
    } catch (RuntimeException | AssertionError | StackOverflowError bug) {
      LOG.error("api=bug target=\"{}\"", target, bug);
      return refusal(Refused.bug(bug));
    }
  }

  @Override
  public Reply refusal(Refused refused) {
    return Reply.json(refused.status(), refused.json(origin));
  }

  private Reply answer(Standing now, Question question) throws Refused {
    List<String> path = question.path();
    if (path.equals(List.of("metrics"))) {
      question.taking();
      return Reply.metrics(metrics.get());
    }
    if (path.size() < 2 || path.size() > 3 || !path.getFirst().equals("v1")) {
      throw noSuchPath(question);
    }
    return path.size() == 2
        ? all(now, path.get(1), question)
        : one(now, path.get(1), path.get(2), question);
  }

  private Reply all(Standing now, String what, Question question) throws Refused {
    return switch (what) {
      case "status" -> plain(question, status(now));
      case "validators" -> plain(question, list("validators", people.validators(now)));
      case "partners" -> plain(question, list("partners", people.partners(now)));
      case "scores" -> plain(question, list("scores", people.scores(now)));
      case "jobs" -> Reply.json(jobs(now, question.taking("period", "client")));
      case "receipts" -> Reply.json(receipts(now, question.taking("account", "period")));
      case "blocks" -> Reply.json(blocks(now, question.taking("last")));
      case "genesis" -> {
        question.taking();
        yield Reply.file(Canonical.encode(view.genesis()));
      }
      default -> throw noSuchPath(question);
    };
  }

  private Reply one(Standing now, String what, String which, Question question) throws Refused {
    question.taking();
    return switch (what) {
      case "accounts" -> Reply.json(people.holder(now, Question.account("account", which)));
      case "scores" ->
          Reply.json(
              list("scores", List.of(people.score(now, Question.account("account", which)))));
      case "jobs" -> Reply.json(jobs.find(now, Question.hash(which)).json());
      case "blocks" -> Reply.json(block(now, Question.number("height", which)));
      case "payouts" -> Reply.json(payout(now, Question.number("period", which)));
      case "proofs" -> Reply.file(proofs.of(now, Question.hash(which)));
      default -> throw noSuchPath(question);
    };
  }

  private static Reply plain(Question question, Json.Builder answer) throws Refused {
    question.taking();
    return Reply.json(answer);
  }

  private static Json.Builder list(String name, List<Json.Obj> elements) {
    return Json.object().put(name, elements);
  }

  private static Refused noSuchPath(Question question) {
    return Refused.notFound(
        "there is nothing at /" + String.join("/", question.path()),
        "docs/api.md lists every path",
        "/v1/status");
  }

  private Json.Builder status(Standing now) {
    long slot = Math.max(0, now.slot());
    return Json.object()
        .putInt64("height", now.height())
        .putInt64("slot", slot)
        .put("blockTime", Instant.ofEpochMilli(chain.calendar().startOf(slot).millis()).toString())
        .putInt64("period", now.period())
        .put("setHash", now.set().hash().hex())
        .put("synced", now.isSynced())
        .put("chainId", chain.context().chainId().hex())
        .put("node", origin);
  }

  private Json.Builder jobs(Standing now, Question question) throws Refused {
    Optional<NodeId> client = question.account("client");
    return list(
        "jobs",
        jobs.list(now, question.number("period")).stream()
            .filter(job -> client.isEmpty() || client.get().equals(job.client()))
            .map(job -> job.json().build())
            .toList());
  }

  private Json.Builder receipts(Standing now, Question question) throws Refused {
    Optional<NodeId> account = question.account("account");
    if (account.isEmpty()) {
      throw Refused.wrong(
          "whose receipts?", "receipts belong to an account", "/v1/receipts?account=und1…");
    }
    return list("receipts", receipts.of(now, account.get(), question.number("period")));
  }

  private Json.Builder blocks(Standing now, Question question) throws Refused {
    int last = question.count("last", BLOCKS_MAX).orElse(BLOCKS_DEFAULT);
    List<Json.Obj> rows = new ArrayList<>();
    for (long height = now.height(); height > Math.max(0, now.height() - last); height--) {
      rows.add(block(now, height).build());
    }
    return list("blocks", rows);
  }

  private Json.Builder block(Standing now, long height) throws Refused {
    long back = now.height() - height;
    Optional<BlockRow> row =
        back >= 0 && back < now.recent().size()
            ? Optional.of(now.recent().get((int) back))
            : history.block(height).map(block -> BlockRow.of(chain, block));
    if (height == 0 || back < 0 || row.isEmpty()) {
      throw Refused.notFound(
          "there is no block " + height,
          "this node has blocks 1 to " + now.height(),
          "/v1/blocks?last=1");
    }
    return json(row.get());
  }

  private Json.Builder json(BlockRow block) {
    return Json.object()
        .putInt64("height", block.header().getHeight())
        .putInt64("slot", block.header().getSlot())
        .putInt64("period", block.header().getPeriod())
        .put("kind", block.header().getKind().name().substring(KIND_PREFIX))
        .put("headerHash", block.hash().hex())
        .put("entryIds", Json.strings(block.entryIds().stream().map(id -> id.hex()).toList()))
        .putInt("round", block.qc().getRound())
        .put("signers", Json.strings(signers(block)));
  }

  private List<String> signers(BlockRow block) {
    Cert qc = block.qc();
    Optional<ValidatorSet> set = history.set(block.header().getPeriod());
    List<String> signers = new ArrayList<>();
    for (int member = 0; set.isPresent() && member < set.get().n(); member++) {
      if ((qc.getBitmap() >> member & 1) == 1) {
        signers.add(Address.of(set.get().member(member).id()));
      }
    }
    return signers;
  }

  private Json.Builder payout(Standing now, long period) throws Refused {
    Optional<ClosedPeriod> closed =
        period < now.period() ? history.period(period) : Optional.empty();
    if (closed.isEmpty()) {
      throw Refused.notFound(
          "there is no payout file of period " + period,
          "period " + now.period() + " is open, those before it are paid",
          "/v1/status");
    }
    return PayoutAnswer.of(chain, closed.get());
  }
}
