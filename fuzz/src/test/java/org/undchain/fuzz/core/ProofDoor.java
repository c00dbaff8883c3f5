package org.undchain.fuzz.core;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.undchain.core.payout.ProofCheck;
import org.undchain.core.payout.ProofCheck.Outcome;
import org.undchain.core.value.Bytes;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Town;
import org.undchain.node.api.TownApi;

/**
 * Proof files with Ed25519, as {@code undchain verify} gets them: what is proven is what the town's
 * own proofs say (R12.4).
 */
public final class ProofDoor implements Door {
  private final Town town = Town.ofReal();
  private final List<Bytes> files = TownApi.proofs(town);
  private final Set<String> truths = new TreeSet<>();

  public ProofDoor() {
    for (Bytes file : files) {
      if (check(file) instanceof Outcome.Proven proven) {
        truths.add(statement(proven));
      }
    }
  }

  private Outcome check(Bytes file) {
    return ProofCheck.check(town.chain().signatures(), town.chain().genesis(), file);
  }

  private static String statement(Outcome.Proven proven) {
    return proven.what() + ' ' + proven.key().hex() + ' ' + proven.value().hex();
  }

  @Override
  public boolean enter(byte[] bytes) {
    return switch (check(Bytes.wrap(bytes))) {
      case Outcome.Proven proven -> {
        Door.require(truths.contains(statement(proven)), "something untrue is proven");
        yield true;
      }
      case Outcome.Failed(ProofCheck.Reason reason, String detail) -> {
        Door.require(!detail.isEmpty(), "a refusal says no why");
        yield false;
      }
    };
  }

  @Override
  public List<byte[]> honest() {
    return files.stream().map(Bytes::toByteArray).toList();
  }
}
