package org.undchain.node.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.undchain.core.crypto.Ed25519Rule;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.Address;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/**
 * The rules file of a chain (section 21): TOML that the owner signs, whose hash stands in the
 * genesis. Every key but {@code chain.owner} has a default; an unknown one is refused, since a
 * misspelt rule is a rule that does not hold.
 */
public final class RulesFile {
  /** Longest file that is looked at. */
  public static final int BYTES_MAX = 64 << 10;

  private static final int SCHEMA = 1;
  private static final Set<String> OTHER_KEYS =
      new TreeSet<>(List.of("schema", "devnet", "chain.owner", "validators.known"));

  private static final TomlForm.Kind KIND =
      new TomlForm.Kind(BYTES_MAX, "undchain rules init", path -> "undchain rules explain " + path);

  private RulesFile() {}

  /** What reading ended in. */
  public sealed interface Reading {
    record Good(RunRules rules) implements Reading {}

    /** At least one problem, in the order of the file. */
    record Bad(List<Problem> problems) implements Reading {
      public Bad {
        problems = List.copyOf(problems);
      }
    }
  }

  /** Reads the bytes of a file; {@code rulesHash} is the hash of exactly these. */
  public static Reading read(Bytes file) {
    return switch (TomlForm.parse(file, KIND)) {
      case TomlForm.Parsed.Bad(List<Problem> problems) -> new Reading.Bad(problems);
      case TomlForm.Parsed.Good(TomlForm form) -> new Form(form).rules(Hashes.sha256(file));
    };
  }

  /**
   * The text of a file with every key at its default and commented, for {@code rules init} and the
   * devnet.
   *
   * @param values others than the defaults, by path ({@code time.slot_ms})
   */
  public static String text(
      boolean devnet, NodeId owner, List<NodeId> known, Map<String, Long> values) {
    StringBuilder text = new StringBuilder();
    text.append(
        "# Run rules of an UndChain chain. The chain owner signs these bytes as they are.\n");
    text.append("# undchain rules explain KEY tells more about each.\n");
    text.append("schema = ").append(SCHEMA).append('\n');
    text.append("devnet = ")
        .append(devnet)
        .append("  # short slots and periods; real nodes refuse such a chain\n");
    String section = "";
    for (RuleKey key : RuleKey.ALL) {
      if (!key.section().equals(section)) {
        section = key.section();
        text.append("\n[").append(section).append("]\n");
        if (section.equals("chain")) {
          text.append("owner = \"").append(Address.of(owner)).append("\"\n");
        }
        if (section.equals("validators")) {
          text.append("known = [");
          known.forEach(id -> text.append("\n  \"").append(Address.of(id)).append("\","));
          text.append(known.isEmpty() ? "]" : "\n]").append("  # appointed by the owner\n");
        }
      }
      long value = values.getOrDefault(key.path(), key.defaultOf(devnet));
      text.append(key.name())
          .append(" = ")
          .append(value)
          .append("  # ")
          .append(key.meaning())
          .append('\n');
    }
    return text.toString();
  }

  /** All keys a file may hold, for help and completion. */
  public static List<String> keys() {
    List<String> keys = new ArrayList<>(OTHER_KEYS);
    RuleKey.ALL.forEach(key -> keys.add(key.path()));
    return keys;
  }

  /** What a key means, its bounds and defaults; empty for an unknown one. */
  public static Optional<String> explain(String path) {
    for (RuleKey key : RuleKey.ALL) {
      if (key.path().equals(path)) {
        return Optional.of(
            key.path()
                + ": "
                + key.meaning()
                + "\n  why      "
                + key.why()
                + "\n  default  "
                + key.realDefault()
                + " (devnet "
                + key.devnetDefault()
                + ")"
                + "\n  bounds   "
                + key.low()
                + " to "
                + key.high()
                + " (devnet from "
                + key.devnetLow()
                + ")");
      }
    }
    return switch (path) {
      case "schema" -> Optional.of("schema: version of this file's form, " + SCHEMA);
      case "devnet" ->
          Optional.of(
              "devnet: true allows slots from 500 ms, periods from 48 slots and fewer than four validators"
                  + "\n  why      so that a demonstration sees a payout within minutes; software that was not told to accept it refuses such a chain");
      case "chain.owner" ->
          Optional.of(
              "chain.owner: address (und1…) of the key that signs these rules\n  why      nobody else can change them");
      case "validators.known" ->
          Optional.of(
              "validators.known: addresses of the validators the owner appoints"
                  + "\n  why      known ones keep a young chain alive; there are at most 44 % of them, and never enough to decide alone (R10.2)"
                  + "\n  default  none"
                  + "\n  bounds   at most "
                  + RunRules.knownMax(4)
                  + " of 4, "
                  + RunRules.knownMax(7)
                  + " of 7, "
                  + RunRules.knownMax(9)
                  + " of 9, "
                  + RunRules.knownMax(10)
                  + " of 10");
      default -> Optional.empty();
    };
  }

  /** One parsed file on its way to rules. */
  private static final class Form {
    private final TomlForm form;
    private final Map<String, Long> numbers = new LinkedHashMap<>();

    Form(TomlForm form) {
      this.form = form;
    }

