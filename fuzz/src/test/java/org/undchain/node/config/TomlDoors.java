package org.undchain.node.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.NodeId;
import org.undchain.fuzz.Door;
import org.undchain.fuzz.Scratch;

/** The TOML files: of a chain's rules and of a node. A bad one is refused with its problems. */
public final class TomlDoors {
  /** The parser makes much of little: trees, tokens, messages about each. */
  private static final long ALLOCATION_MAX = 64L << 20;

  private static final int ALLOCATION_EACH_MAX = 64 << 10;
  private static final NodeId OWNER =
      Ed25519.signer(Hashes.tagged("owner").bytes(), java.util.Optional.empty()).id();

  private TomlDoors() {}

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void require(List<Problem> problems) {
    Door.require(!problems.isEmpty(), "refused without a problem");
    for (Problem problem : problems) {
      Door.require(problem.line() >= 1 && problem.column() >= 1, "a problem without a place");
    }
  }

  /** Rules of a chain. */
  public static final class Rules implements Door {
    @Override
    public boolean enter(byte[] bytes) {
      return switch (RulesFile.read(Bytes.wrap(bytes))) {
        case RulesFile.Reading.Good(RunRules rules) -> {
          Door.require(
              rules.rulesHash().equals(Hashes.sha256(bytes)), "the hash is of other rules");
          yield true;
        }
        case RulesFile.Reading.Bad(List<Problem> problems) -> {
          require(problems);
          yield false;
        }
      };
    }

    @Override
    public List<byte[]> honest() {
      return List.of(
          bytes(RulesFile.text(true, OWNER, List.of(), Map.of())),
          bytes(RulesFile.text(true, OWNER, List.of(OWNER), Map.of("time.slot_ms", 2000L))));
    }

    @Override
    public long allocationMax(int length) {
      return ALLOCATION_MAX + (long) ALLOCATION_EACH_MAX * length;
    }
  }

  /** The configuration of a node. */
  public static final class Node implements Door {
    private static final String GOOD =
        """
        role = "validator"
        name = "v1"
        data = "."
        genesis = "../../genesis"
        rules = "../../run_rules.toml"
        clock = "../../clock"
        log_level = "info"
        [network]
        listen = "127.0.0.1:41001"
        advertise = "127.0.0.1:41001"
        [api]
        socket = "api.sock"
        """;

    private final Scratch scratch = new Scratch();

    @Override
    public boolean enter(byte[] bytes) throws Exception {
      Path file = scratch.with("node.toml", bytes);
      try {
        NodeFile node = NodeFile.load(file);
        Door.require(!node.name().isEmpty(), "a node without a name");
        return true;
      } catch (ConfigException refused) {
        Door.require(!refused.why().isEmpty(), "a refusal says no why");
        return false;
      }
    }

    @Override
    public List<byte[]> honest() {
      return List.of(bytes(GOOD));
    }

    @Override
    public long allocationMax(int length) {
      return ALLOCATION_MAX + (long) ALLOCATION_EACH_MAX * length;
    }
  }
}
