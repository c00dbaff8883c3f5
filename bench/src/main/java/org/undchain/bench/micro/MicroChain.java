package org.undchain.bench.micro;

import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.undchain.core.crypto.Ed25519;
import org.undchain.core.crypto.Hashes;
import org.undchain.core.crypto.SignatureCheck;
import org.undchain.core.crypto.Signer;
import org.undchain.core.ledger.Chain;
import org.undchain.core.ledger.GenesisBlock;
import org.undchain.core.ledger.State;
import org.undchain.core.membership.BeatChain;
import org.undchain.core.membership.ValidatorSet;
import org.undchain.core.message.Envelopes;
import org.undchain.core.message.Genesis;
import org.undchain.core.message.GenesisAccount;
import org.undchain.core.message.GenesisValidator;
import org.undchain.core.message.OpenedEntry;
import org.undchain.core.message.Transfer;
import org.undchain.core.message.ValidatorClass;
import org.undchain.core.rules.RunRules;
import org.undchain.core.value.Bytes;
import org.undchain.core.value.Hash;
import org.undchain.core.value.NodeId;
import org.undchain.node.crypto.FastProvider;
import org.undchain.node.crypto.RememberingSignatureCheck;

/** The genesis of four validators and one rich account, whose concepts are timed one by one. */
final class MicroChain {
  /** Has all grains. */
  static final NodeId RICH = account("rich");

  static final Optional<Provider> PROVIDER = FastProvider.load();

  private static final int VALIDATORS = 4;
  private static final long GRAINS = 1_000_000_000_000_000L;
  private static final long BOND = 1_000_000_000L;

  private final Chain chain;
  private final ValidatorSet set;
  private final Map<NodeId, Signer> consensusKeys;

  private MicroChain(Chain chain, ValidatorSet set, Map<NodeId, Signer> consensusKeys) {
    this.chain = chain;
    this.set = set;
    this.consensusKeys = consensusKeys;
  }

  static MicroChain make() {
    return make(rules -> rules);
  }

  /**
   * @param change makes the rules of the chain of those of a devnet
   */
  static MicroChain make(UnaryOperator<RunRules> change) {
    List<GenesisValidator> validators = new ArrayList<>();
    Map<NodeId, Signer> keys = new TreeMap<>();
    for (int i = 0; i < VALIDATORS; i++) {
      NodeId id = signer("validator" + i).id();
      keys.put(id, signer("consensus" + i));
      validators.add(
          GenesisValidator.newBuilder()
              .setId(id.toByteString())
              .setConsensusKey(signer("consensus" + i).id().toByteString())
              .setValidatorClass(
                  i == 0
                      ? ValidatorClass.VALIDATOR_CLASS_KNOWN
                      : ValidatorClass.VALIDATOR_CLASS_UNKNOWN)
              .setActive(true)
              .setBond(BOND)
              .setBeatTip(
                  new BeatChain(Hashes.tagged("beats" + i).bytes(), 60).tip().toByteString())
              .build());
    }
    validators.sort(Comparator.comparing(validator -> Bytes.of(validator.getId())));
    NodeId owner = signer("owner").id();
    Genesis genesis =
        Genesis.newBuilder()
            .setVersion(1)
            .setHashAlg(1)
            .setOwnerKey(owner.toByteString())
            .addAccounts(GenesisAccount.newBuilder().setId(RICH.toByteString()).setBalance(GRAINS))
            .addAllValidators(validators)
            .build();
    RunRules rules =
        change.apply(
            RunRules.devnet(Hash.ZERO, owner, VALIDATORS, List.of(signer("validator0").id())));
    SignatureCheck check = new RememberingSignatureCheck(Ed25519.check(PROVIDER));
    Chain chain = GenesisBlock.chain(genesis, rules, check);
    return new MicroChain(chain, ValidatorSet.of(GenesisBlock.firstSet(chain)).orElseThrow(), keys);
  }

  Chain chain() {
    return chain;
  }

  ValidatorSet set() {
    return set;
  }

  /** After the genesis. */
  State state() {
    return GenesisBlock.state(chain);
  }

  Signer validator(int number) {
    return signer("validator" + number);
  }

  Signer consensusKey(Signer validator) {
    Signer key = consensusKeys.get(validator.id());
    if (key == null) {
      throw new IllegalArgumentException(validator.id() + " is no validator");
    }
    return key;
  }

  /** A signed transfer of 1 000 grains, as it is when its envelope was opened. */
  OpenedEntry transfer(Signer from, long nonce, NodeId to) {
    Transfer body =
        Transfer.newBuilder()
            .setNonce(nonce)
            .setValidFrom(0)
            .setValidTo(16)
            .setTo(to.toByteString())
            .setAmount(1000)
            .build();
    return Envelopes.openEntry(
            chain.context(),
            chain.signatures(),
            Envelopes.sealEntry(chain.context(), from, 0, body))
        .good()
        .orElseThrow();
  }

  static Signer signer(String name) {
    return Ed25519.signer(
        Hashes.tagged("key", Bytes.wrap(name.getBytes(StandardCharsets.UTF_8))).bytes(), PROVIDER);
  }

  /** An account of which nobody has the key. */
  static NodeId account(String name) {
    return new NodeId(Hashes.tagged("account " + name).bytes());
  }

  /** Whatever is timed has to work, too. */
  static boolean require(boolean holds) {
    if (!holds) {
      throw new IllegalStateException("the timed part did not do its work");
    }
    return true;
  }
}
