package org.undchain.node.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.undchain.core.ledger.Draft;
import org.undchain.core.ledger.Table;
import org.undchain.core.matching.PartnerChange;
import org.undchain.core.message.AccountLeaf;
import org.undchain.core.message.AliasLeaf;
import org.undchain.core.message.GenesisValidator;
import org.undchain.core.message.ValidatorClass;
import org.undchain.core.value.Address;
import org.undchain.core.value.NodeId;
import org.undchain.node.json.Json;
import org.undchain.node.runtime.Addresses;

/** Who takes part: validators, partners, accounts and their perception scores. */
final class People {
  private final ChainView view;
  private final NameBook names;

  private record Named(String name, Json.Obj json) {}

  People(ChainView view, NameBook names) {
    this.view = view;
    this.names = names;
  }

  /** All validators of the genesis, the active ones first. */
  List<Json.Obj> validators(Standing now) {
    List<Named> active = new ArrayList<>();
    List<Named> passive = new ArrayList<>();
    for (GenesisValidator validator : view.chain().genesis().getValidatorsList()) {
      NodeId id = NodeId.of(validator.getId());
      boolean isActive = now.set().contains(id);
      (isActive ? active : passive)
          .add(new Named(names.of(id), validator(now, validator, isActive)));
    }
    List<Json.Obj> all = new ArrayList<>(byName(active));
    all.addAll(byName(passive));
    return all;
  }

  private Json.Obj validator(Standing now, GenesisValidator validator, boolean isActive) {
    NodeId id = NodeId.of(validator.getId());
    boolean isKnown = validator.getValidatorClass() == ValidatorClass.VALIDATOR_CLASS_KNOWN;
    Json.Builder out =
        Json.object()
            .put("id", Address.of(id))
            .put("name", names.of(id))
            .put("role", isActive ? "active" : "passive")
            .put("class", isKnown ? "known" : "unknown")
            .put("grpc", Addresses.shown(validator.getRoutesList()))
            .put("score", Json.hundredths(account(now, id).getScore()));
    height(now, id).ifPresent(height -> out.putInt64("height", height));
    return out.build();
  }

  /** Its own, or what it last told of itself; nothing before it did. */
  private Optional<Long> height(Standing now, NodeId id) {
    return id.equals(view.self())
        ? Optional.of(now.height())
        : Optional.ofNullable(now.tips().get(id)).filter(tip -> tip >= 0);
  }

  /** Partners that are subscribed here, best score first. */
  List<Json.Obj> partners(Standing now) {
    List<PartnerChange.Ready> partners = new ArrayList<>(now.partners().values());
    partners.sort(
        Comparator.<PartnerChange.Ready>comparingInt(
                partner -> -account(now, partner.partner()).getScore())
            .thenComparing(partner -> names.of(partner.partner()), People::naturally));
    return partners.stream().map(partner -> partner(now, partner)).toList();
  }

  private Json.Obj partner(Standing now, PartnerChange.Ready partner) {
    AccountLeaf account = account(now, partner.partner());
    return Json.object()
        .put("id", Address.of(partner.partner()))
        .put("name", names.of(partner.partner()))
        .put("utility", String.join(",", partner.classes().stream().map(JobFact::nameOf).toList()))
        .put("score", Json.hundredths(account.getScore()))
        .putInt("tenure", account.getTenure())
        .put("grpc", Addresses.shown(partner.contact().getRoutesList()))
        .build();
  }

  Json.Builder holder(Standing now, NodeId id) {
    AccountLeaf account = account(now, id);
    List<String> aliases =
        now.state().all(Table.ALIAS, AliasLeaf.class).stream()
            .filter(alias -> alias.getTarget().equals(id.toByteString()))
            .map(AliasLeaf::getAlias)
            .sorted()
            .toList();
    return Json.object()
        .put("id", Address.of(id))
        .putInt64("balanceGrains", account.getBalance())
        .putInt64("escrowGrains", account.getEscrowed())
        .put("aliases", Json.strings(aliases))
        .put("exists", now.state().account(id).isPresent());
  }

  /** Everybody who has an account, best score first. */
  List<Json.Obj> scores(Standing now) {
    return now.state().all(Table.ACCOUNT, AccountLeaf.class).stream()
        .sorted(
            Comparator.comparingInt(AccountLeaf::getScore)
                .reversed()
                .thenComparing(account -> NodeId.of(account.getId())))
        .map(account -> score(now, NodeId.of(account.getId())))
        .toList();
  }

  Json.Obj score(Standing now, NodeId id) {
    AccountLeaf account = account(now, id);
    return Json.object()
        .put("id", Address.of(id))
        .put("name", names.of(id))
        .put("role", role(now, id))
        .put("score", Json.hundredths(account.getScore()))
        .putInt("tenure", account.getTenure())
        .build();
  }

  private String role(Standing now, NodeId id) {
    boolean isValidator =
        view.chain().genesis().getValidatorsList().stream()
            .anyMatch(validator -> validator.getId().equals(id.toByteString()));
    if (isValidator) {
      return "validator";
    }
    return now.partners().containsKey(id) || account(now, id).getTenure() > 0
        ? "partner"
        : "client";
  }

  /** The account of somebody, or that of a newcomer. */
  private static AccountLeaf account(Standing now, NodeId id) {
    return now.state()
        .account(id)
        .orElseGet(() -> AccountLeaf.newBuilder().setScore(Draft.SCORE_START).build());
  }

  private static List<Json.Obj> byName(List<Named> people) {
    people.sort(Comparator.comparing(Named::name, People::naturally));
    return people.stream().map(Named::json).toList();
  }

  /** v2 before v10. */
  private static int naturally(String a, String b) {
    return a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b);
  }
}
