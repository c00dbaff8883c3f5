package org.undchain.node.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlInvalidTypeException;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
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

  private static final int PROBLEMS_MAX = 20;
  private static final int SCHEMA = 1;
  private static final Set<String> OTHER_KEYS =
      new TreeSet<>(List.of("schema", "devnet", "chain.owner", "validators.known"));

  private RulesFile() {}

  /**
   * One thing that is wrong, with its place (both counted from 1).
   *
   * @param mend what to write instead
   */
  public record Problem(int line, int column, String what, String why, String mend) {}

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
    if (file.size() > BYTES_MAX) {
      return bad(
          "the file has " + file.size() + " bytes, at most " + BYTES_MAX,
          "no chain needs that many rules");
    }
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(file.unsafeArray()))
              .toString();
    } catch (CharacterCodingException notText) {
      return bad("the file is no UTF-8 text", "TOML is");
    }
    try {
      TomlParseResult toml = Toml.parse(text);
      if (toml.hasErrors()) {
        return new Reading.Bad(
            toml.errors().stream().limit(PROBLEMS_MAX).map(RulesFile::syntax).toList());
      }
      return new Form(toml).rules(Hashes.sha256(file));
    } catch (StackOverflowError nested) {
      return bad("brackets are nested too deep", "no rule needs that");
    }
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

  private static Problem syntax(TomlParseError error) {
    TomlPosition at = error.position();
    return new Problem(
        at.line(),
        at.column(),
        String.valueOf(error.getMessage()),
        "the file is no TOML here",
        "see https://toml.io");
  }

  private static Reading bad(String what, String why) {
    return new Reading.Bad(List.of(new Problem(1, 1, what, why, "undchain rules init")));
  }

  /**
   * One parsed file on its way to rules; collects every problem instead of stopping at the first.
   */
  private static final class Form {
    private final TomlParseResult toml;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Long> numbers = new LinkedHashMap<>();

    Form(TomlParseResult toml) {
      this.toml = toml;
    }

    Reading rules(Hash hash) {
      refuseUnknownKeys();
      checkSchema();
      boolean devnet = isDevnet();
      RuleKey.ALL.forEach(key -> numbers.put(key.path(), number(key, devnet)));
      Optional<NodeId> owner = owner();
      List<NodeId> known = known();
      checkTogether(known);
      if (!problems.isEmpty() || owner.isEmpty()) {
        return new Reading.Bad(problems.stream().limit(PROBLEMS_MAX).toList());
      }
      try {
        return new Reading.Good(build(hash, owner.get(), devnet, known));
      } catch (IllegalArgumentException outside) {
        problem(
            "schema",
            String.valueOf(outside.getMessage()),
            "the rules do not fit together",
            "see section 21 of the protocol");
        return new Reading.Bad(problems);
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

    private void refuseUnknownKeys() {
      Set<String> known = new LinkedHashSet<>(keys());
      for (String path : new TreeSet<>(toml.dottedKeySet(false))) {
        if (!known.contains(path)) {
          problem(
              path,
              "there is no rule " + path,
              "a misspelt rule would silently not hold",
              "undchain rules init shows all of them");
        }
      }
    }

    private void checkSchema() {
      Long schema = typed("schema", () -> toml.getLong("schema"), "a whole number");
      if (schema != null && schema != SCHEMA) {
        problem(
            "schema",
            "schema is " + schema + ", known is " + SCHEMA,
            "the file is of another version of UndChain",
            "schema = " + SCHEMA);
      }
    }

    private boolean isDevnet() {
      Boolean devnet = typed("devnet", () -> toml.getBoolean("devnet"), "true or false");
      return devnet != null && devnet;
    }

    private long number(RuleKey key, boolean devnet) {
      Long value = typed(key.path(), () -> toml.getLong(key.path()), "a whole number");
      if (value == null) {
        return key.defaultOf(devnet);
      }
      long low = key.lowest(devnet);
      if (value < low || value > key.high()) {
        boolean isLow = value < low;
        problem(
            key.path(),
            key.path() + " is " + value + ", the limit is " + (isLow ? low : key.high()),
            key.why(),
            "set " + (isLow ? low : key.high()) + ", or run: undchain rules explain " + key.path());
        return key.defaultOf(devnet);
      }
      return value;
    }

    private Optional<NodeId> owner() {
      String text = typed("chain.owner", () -> toml.getString("chain.owner"), "an address");
      if (text == null) {
        if (!toml.contains("chain.owner")) {
          problem(
              "chain",
              "chain.owner is missing",
              "somebody must be able to change the rules",
              "undchain rules init");
        }
        return Optional.empty();
      }
      Optional<NodeId> id = identity(text);
      if (id.isEmpty()) {
        problem(
            "chain.owner",
            "chain.owner is no address: " + shortened(text),
            "addresses begin with und1 and end with a checksum",
            "undchain keys list");
      }
      return id;
    }

    private List<NodeId> known() {
      TomlArray array =
          typed("validators.known", () -> toml.getArray("validators.known"), "a list of addresses");
      Set<NodeId> known = new LinkedHashSet<>();
      for (int i = 0; array != null && i < array.size(); i++) {
        TomlPosition at = placeOf(array, i);
        Optional<NodeId> id =
            array.get(i) instanceof String text ? identity(text) : Optional.empty();
        if (id.isEmpty()) {
          problems.add(
              new Problem(
                  at.line(),
                  at.column(),
                  "validators.known holds something that is no address",
                  "addresses begin with und1 and end with a checksum",
                  "undchain keys list"));
        } else if (!known.add(id.get())) {
          problems.add(
              new Problem(
                  at.line(),
                  at.column(),
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
        problem(
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
        problem(
            "files.max_entries",
            "files.max_entries is " + of("files.max_entries") + ", the limit is " + 10 * active,
            "each of " + active + " validators has room for ten at least",
            "set " + 10 * active);
      }
    }

    /** Where an element stands; the parser knows the place of every element it counted. */
    private static TomlPosition placeOf(TomlArray array, int index) {
      return Objects.requireNonNull(array.inputPositionOf(index));
    }

    private interface Getter<T> {
      @Nullable T get();
    }

    private <T> @Nullable T typed(String path, Getter<T> getter, String wanted) {
      try {
        return getter.get();
      } catch (TomlInvalidTypeException other) {
        problem(
            path,
            path + " is not " + wanted,
            "the value has another type",
            "undchain rules explain " + path);
        return null;
      }
    }

    private void problem(String path, String what, String why, String mend) {
      TomlPosition at = toml.inputPositionOf(path);
      problems.add(
          new Problem(at == null ? 1 : at.line(), at == null ? 1 : at.column(), what, why, mend));
    }

    private static Optional<NodeId> identity(String text) {
      return Address.parse(text).filter(Ed25519Rule::isAllowedKey);
    }

    private static String shortened(String text) {
      return text.length() <= 70 ? text : text.substring(0, 70) + "…";
    }
  }
}
