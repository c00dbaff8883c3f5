package org.undchain.node.cli.nemesis;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.undchain.core.value.Address;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.audit.Finding;
import org.undchain.node.cli.Failure;
import org.undchain.node.devnet.DevnetNode;
import org.undchain.node.devnet.DevnetPlan;
import org.undchain.node.json.Json;

/**
 * The chain as every validator tells it through its API: one chain, no entry twice, every promise
 * kept, and in every account what the entries in the blocks leave there.
 */
final class ChainCheck {
  /** Blocks of one question (docs/api.md). Older ones were compared in an earlier check. */
  private static final int BLOCKS_MAX = 1000;

  private final Fleet fleet;
  private final TreeMap<Long, Row> rows = new TreeMap<>();
  private final Map<String, Long> entries = new HashMap<>();
  private final Set<Finding> findings = new LinkedHashSet<>();

  private record Row(String hash, long slot, List<String> ids, String firstToldBy) {}

  ChainCheck(Fleet fleet) {
    this.fleet = fleet;
  }

  /** How far the chain was compared. */
  long height() {
    return rows.isEmpty() ? 0 : rows.lastKey();
  }

  private long slot() {
    return rows.isEmpty() ? -1 : rows.lastEntry().getValue().slot();
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** Reads what each validator has. All of them have to answer. */
  void read() throws Failure, IOException {
    for (DevnetNode node : fleet.validators()) {
      for (Json.Obj block :
          fleet.api(node).get("/v1/blocks?last=" + BLOCKS_MAX).objects("blocks")) {
        compare(node.name(), block.integer("height").orElse(0L), row(node.name(), block));
      }
    }
  }

  private static Row row(String name, Json.Obj block) {
    return new Row(
        block.text("headerHash").orElse(""),
        block.integer("slot").orElse(-1L),
        block.list("entryIds").stream().map(id -> ((Json.Str) id).value()).toList(),
        name);
  }

  private void compare(String name, long height, Row row) {
    Row known = rows.putIfAbsent(height, row);
    if (known == null) {
      for (String id : row.ids()) {
        Long before = entries.putIfAbsent(id, height);
        if (before != null) {
          findings.add(
              new Finding("committed-twice", id, "in block " + before + " and in block " + height));
        }
      }
    } else if (!known.hash().equals(row.hash()) || !known.ids().equals(row.ids())) {
      findings.add(
          new Finding(
              "fork",
              name,
              "block "
                  + height
                  + " is "
                  + row.hash()
                  + ", "
                  + known.firstToldBy()
                  + " told "
                  + known.hash()));
    }
  }

  /** Slots whose blocks are known: a promise for one of them is due. */
  boolean isDue(long slot) {
    return slot <= slot();
  }

  /** How many of the promises that are due were kept; the others are findings. */
  long holdTo(Map<Hash, Long> promised) {
    long kept = 0;
    for (Map.Entry<Hash, Long> promise : promised.entrySet()) {
      String id = promise.getKey().hex();
      Long height = entries.get(id);
      long promisedSlot = promise.getValue();
      if (height != null && slotOf(height) <= promisedSlot) {
        kept++;
      } else if (isDue(promisedSlot)) {
        findings.add(
            new Finding(
                "promise-broken",
                id,
                "promised for slot "
                    + promisedSlot
                    + ", "
                    + (height == null
                        ? "in no block up to " + height()
                        : "in block " + height + " of slot " + slotOf(height))));
      }
    }
    return kept;
  }

  private long slotOf(long height) {
    Row row = rows.get(height);
    return row == null ? Long.MAX_VALUE : row.slot();
  }

  /** How many entries of the clients are in blocks. */
  long committed(Map<Hash, Workload.Attempt> attempts) {
    return attempts.keySet().stream().filter(id -> entries.containsKey(id.hex())).count();
  }

  /** Holds the accounts against the entries in the blocks. Nothing may be on its way. */
  void balances(List<DevnetPlan.Account> accounts, Map<Hash, Workload.Attempt> attempts)
      throws Failure, IOException {
    Map<NodeId, Long> expected = new HashMap<>();
    accounts.forEach(account -> expected.put(account.id(), account.balanceGrains()));
    attempts.forEach((id, attempt) -> {
      if (entries.containsKey(id.hex())) {
        long all = Math.addExact(attempt.grains(), attempt.fee());
        expected.merge(attempt.from(), -all, Math::addExact);
        expected.merge(attempt.to(), attempt.grains(), Math::addExact);
      }
    });
    for (DevnetNode node : fleet.validators()) {
      for (DevnetPlan.Account account : accounts) {
        long has =
            fleet
                .api(node)
                .get("/v1/accounts/" + Address.of(account.id()))
                .integer("balanceGrains")
                .orElse(-1L);
        long should = expected.getOrDefault(account.id(), 0L);
        if (has != should) {
          findings.add(
              new Finding(
                  "balance",
                  node.name(),
                  account.name() + " has " + has + " grains, by the blocks it is " + should));
        }
      }
    }
  }
}
