package org.undchain.sim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.undchain.core.codec.Canonical;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.ChainContext;
import org.undchain.core.message.Genesis;
import org.undchain.core.message.GenesisAccount;
import org.undchain.core.message.GenesisValidator;
import org.undchain.core.message.ValidatorClass;
import org.undchain.core.rules.Calendar;
import org.undchain.core.rules.RunRules;
import org.undchain.core.session.SessionKeys;
import org.undchain.core.value.BlockTime;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;

/** The chain of a scenario: rules, genesis, and everybody's keys, all made from names. */
public final class World {
  /** Start of slot 0: 2026-01-01T00:00:00Z. */
  public static final BlockTime T0 = new BlockTime(1_767_225_600_000L);

  private static final long BOND = 1_000_000_000L;

  private final Signatures signatures;
  private final Chain chain;

  /** An account of the genesis, named. */
  public record Holder(String name, long grains) {}

  /**
   * @param validators of the genesis, with their first consensus keys and beat tips
   */
  public World(
      Signatures signatures,
      RunRules rules,
      List<GenesisValidator> validators,
      List<Holder> holders) {
    this.signatures = signatures;
    List<GenesisAccount> accounts = new ArrayList<>();
    for (Holder holder : holders) {
      accounts.add(
          GenesisAccount.newBuilder()
              .setId(signer(signatures, holder.name()).id().toByteString())
              .setBalance(holder.grains())
              .build());
    }
    accounts.sort(Comparator.comparing(account -> NodeId.of(account.getId())));
    List<GenesisValidator> ordered = new ArrayList<>(validators);
    ordered.sort(Comparator.comparing(validator -> NodeId.of(validator.getId())));
    Genesis genesis =
        Genesis.newBuilder()
            .setVersion(1)
            .setHashAlg(1)
            .setNetworkName("simnet")
            .setChainName("sim")
            .setOwnerKey(rules.ownerKey().toByteString())
            .setRulesHash(rules.rulesHash().toByteString())
            .setT0Millis(T0.millis())
            .addAllAccounts(accounts)
            .addAllValidators(ordered)
            .build();
    Hash chainId = Hashes.sha256(Canonical.encode(genesis));
    this.chain =
        new Chain(
            new ChainContext(chainId, chainId),
            rules,
            Calendar.of(rules, T0),
            genesis,
            signatures.check());
  }

  /**
   * A world whose validators have these keys, in the order of the set; the first {@code known} of
   * them are the owner's.
   */
  public static World of(
      Signatures signatures,
      List<NamedKeys> keys,
      int known,
      List<Holder> holders,
      TimeRules times) {
    List<NodeId> owners = keys.subList(0, known).stream().map(key -> key.identity().id()).toList();
    List<GenesisValidator> validators =
        keys.stream()
            .map(key ->
                key.inGenesis(
                    true,
                    owners.contains(key.identity().id())
                        ? ValidatorClass.VALIDATOR_CLASS_KNOWN
                        : ValidatorClass.VALIDATOR_CLASS_UNKNOWN,
                    BOND))
            .toList();
    RunRules rules = devnet(signatures, keys.size(), owners, times);
    return new World(signatures, rules, validators, holders);
  }

  public Chain chain() {
    return chain;
  }

  /** The validators of the genesis. */
  public ValidatorSet firstSet() {
    return ValidatorSet.of(GenesisBlock.firstSet(chain)).orElseThrow();
  }

  public Setting setting() {
    return new Setting(chain.context(), chain.signatures(), chain.calendar());
  }

  /** The identity key of a name. */
  public Signer signer(String name) {
    return signer(signatures, name);
  }

  /** Makes the keys of sessions from their seeds. */
  public SessionKeys sessionKeys() {
    return signatures::signer;
  }

  public static Signer signer(Signatures signatures, String name) {
    return signatures.signer(secret(name));
  }

  /** 32 secret bytes of a name. */
  public static Bytes secret(String name) {
    return Hashes.sha256(name.getBytes(StandardCharsets.UTF_8)).bytes();
  }

  /** {@link #of} with slots of 2 s. */
  public static World of(
      Signatures signatures,
      List<NamedKeys> keys,
      int known,
      List<Holder> holders,
      long periodSlots,
      long stageMillis) {
    TimeRules times = TimeRules.NONE.or("period_slots", periodSlots).or("stage_ms", stageMillis);
    return of(signatures, keys, known, holders, times);
  }

  /** The devnet's rules (section 21) with slots of 2 s and periods of {@code periodSlots}. */
  public static RunRules devnet(
      Signatures signatures, int n, List<NodeId> known, long periodSlots, long stageMillis) {
    return devnet(
        signatures,
        n,
        known,
        TimeRules.NONE.or("period_slots", periodSlots).or("stage_ms", stageMillis));
  }

  /**
   * The devnet's rules (section 21) for {@code n} validators of which {@code known} are known, with
   * these times.
   */
  private static RunRules devnet(
      Signatures signatures, int n, List<NodeId> known, TimeRules times) {
    return new RunRules(
        Hashes.sha256(secret("rules " + n + ' ' + times)),
        signer(signatures, "owner").id(),
        true,
        1,
        times.of("slot_ms", 2000),
        times.of("period_slots", 60),
        times.of("stage_ms", 100),
        n,
        known.size(),
        known,
        2048,
        4 << 20,
        8192,
        16,
        times.of("recover_ms", 300),
        times.of("propose_ms", 1000),
        times.of("vote_ms", 400),
        1000,
        4,
        300,
        1000,
        2000,
        10_000,
        16,
        300,
        30_000,
        5_000,
        15_000,
        5_000,
        10_000,
        22_200);
  }
}