    Reading rules(Hash hash) {
      form.refuseUnknown("rule", keys(), path -> false);
      checkSchema();
      boolean devnet = isDevnet();
      RuleKey.ALL.forEach(key -> numbers.put(key.path(), number(key, devnet)));
      Optional<NodeId> owner = owner();
      List<NodeId> known = known();
      checkTogether(known);
      if (!form.problems().isEmpty() || owner.isEmpty()) {
        return new Reading.Bad(form.problems());
      }
      try {
        return new Reading.Good(build(hash, owner.get(), devnet, known));
      } catch (IllegalArgumentException outside) {
        form.problem(
            "schema",
            String.valueOf(outside.getMessage()),
            "the rules do not fit together",
            "see section 21 of the protocol");
        return new Reading.Bad(form.problems());
      }
    }

    private RunRules build(Hash hash, NodeId owner, boolean devnet, List<NodeId> known) {
      return new RunRules(
          hash,
          owner,
          devnet,
          small("chain.version"),
          of("time.slot_ms"),
          of("time.period_slots"),
          of("time.stage_ms"),
          small("validators.active"),
          known.size(),
          known,
          small("files.max_entries"),
          small("files.max_bytes"),
          small("files.max_entry_bytes"),
          small("files.validity_slots"),
          of("time.recover_ms"),
          of("time.propose_ms"),
          of("time.vote_ms"),
          of("money.base_fee_grains"),
          of("money.per_byte_grains"),
          small("money.commission_bps"),
          small("money.owner_bps"),
          small("money.passive_bps"),
          of("money.existential_deposit_grains"),
          small("matching.max_partners"),
          of("matching.bid_batch_ms"),
          of("matching.offer_stream_ms"),
          of("matching.heartbeat_ms"),
          of("matching.heartbeat_drop_ms"),
          of("matching.capacity_cooldown_ms"),
          of("sessions.client_silence_ms"),
          small("matching.partner_score_min"));
    }

    private long of(String path) {
      return numbers.getOrDefault(path, 0L);
    }

    private int small(String path) {
      return Math.toIntExact(of(path));
    }

    private void checkSchema() {
      Optional<Long> schema = form.integer("schema");
      if (schema.isPresent() && schema.get() != SCHEMA) {
        form.problem(
            "schema",
            "schema is " + schema.get() + ", known is " + SCHEMA,
            "the file is of another version of UndChain",
            "schema = " + SCHEMA);
      }
    }

    private boolean isDevnet() {
      return form.bool("devnet").orElse(false);
    }

    private long number(RuleKey key, boolean devnet) {
      long value = form.integer(key.path()).orElse(key.defaultOf(devnet));
      long low = key.lowest(devnet);
      if (value < low || value > key.high()) {
        boolean isLow = value < low;
        form.problem(
            key.path(),
            key.path() + " is " + value + ", the limit is " + (isLow ? low : key.high()),
            key.why(),
            "set " + (isLow ? low : key.high()) + ", or run: undchain rules explain " + key.path());
        return key.defaultOf(devnet);
      }
      return value;
    }

    private Optional<NodeId> owner() {
      Optional<String> text = form.text("chain.owner", "an address");
      if (text.isEmpty()) {
        if (!form.contains("chain.owner")) {
          form.problem(
              "chain",
              "chain.owner is missing",
              "somebody must be able to change the rules",
              "undchain rules init");
        }
        return Optional.empty();
      }
      Optional<NodeId> id = identity(text.get());
      if (id.isEmpty()) {
        form.problem(
            "chain.owner",
            "chain.owner is no address: " + shortened(text.get()),
            "addresses begin with und1 and end with a checksum",
            "undchain keys list");
      }
      return id;
    }

    private List<NodeId> known() {
      Set<NodeId> known = new LinkedHashSet<>();
      for (TomlForm.Element element : form.list("validators.known", "a list of addresses")) {
        Optional<NodeId> id =
            element.value() instanceof String text ? identity(text) : Optional.empty();
        if (id.isEmpty()) {
          form.add(
              element.problem(
                  "validators.known holds something that is no address",
                  "addresses begin with und1 and end with a checksum",
                  "undchain keys list"));
        } else if (!known.add(id.get())) {
          form.add(
              element.problem(
                  "validators.known names " + Address.of(id.get()) + " twice",
                  "a validator has one vote",
                  "leave one out"));
        }
      }
      return List.copyOf(known);
    }

    private void checkTogether(List<NodeId> known) {
      int active = small("validators.active");
      int knownMax = RunRules.knownMax(active);
      if (known.size() > knownMax) {
        form.problem(
            "validators.known",
            "validators.known names "
                + known.size()
                + ", the limit is "
                + knownMax
                + " of "
                + active,
            "known validators are appointed by you; the protocol caps them so that unknown ones keep the majority",
            "name " + knownMax + ", or run: undchain rules explain validators.known");
      }
      if (of("files.max_entries") < 10L * active) {
        form.problem(
            "files.max_entries",
            "files.max_entries is " + of("files.max_entries") + ", the limit is " + 10 * active,
            "each of " + active + " validators has room for ten at least",
            "set " + 10 * active);
      }
    }

    private static Optional<NodeId> identity(String text) {
      return Address.parse(text).filter(Ed25519Rule::isAllowedKey);
    }

    private static String shortened(String text) {
      return text.length() <= 70 ? text : text.substring(0, 70) + "…";
    }
  }
}
